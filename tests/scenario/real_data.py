#!/usr/bin/env python3
"""Loads two public data sets into a platform's own node, as a compliance engineer would, and holds every count against an
independent reading of the same files. Skips (exit 77), saying so, where shared/data is absent.

  real_data.py PROGRAM
"""
import csv
import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from decimal import Decimal, InvalidOperation
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("GONGZHI_SHARED_DATA", ROOT.parent / "shared" / "data"))
PROGRAM = sys.argv[1]
HERE = Path(__file__).resolve().parent
LOAD_SECONDS_MAX, CATCH_UP_SECONDS_MAX = 20, 15  # on an idle machine; GONGZHI_SLOW multiplies them
SLOW = float(os.environ.get("GONGZHI_SLOW", "4"))


def gongzhi(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        raise SystemExit(f"gongzhi {arguments[0]} ended with {done.returncode}: {done.stderr[-600:]}")
    return json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else None


def unpack(name: str, folder: Path) -> Path:
    source = DATA / name
    target = folder / source.stem
    with gzip.open(source) as packed, open(target, "wb") as out:
        shutil.copyfileobj(packed, out)
    return target


def whole_minor(text: str) -> bool:
    """An amount that has at most two decimals."""
    try:
        return Decimal(text) * 100 % 1 == 0
    except InvalidOperation:
        return False


def expected_refusals(path: Path):
    """Rows of the invoice file that are no sale, decided by another reader than ours."""
    rows = refused = 0
    with open(path, newline="", encoding="utf-8", errors="replace") as file:
        for row in csv.DictReader(file):
            rows += 1
            price = Decimal(row["UnitPrice"])
            bad = (row["InvoiceNo"].startswith("C") or int(float(row["Quantity"])) < 1 or price <= 0 or not whole_minor(row["UnitPrice"]))
            refused += bad
    return rows, refused


def wait_up(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url + "/healthz", timeout=2).read()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the node does not answer")


def catch_up(url: str) -> float:
    started = time.monotonic()
    while time.monotonic() - started < 300:
        health = json.load(urllib.request.urlopen(url + "/healthz", timeout=10))
        if health["records"] == health["entries"]:
            return time.monotonic() - started
        time.sleep(0.05)
    raise SystemExit("the tables do not catch up")


def load_invoices(folder: Path, node: Path, url: str) -> None:
    path = unpack("online_retail_uci/online-retail.csv.gz", folder)
    rows, refused = expected_refusals(path)
    summary = gongzhi("submit", node, path, "--type", "sale", "--map", HERE / "invoices.mapping.yaml", "--lenient", "--problems", folder / "refused.ndjson")
    behind = catch_up(url)
    print(json.dumps({"loaded": "invoices", "rows": rows, **{k: summary[k] for k in ("accepted", "refused", "duplicates", "seconds", "reasons")}, "tables_behind_s": round(behind, 2)}))
    assert rows == 541_909, rows
    assert summary["accepted"] + summary["refused"] == rows, summary
    assert summary["refused"] == refused, (summary["refused"], refused)
    lines = {json.loads(line)["line"] for line in open(folder / "refused.ndjson")}
    assert len(lines) == refused, "each refused line is named, once"
    assert all(json.loads(line)["zh"] and json.loads(line)["en"] for line in open(folder / "refused.ndjson"))
    assert summary["seconds"] <= LOAD_SECONDS_MAX * SLOW, summary["seconds"]
    assert behind <= CATCH_UP_SECONDS_MAX * SLOW, behind
    again = gongzhi("submit", node, path, "--type", "sale", "--map", HERE / "invoices.mapping.yaml", "--lenient")
    assert again["accepted"] == summary["accepted"] and again["refused"] in (0, refused), "the same file again changes nothing"
    health = json.load(urllib.request.urlopen(url + "/healthz", timeout=10))
    assert health["entries"] == health["records"], "a repeated file is no new entry"


def load_prices(folder: Path, node: Path, url: str) -> None:
    path = unpack("idealo_price_history/prices_long.csv.gz", folder)
    with open(path, newline="", encoding="utf-8") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    summary = gongzhi("submit", node, path, "--type", "offer", "--map", HERE / "daily-prices.mapping.yaml", "--lenient", "--problems", folder / "refused-prices.ndjson")
    catch_up(url)
    print(json.dumps({"loaded": "daily prices", "rows": rows, **{k: summary[k] for k in ("accepted", "refused", "duplicates", "seconds", "reasons")}}))
    assert rows == 68_880, rows
    assert summary["accepted"] + summary["refused"] + summary["duplicates"] == rows, summary


def main() -> None:
    if not (DATA / "online_retail_uci").is_dir():
        print(f"skipped: {DATA} has no public data")
        sys.exit(77)
    folder = Path(tempfile.mkdtemp(prefix="gongzhi-real-"))
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    node, url = folder / "node", f"http://127.0.0.1:{port}"
    gongzhi("init", node, "--party", "platform", "--url", url, "--pack", ROOT / "packs" / "cn")
    process = subprocess.Popen([PROGRAM, "serve", str(node)], stderr=open(folder / "log", "w"), cwd=ROOT)
    try:
        wait_up(url)
        load_invoices(folder, node, url)
        load_prices(folder, node, url)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    report = gongzhi("fsck", node)
    assert report["clean"], report
    shutil.rmtree(folder)
    print("2 passed, 0 failed")


main()
