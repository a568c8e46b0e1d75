#!/usr/bin/env python3
"""Plays a sample market between an authority and a platform, over the same interfaces as a real deployment.

  demo.py           plays it and leaves the two nodes running
  demo.py --check   plays it, checks every step, stops everything, prints one JSON object as the last line

Everything happens on simulated time in a folder of its own (.demo/, made anew each time).
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("GONGZHI", ROOT / "build" / "release" / "src" / "cli" / "gongzhi"))
FOLDER = ROOT / ".demo"
START = "2026-03-09T01:00:00Z"
RULE = "price-reference"
STANDARD_FIELDS = ["sale.sale_id", "sale.sale_time", "sale.quantity", "sale.price"]
TAMPER_TRIES = 8


class Failed(Exception):
    """A step did not hold: the sentence says which."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def need(condition, sentence: str) -> None:
    if not condition:
        raise Failed(sentence)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run(*arguments, check=True):
    """A verb of the program; its standard output as JSON where it is JSON."""
    done = subprocess.run([str(PROGRAM), *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)
    if check and done.returncode != 0:
        raise Failed(f"gongzhi {arguments[0]} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done


def run_json(*arguments):
    return json.loads(run(*arguments).stdout.strip().splitlines()[-1])


class Node:
    """One running node, spoken to over HTTP with the tokens of its people."""

    def __init__(self, name: str, role: str, zh: str, en: str, port: int):
        self.name, self.folder, self.url = name, FOLDER / name, f"http://127.0.0.1:{port}"
        run("init", self.folder, "--party", name, "--role", role, "--name-zh", zh, "--name-en", en, "--url", self.url,
            "--pack", ROOT / "packs" / "cn", "--clock", FOLDER / "clock", "--start", START)
        self.log = open(FOLDER / f"{name}.log", "w")
        self.process = subprocess.Popen([str(PROGRAM), "serve", str(self.folder)], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log, cwd=ROOT, start_new_session=True)
        self.tokens = {}
        self.wait_up()

    def wait_up(self) -> None:
        for _ in range(200):
            if self.process.poll() is not None:
                raise Failed(f"the node {self.name} ended at once: see {FOLDER / (self.name + '.log')}")
            try:
                urllib.request.urlopen(self.url + "/healthz", timeout=2).read()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise Failed(f"the node {self.name} does not answer")

    def token(self, role: str) -> str:
        if role not in self.tokens:
            self.tokens[role] = run_json("token", self.folder, "--name", f"demo-{role}", "--role", role)["token"]
        return self.tokens[role]

    def call(self, role: str, method: str, path: str, body=None, raw=False, expect=200):
        request = urllib.request.Request(self.url + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Authorization": "Bearer " + self.token(role), "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                status, content = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, content = error.code, error.read()
        need(status == expect, f"{self.name}: {method} {path} answered {status}: {content[:300].decode(errors='replace')}")
        return content.decode() if raw else json.loads(content)

    def settle(self, role: str) -> None:
        need(self.call(role, "GET", "/v1/settled")["settled"], f"{self.name} does not come to rest")

    def rss_mb(self) -> float:
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self) -> None:
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


class Play:
    def __init__(self):
        self.counts = {key: 0 for key in ("records_loaded", "records_submitted", "records_refused", "findings", "true_findings", "false_findings",
                                          "missed_findings", "requests_blocked", "requests_answered", "receipts_verified", "tampered_tried", "tampered_rejected")}
        self.nodes = []

    def meet(self) -> None:
        say("1. 两个节点相识 / two nodes meet: init, invite, join")
        self.authority = Node("authority", "authority", "示例省市场监督管理局", "Sample Province Market Regulator", free_port())
        self.nodes.append(self.authority)
        self.platform = Node("platform", "platform", "示例电商平台", "Sample Platform", free_port())
        self.nodes.append(self.platform)
        invitation = run_json("invite", self.authority.folder, "platform")
        joined = run_json("join", self.platform.folder, invitation["text"])
        need(joined["connection"]["delivered"] and joined["connection"]["cosigned"], "the connection test failed")
        need(run("join", self.platform.folder, invitation["text"], check=False).returncode != 0, "an invitation was good twice")

    def load(self) -> None:
        say("2. 平台把数据载入自己的节点 / the platform loads its data into its own node")
        market = FOLDER / "market"
        run("market", market)
        self.key = json.loads((market / "answer_key.json").read_text())
        self.receipts = FOLDER / "receipts"
        for record_type, name in (("trader", "traders"), ("coverage", "coverage"), ("offer", "offers"), ("sale", "sales")):
            summary = run_json("submit", self.platform.folder, market / f"{name}.ndjson", "--type", record_type, "--receipts", self.receipts)
            need(summary["refused"] == 0, f"{name}: {summary['refused']} refused")
            self.counts["records_loaded"] += summary["accepted"]
            if record_type == "trader":
                trader_entries = [receipt["entry"] for receipt in summary["receipts"]]
        for dirty in sorted(market.glob("dirty-*.ndjson")):
            record_type = dirty.stem.removeprefix("dirty-")
            problems = FOLDER / f"{dirty.stem}.problems"
            done = run("submit", self.platform.folder, dirty, "--type", record_type, "--lenient", "--problems", problems)
            summary = json.loads(done.stdout.strip().splitlines()[-1])
            told = {(p["line"], p["pointer"], p["code"]) for p in map(json.loads, problems.read_text().splitlines())}
            expected = {(e["line"], e["field"], e["code"]) for e in self.key["expect_refused"] if e["file"] == dirty.name}
            need(told == expected, f"{dirty.name}: the faults told are not those planted: {sorted(told ^ expected)[:5]}")
            self.counts["records_refused"] += summary["refused"]
        self.platform.settle("engineer")
        for entry in trader_entries:
            self.platform.call("clerk", "POST", "/v1/onward", {"entry": entry, "to": "authority"})
        self.platform.settle("engineer")
        self.authority.settle("officer")
        taken = self.authority.call("officer", "GET", "/v1/submissions")
        self.counts["records_submitted"] = sum(row["record_count"] for row in taken if row["party"] == "platform")
        need({row["record_type"] for row in taken} == {"trader"}, "something left the platform that the law does not name")

    def supervise(self) -> None:
        say("3. 规则到数据那里去 / the rule travels to the data")
        self.authority.call("officer", "POST", f"/v1/rules/{RULE}/send", {"to": "platform"})
        self.authority.settle("officer")
        self.platform.settle("engineer")
        bundle = self.platform.call("engineer", "GET", "/v1/rule-bundles")[0]["message_id"]
        shown = self.platform.call("engineer", "GET", f"/v1/rule-bundles/{bundle}")
        need(shown["discloses"], "the bundle does not say what it discloses")
        report = self.platform.call("engineer", "POST", f"/v1/rule-bundles/{bundle}/accept", {})
        self.platform.settle("engineer")
        self.authority.settle("officer")
        findings = self.authority.call("officer", "GET", "/v1/findings")
        need(len(findings) == report["findings"], f"{report['findings']} findings were sent, {len(findings)} arrived")
        need(all(row["verdict"] != "refused" for row in findings), "a finding's proof did not verify")
        self.compare(findings)
        self.findings = [row for row in findings if row["verdict"] == "suspect"]

    def compare(self, findings) -> None:
        """Against the market's answer key, offer by offer."""
        planted = {(a["shop"], a["offer_id"]): a["verdict"] for a in self.key["findings"]}
        found = {}
        for row in findings:
            evidence = self.authority.call("officer", "GET", f"/v1/findings/{row['finding_id']}")["evidence"]
            offers = [e["record_id"] for e in evidence if e["record_type"] == "offer"]
            found[(row["shop"], offers[0].split("/", 1)[1])] = row["verdict"]
        self.counts["findings"] = len(found)
        self.counts["true_findings"] = sum(1 for key, verdict in found.items() if planted.get(key) == verdict)
        self.counts["false_findings"] = sum(1 for key, verdict in found.items() if planted.get(key) != verdict)
        self.counts["missed_findings"] = sum(1 for key, verdict in planted.items() if found.get(key) != verdict)

    def request(self) -> None:
        say("4. 立案前核查与依法协查 / a case and a lawful request")
        finding = self.findings[0]
        case = self.authority.call("officer", "POST", "/v1/cases", {"finding": finding["finding_id"]})["case"]
        ask = {"order_type": "information-request", "basis": "电子商务法第二十五条", "purpose": "核查疑点所涉成交价格", "fields": STANDARD_FIELDS,
               "scope": {"shop": finding["shop"], "listing": finding["subject"], "from_date": "2026-01-01", "until_date": "2026-03-09"}}
        path = f"/v1/cases/{case}/requests"
        self.authority.call("officer", "POST", path, {**ask, "fields": STANDARD_FIELDS + ["sale.buyer"]}, expect=422)
        self.authority.call("officer", "POST", path, {**ask, "basis": ""}, expect=422)
        self.authority.call("officer", "POST", path, {**ask, "fields": ["trader.contact"]}, expect=422)
        self.counts["requests_blocked"] = len(self.authority.call("officer", "GET", "/v1/blocked-requests"))
        sent = self.authority.call("officer", "POST", path, ask)
        self.authority.settle("officer")
        self.platform.settle("engineer")
        waiting = [row for row in self.platform.call("clerk", "GET", "/v1/requests") if row["state"] == "open"]
        need(len(waiting) == 1 and waiting[0]["message_id"] == sent["message"], "the request did not arrive")
        need(waiting[0]["deadline_time"], "the request came without a deadline")
        answer = self.platform.call("clerk", "POST", f"/v1/requests/{sent['message']}/answer", {})
        self.platform.settle("engineer")
        self.authority.settle("officer")
        answered = [row for row in self.authority.call("officer", "GET", "/v1/requests") if row["state"] == "answered"]
        need(answered and answered[0]["answer_rows"] > 0, "the answer holds no rows")
        self.counts["requests_answered"] = len(answered)
        for node in self.nodes:
            role = "officer" if node is self.authority else "clerk"
            held = {row["message_id"] for row in node.call(role, "GET", "/v1/messages")}
            need({sent["message"], answer["message"]} <= held, f"{node.name} lacks one of the two messages in its ledger")
        self.messages = [sent["message"], answer["message"]]

    def prove(self) -> None:
        say("5. 回执与疑点离线验证 / receipts and findings verify offline, changed ones do not")
        time.sleep(2.5)  # one checkpoint and its cosignature
        folder = FOLDER / "proofs"
        folder.mkdir()
        files = []
        for node, role in ((self.authority, "officer"), (self.platform, "clerk")):
            policy = folder / f"{node.name}.policy"
            policy.write_bytes(urllib.request.urlopen(node.url + "/v1/policy", timeout=10).read())
            for message in self.messages:
                path = folder / f"{node.name}-{message}.receipt"
                path.write_text(node.call(role, "GET", f"/v1/receipts/{message}", raw=True))
                files.append((path, policy))
        submitted = sorted(self.receipts.glob("*.receipt"))[0]
        log_only = folder / "platform-log.policy"
        log_only.write_text((folder / "platform.policy").read_text().splitlines()[0] + "\nquorum none\n")
        files.append((submitted, log_only))
        for row in self.findings[:3]:
            path = folder / f"{row['finding_id']}.json"
            path.write_text(self.authority.call("officer", "GET", f"/v1/findings/{row['finding_id']}/file", raw=True))
            files.append((path, folder / "authority.policy"))
        for path, policy in files:
            run("verify", path, "--policy", policy)
            self.counts["receipts_verified"] += 1
            self.tamper(path, policy)

    def tamper(self, path: Path, policy: Path) -> None:
        content = path.read_bytes()
        for i in range(TAMPER_TRIES):
            at = (i * 2 + 1) * len(content) // (2 * TAMPER_TRIES)
            changed = path.with_suffix(".changed")
            changed.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
            self.counts["tampered_tried"] += 1
            self.counts["tampered_rejected"] += run("verify", changed, "--policy", policy, check=False).returncode != 0

    def hunt_canaries(self) -> None:
        """Personal values of the market must show nowhere: not in tables, journals, logs, answers or proofs."""
        canaries = [line.encode() for line in (FOLDER / "market" / "canaries.txt").read_text().splitlines() if line]
        pattern = re.compile(b"|".join(map(re.escape, canaries)))
        need(pattern.search((FOLDER / "market" / "traders.ndjson").read_bytes()), "the hunt finds nothing even where it must")
        for path in FOLDER.rglob("*"):
            if path.is_file() and FOLDER / "market" not in path.parents:
                need(not pattern.search(path.read_bytes()), f"a personal value stands in the clear in {path.relative_to(FOLDER)}")

    def judge(self) -> None:
        self.hunt_canaries()
        c = self.counts
        need(c["records_loaded"] >= 100_000, f"only {c['records_loaded']} records were loaded")
        need(c["findings"] >= 20, f"only {c['findings']} findings")
        need(c["false_findings"] == 0, f"{c['false_findings']} findings are false")
        need(c["missed_findings"] == 0, f"{c['missed_findings']} planted cases were missed")
        need(c["tampered_tried"] >= 3 and c["tampered_rejected"] == c["tampered_tried"], f"{c['tampered_tried'] - c['tampered_rejected']} changed files were accepted")
        for key in ("records_submitted", "records_refused", "true_findings", "requests_blocked", "requests_answered", "receipts_verified"):
            need(c[key] >= 1, f"{key} is 0")
        for node in self.nodes:
            say(f"   {node.name}: {node.rss_mb():.0f} MB")

    def all(self) -> None:
        self.meet()
        self.load()
        self.supervise()
        self.request()
        self.prove()
        self.judge()


def prepare() -> None:
    need(PROGRAM.exists(), "the program is not built: run ./dev build")
    marker = FOLDER / "pids"
    if marker.exists():  # nodes that an earlier demo left running
        for pid in marker.read_text().split():
            command = Path(f"/proc/{pid}/cmdline")
            if command.exists() and str(FOLDER).encode() in command.read_bytes():
                os.kill(int(pid), signal.SIGTERM)
                time.sleep(0.5)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="check every step, stop everything, print one JSON object")
    options = arguments.parse_args()
    started, play, held = time.monotonic(), Play(), False
    try:
        prepare()
        play.all()
        held = True
    except (Failed, OSError, KeyError, IndexError, json.JSONDecodeError) as error:
        say(f"没有通过 / did not hold: {error}")
    finally:
        if options.check or not held:
            for node in play.nodes:
                node.stop()
    play.counts["seconds"] = round(time.monotonic() - started, 1)
    if held and not options.check:
        (FOLDER / "pids").write_text(" ".join(str(node.process.pid) for node in play.nodes))
        first = play.findings[0]["finding_id"]
        say(f"\n演示已就绪 / the demo is ready\n  验证回执 verify a receipt:  {play.authority.url}/verify\n"
            f"  一个疑点 a finding:        {play.authority.url}/findings/{first}\n  访问令牌 access token:     {play.authority.token('officer')}\n"
            f"  平台节点 platform node:    {play.platform.url}\n  停止 stop: kill {' '.join(str(node.process.pid) for node in play.nodes)}")
    print(json.dumps(play.counts))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
