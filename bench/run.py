#!/usr/bin/env python3
"""Runs the benchmarks one after the other and prints one JSON object a line, each with its ceiling beside it.

  run.py [--json] [NAME...]     NAME: intake, messages, pages, rule_pack (all without one)
"""
import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build" / "release" / "bench"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true", help="the only form as yet")
    arguments.add_argument("names", nargs="*")
    names = arguments.parse_args().names or sorted(p.name.removeprefix("bench_") for p in PROGRAMS.glob("bench_*") if p.is_file())
    worst = 0
    for name in names:
        worst = max(worst, subprocess.run([str(PROGRAMS / f"bench_{name}")], cwd=ROOT).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
