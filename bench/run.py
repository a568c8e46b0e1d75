#!/usr/bin/env python3
"""Runs the benchmarks one after the other and prints one JSON object a line, each with its ceiling beside it.

  run.py [--json] [NAME...]     NAME: intake, messages, page_bytes, pages, rule_pack (all without one)
"""
import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build" / "release" / "bench"
PAGE_BYTES = ["node", "tests/browser/pages.mjs", "build/release/src/cli/gongzhi", "--figures"]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true", help="the only form as yet")
    arguments.add_argument("names", nargs="*")
    names = arguments.parse_args().names or ["page_bytes"] + sorted(p.name.removeprefix("bench_") for p in PROGRAMS.glob("bench_*") if p.is_file())
    worst = 0
    for name in names:
        command = PAGE_BYTES if name == "page_bytes" else [str(PROGRAMS / f"bench_{name}")]
        worst = max(worst, subprocess.run(command, cwd=ROOT).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
