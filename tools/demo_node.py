"""Nodes of a demonstration: started, spoken to over HTTP with the tokens of their people, stopped by their process id."""
import json
import mmap
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("GONGZHI", ROOT / "build" / "release" / "src" / "cli" / "gongzhi"))
FOLDER = ROOT / ".demo"
START = "2026-01-05T01:00:00Z"
DAY = 86_400


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
    """A verb of the program; its standard output as text."""
    done = subprocess.run([str(PROGRAM), *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)
    if check and done.returncode != 0:
        raise Failed(f"gongzhi {arguments[0]} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done


def run_json(*arguments):
    return json.loads(run(*arguments).stdout.strip().splitlines()[-1])


class Clock:
    """The simulated clock that all nodes of the run share: eight bytes, microseconds added to the machine's time."""

    def __init__(self, path: Path):
        self.file = open(path, "r+b")
        self.map = mmap.mmap(self.file.fileno(), 8)

    def advance(self, seconds: int) -> None:
        offset = struct.unpack("<q", self.map[:8])[0]
        self.map[:8] = struct.pack("<q", offset + seconds * 1_000_000)

    def now(self) -> float:
        return time.time() + struct.unpack("<q", self.map[:8])[0] / 1e6

    def today(self) -> str:  # in the pack's zone, eight hours east
        return time.strftime("%Y-%m-%d", time.gmtime(self.now() + 8 * 3600))

    def advance_to(self, day: str) -> None:
        while self.today() < day:
            self.advance(DAY)


# Invented, and looks it: nobody can be called there.
COUNTER = ("--telephone", "000-00000000", "--counter-zh", "示例路0号办事大厅（虚构）", "--counter-en", "Sample Road 0, service hall (invented)",
           "--hours-zh", "工作日9:00至17:00", "--hours-en", "working days, 9:00 to 17:00")


class Node:
    """One party's node. Who serves it is the business of Process."""

    answers = []  # every body that any node answered: the hunt for personal values goes through them

    def __init__(self, name: str, role: str, zh: str, en: str, pack: str = "cn"):
        self.name, self.folder, self.url = name, FOLDER / name, f"http://127.0.0.1:{free_port()}"
        run("init", self.folder, "--party", name, "--role", role, "--name-zh", zh, "--name-en", en, "--url", self.url,
            "--pack", ROOT / "packs" / pack, "--clock", FOLDER / "clock", "--start", START, *COUNTER)
        self.tokens = {}

    def token(self, role: str, unit: str = "", reach: str = "subtree") -> str:
        key = (role, unit, reach)
        if key not in self.tokens:
            name = f"demo-{role}" + (f"-{unit}" if unit else "")
            self.tokens[key] = run_json("token", self.folder, "--name", name, "--role", role.split(":")[0], "--unit", unit, "--reach", reach)["token"]
        return self.tokens[key]

    def link(self, role: str, path: str) -> str:
        """An address that opens once, signed in."""
        token = run_json("token", self.folder, "--name", f"demo-{role}", "--role", role, "--once")["token"]
        return f"{self.url}/enter?token={token}&next={urllib.parse.quote(path)}"

    def call(self, role, method: str, path: str, body=None, raw=False, expect=200):
        token = self.token(*role) if isinstance(role, tuple) else self.token(role)
        request = urllib.request.Request(self.url + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                status, content = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, content = error.code, error.read()
        Node.answers.append(content)
        need(status == expect, f"{self.name}: {method} {path} answered {status}: {content[:300].decode(errors='replace')}")
        return content.decode() if raw else json.loads(content)

    def get(self, role, path: str):
        return self.call(role, "GET", path)

    def post(self, role, path: str, body=None, expect=200):
        return self.call(role, "POST", path, body or {}, expect=expect)

    def submit(self, file: Path, record_type: str, *more) -> dict:
        return run_json("submit", self.folder, file, "--type", record_type, *more)


class Process:
    """One `gongzhi serve` with one or more nodes."""

    def __init__(self, *nodes: Node):
        self.nodes = nodes
        self.log = open(FOLDER / f"{nodes[0].name}.log", "w")
        self.process = subprocess.Popen([str(PROGRAM), "serve", *(str(node.folder) for node in nodes)], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log, cwd=ROOT, start_new_session=True)
        for node in nodes:
            self.wait_up(node)

    def wait_up(self, node: Node) -> None:
        for _ in range(400):
            if self.process.poll() is not None:
                raise Failed(f"the node {node.name} ended at once: see {self.log.name}")
            try:
                urllib.request.urlopen(node.url + "/healthz", timeout=2).read()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise Failed(f"the node {node.name} does not answer")

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


def settle(*nodes: Node) -> None:
    """Until nothing moves any more at any of them: what one does may set another in motion."""
    for _ in range(3):
        before = [node.get("system_administrator", "/v1/settled") for node in nodes]
        for node, answer in zip(nodes, before):
            need(answer["settled"], f"{node.name} does not come to rest")
        if [node.get("system_administrator", "/v1/settled")["entries"] for node in nodes] == [a["entries"] for a in before]:
            return


def join(authority: Node, platform: Node) -> None:
    invitation = run_json("invite", authority.folder, platform.name)
    joined = run_json("join", platform.folder, invitation["text"])
    need(joined["connection"]["delivered"] and joined["connection"]["cosigned"], "the connection test failed")
    need(run("join", platform.folder, invitation["text"], check=False).returncode != 0, "an invitation was good twice")
