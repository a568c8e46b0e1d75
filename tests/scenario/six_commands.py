#!/usr/bin/env python3
"""Runs the six commands of README.md and README.zh-CN.md as they stand there, in a folder and at ports of the test's own.

Usage: six_commands.py PROGRAM     exit code 1 if a command fails, or the page that the last one opens is not there
"""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request

REPO = pathlib.Path(__file__).resolve().parents[2]
READMES = {"README.md": "Your own authority and platform in six commands", "README.zh-CN.md": "六条命令，建起自己的监管部门和平台"}
SECONDS = 60


def commands(readme, heading):
    block = re.search(rf"## {heading}\n.*?```sh\n(.*?)```", (REPO / readme).read_text(), re.S)
    if not block:
        sys.exit(f"{readme}: no commands under \"{heading}\"")
    return [line for line in block[1].splitlines() if line and not line.startswith("#")]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def play(lines, program, folder):
    """One shell for all, as a reader has one terminal; it ends what it started."""
    script = "\n".join(lines).replace("try/", f"{folder}/")
    for port in sorted(set(re.findall(r"127\.0\.0\.1:(\d+)", script))):
        script = script.replace(f":{port}", f":{free_port()}")
    script = f"set -e\ntrap 'kill $(jobs -p)' EXIT\n{script}\n" + "read -r _\n"
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    shell = subprocess.Popen(["bash", "-c", script], cwd=REPO, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             stderr=(folder / "messages").open("w"), start_new_session=True)
    try:
        for line in shell.stdout:
            if "/enter?token=" in line:
                browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
                page = browser.open(line.strip(), timeout=SECONDS).read().decode()
                return "<h1" in page and "wang" in page
        return False
    finally:
        os.killpg(shell.pid, signal.SIGTERM)
        shell.wait(SECONDS)


def main():
    signal.alarm(3 * SECONDS)  # ends this script whatever hangs; the shell ends with its standard input
    program = pathlib.Path(sys.argv[1]).resolve()
    lists = {readme: commands(readme, heading) for readme, heading in READMES.items()}
    if len(set(map(tuple, lists.values()))) != 1:
        sys.exit("the two READMEs give different commands")
    lines = next(iter(lists.values()))
    if len(lines) != 6:
        sys.exit(f"{len(lines)} commands, not six")
    with tempfile.TemporaryDirectory(prefix="gongzhi-six-") as name:
        folder = pathlib.Path(name)
        if not play(lines, program, folder):
            print((folder / "messages").read_text(), file=sys.stderr)
            sys.exit(f"the six commands did not lead to a page; rerun: {__file__} {program}")
    print("six commands, one page: as the READMEs say")


main()
