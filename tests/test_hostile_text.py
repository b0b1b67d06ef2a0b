"""Text from outside, from the server's mouth to each face: harmless wherever it is shown, and bounded whatever it does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from conftest import Run

SERVERS = r"""
import ctypes, socket, threading, time

EVIL = "\x1b[2J\x1b]0;owned\x07\u202eevil\u2066[link=http://evil.example]click[/link][@click=app.bell]x[/]<script>alert(1)</script>"
C1 = b"\x9b31m"

def door(port, answer):
    listener = socket.create_server(("127.0.0.1", port))
    def serve():
        while True:
            caller, _ = listener.accept()
            threading.Thread(target=talk, args=(caller,), daemon=True).start()
    def talk(caller):
        try:
            answer(caller)
        except OSError:
            pass
        finally:
            caller.close()
    threading.Thread(target=serve, daemon=True).start()

def greets(caller):
    caller.sendall(b"SSH-2.0-OpenSSH_9.9" + EVIL.encode() + C1 + b"\r\n"); time.sleep(1)

def web(caller):
    caller.recv(4096)
    body = f"<html><title>{EVIL}</title></html>".encode() + C1
    head = b"HTTP/1.1 200 OK\r\nServer: nginx/1.0" + EVIL.encode() + C1 + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
    caller.sendall(head + body)

def floods(caller):
    for _ in range(160):
        caller.sendall(b"A" * 65536)
    time.sleep(5)

def drips(caller):
    while True:
        caller.sendall(b"x"); time.sleep(1)

def ftp(caller):
    caller.sendall(b"220 " + EVIL.encode() + C1 + b" FTP server (vsFTPd 3.0.3) ready\r\n")
    caller.recv(4096)
    caller.sendall(b"500 " + C1 + b"\r\n")

for port, answer in ((2201, greets), (2202, web), (2203, floods), (2204, drips), (2205, ftp)):
    door(port, answer)
ctypes.CDLL(None).prctl(15, b"\x1b[2J\xe2\x80\xaeevil<b>")  # the process's own name is foreign text, too
open("ready", "w").close()
time.sleep(120)
"""

PORTS = (2201, 2202, 2203, 2204, 2205)


def run_with_servers(in_namespace: Run, tmp_path: Path, commands: str) -> str:
    (tmp_path / "servers.py").write_text(SERVERS)
    wait = "for _ in $(seq 200); do [ -e ready ] && break; python -c 'import select; select.select([], [], [], 0.05)'; done"
    done = in_namespace(f"cd {tmp_path}\npython servers.py --evil $'\\e[2J' >/dev/null 2>&1 &\n{wait}\n{commands}", timeout_s=120)
    assert done.returncode == 0, done.stderr
    assert all(line.isprintable() for line in done.stderr.splitlines())
    return done.stdout


def is_harmless(text: str) -> bool:
    return all(line.isprintable() for line in text.split("\n"))


def test_in_the_terminal(in_namespace: Run, tmp_path: Path) -> None:
    endpoints = " ".join(f"127.0.0.1:{port}" for port in PORTS)
    commands = f"doorward audit --explain; doorward changes; doorward sockets; doorward sockets --flat; doorward identify {endpoints}"
    text = run_with_servers(in_namespace, tmp_path, f"{commands}; doorward history 2201; doorward scan 127.0.0.1 -p 2201-2205")
    assert is_harmless(text)
    assert "\\x1b[2J" in text
    assert "\\u202e" in text
    assert "[link=http://evil.example]" in text, "markup is shown, not obeyed"


def test_in_json(in_namespace: Run, tmp_path: Path) -> None:
    text = run_with_servers(in_namespace, tmp_path, "doorward audit --json")
    assert text.isascii()
    assert is_harmless(text)
    by_port = {verdict["door"]["port"]: verdict for verdict in json.loads(text)["verdicts"]}
    assert set(by_port) == set(PORTS)


def test_in_html(in_namespace: Run, tmp_path: Path) -> None:
    run_with_servers(in_namespace, tmp_path, "doorward audit --html doors.html")
    page = (tmp_path / "doors.html").read_text()
    assert is_harmless(page)
    assert not re.search(r"<script|evil<b>|onerror=", page, re.IGNORECASE)
    assert "evil&lt;b&gt;" in page, "the process calls itself so, and is shown so"


def test_time_and_memory_are_bounded(in_namespace: Run, tmp_path: Path) -> None:
    measure = """
python - <<'PY'
import resource, subprocess, time
began = time.monotonic()
subprocess.run(["doorward", "audit", "--no-memory"], stdout=subprocess.DEVNULL, check=True)
print(time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PY
"""
    seconds, kib = run_with_servers(in_namespace, tmp_path, measure).split()
    assert float(seconds) < 20
    assert int(kib) < 300_000
