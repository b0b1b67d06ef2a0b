"""The real command: on a pipe, and at a terminal of its own, against servers of the test's own that try what they can."""

import contextlib
import json
import os
import pty
import re
import select
import socket
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest

from conftest import Run
from doorward.identify.talk_answer import TalkEvent
from doorward.values.records import json_schema

EVIL = b"\x1b]0;PWNED\x07\x1b[2J\xc2\x9b31m\xe2\x80\xaeevil[red]x[/red]\x1b[6n\r\n"
Answer = Callable[[socket.socket], None]


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """One caller after the other is answered; ends with the test."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    caller, _ = server.accept()
                    with caller, contextlib.suppress(OSError):
                        caller.settimeout(20)
                        answer(caller)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


def echo_upper(caller: socket.socket) -> None:
    while data := caller.recv(4096):
        caller.sendall(data.upper())
        if b"quit" in data.lower():
            return


def greet(caller: socket.socket) -> None:
    """Talks in turns; a caller who doesn't wait is told off."""
    caller.sendall(b"220 ready\r\n")
    while data := caller.recv(4096):
        caller.sendall(b"250 ok\r\n" if data.count(b"\n") == 1 else b"554 you did not wait\r\n")
        if b"QUIT" in data:
            return


def evil(caller: socket.socket) -> None:
    caller.sendall(EVIL)


def flood(caller: socket.socket) -> None:
    while True:
        caller.sendall(b"A" * 65536)


def test_a_pipe_is_said_and_its_answer_shown(doorward: Run) -> None:
    with serving(echo_upper) as door:
        done = doorward("talk", door, text_input="hello\nquit")
    assert done.returncode == 0, done.stderr
    assert "→ hello\n→ quit\n" in done.stdout
    assert "← HELLO" in done.stdout
    assert "waits for us to speak first" in done.stdout
    assert "hung up" in done.stdout


def test_lines_wait_for_their_answers_where_the_far_end_greets(doorward: Run) -> None:
    with serving(greet) as door:
        done = doorward("talk", door, "--send", "EHLO x", "--send", "QUIT")
    assert "speaks first" in done.stdout
    assert done.stdout.count("← 250 ok") == 2
    assert "554" not in done.stdout


@pytest.mark.parametrize("flags", [[], ["--hex"], ["--json"]])
def test_the_far_end_controls_nothing(doorward: Run, flags: list[str]) -> None:
    with serving(evil) as door:
        done = doorward("talk", door, *flags, "--send", "x", "--timeout", "1")
    assert all(line.isprintable() for line in done.stdout.split("\n"))
    assert "PWNED" in done.stdout or "]0;PWNE" in done.stdout


def test_a_flood_ends(doorward: Run) -> None:
    with serving(flood) as door:
        done = doorward("talk", door, "--most-bytes", "300000", "--send", "x", timeout_s=20)
    assert "said more than is read" in done.stdout
    assert len(done.stdout) < 2_000_000


def test_events_are_as_their_schema_says_and_the_transcript_keeps_what_was_shown(doorward: Run, tmp_path: Path) -> None:
    transcript = tmp_path / "said.txt"
    with serving(greet) as door:
        done = doorward("talk", door, "--json", "--send", "PASS geheim", "--send", "QUIT", "--transcript", str(transcript))
    events = [json.loads(line) for line in done.stdout.splitlines()]
    for event in events:
        jsonschema.validate(event, json_schema(TalkEvent))
    assert [event["kind"] for event in events[:3]] == ["connected", "first", "heard"]
    assert events[-1]["kind"] == "closed"
    assert transcript.stat().st_mode & 0o777 == 0o600
    assert "→ PASS ••••" in transcript.read_text()
    assert "geheim" not in done.stdout + transcript.read_text()


WRONG = {
    "": "required",
    "127.0.0.1": "no port",
    "127.0.0.1:1-3": "Name one",
    "udp:127.0.0.1:53": "not TCP",
    "8.8.8.8:53": "--i-may-scan-this",
    "127.0.0.1:1 --timeout 0": "0.2 to 3600",
    "127.0.0.1:1 --starttls magic": "There are:",
    "127.0.0.1:1 --tls --starttls smtp": "Choose",
    "127.0.0.1:1 --crlf --lf": "not allowed",
}


@pytest.mark.parametrize("words", WRONG)
def test_wrong_calls_get_one_clear_line(doorward: Run, words: str) -> None:
    done = doorward("talk", *words.split())
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert WRONG[words] in done.stderr


def test_a_closed_door_is_said_in_one_line(doorward: Run) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        done = doorward("talk", f"127.0.0.1:{bound.getsockname()[1]}", "--send", "x")
    assert done.returncode == 3
    assert "connection refused. Nobody listens there" in done.stderr


class Terminal:
    """The command at a pseudo-terminal, its keys and its screen's bytes."""

    def __init__(self, tmp_path: Path, *words: str) -> None:
        self.ours, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)
        environment = {**os.environ, "COLUMNS": "80", "XDG_STATE_HOME": str(tmp_path), "TERM": "xterm", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", sys.executable, "-m", "doorward", "talk", *words],  # Ctrl-C reaches it through its own terminal
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            env=environment,
        )
        self.screen = ""

    def wait_for(self, text: str) -> None:
        """Read the screen until ``text`` stands on it."""
        while text not in self.screen:
            ready, _, _ = select.select([self.ours], [], [], 15)
            assert ready, f"{text!r} never came; there was: {self.screen!r}"
            self.screen += os.read(self.ours, 65536).decode("utf-8", "replace")

    def type(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def end(self) -> int:
        status = self.process.wait(timeout=15)
        assert termios.tcgetattr(self.theirs) == self.before
        os.close(self.theirs)
        os.close(self.ours)
        return status


def test_a_person_types_edits_and_leaves(tmp_path: Path) -> None:
    with serving(echo_upper) as door:
        screen = Terminal(tmp_path, door)
        screen.wait_for("who speaks first?")
        screen.type("hellp\x7fo\r")
        screen.wait_for("← HELLO")
        screen.type("PASS geheim\r")
        screen.wait_for("← PASS GEHEIM")
        screen.type("\x1b[A\x1b[A\r")  # two lines back: hello
        screen.wait_for("→ hello\r\n")
        screen.type("\x1d")
        screen.wait_for("You left.")
        assert screen.end() == 0
    kept = tmp_path / "doorward" / "talk_history"
    assert kept.read_text() == "hello\n" or kept.read_text() == "hello\nhello\n"
    assert kept.stat().st_mode & 0o777 == 0o600


def telnet_login(caller: socket.socket) -> None:
    caller.sendall(b"\xff\xfb\x01\xff\xfd\x1f\x1b[2JPassword: ")
    caller.recv(4096)
    said = b""
    while b"\n" not in said:
        said += caller.recv(4096)
    caller.sendall(b"\r\n\xff\xfc\x01\x1b[31mWelcome\r\n")
    caller.recv(4096)
    caller.sendall(b"you typed " + str(b"geheim" in said).encode() + b"\r\n")
    caller.recv(4096)


def test_what_is_typed_while_the_far_end_hides_it_is_nowhere(tmp_path: Path) -> None:
    with serving(telnet_login) as door:
        screen = Terminal(tmp_path, door, "--transcript", str(tmp_path / "said"))
        screen.wait_for("Password: ")
        screen.type("geheim")
        screen.wait_for("(hidden)")
        screen.type("\r")
        screen.wait_for("Welcome")
        screen.wait_for("you typed True")
        screen.type("\x03")
        assert screen.end() == 130
    assert "geheim" not in screen.screen + (tmp_path / "said").read_text()
    assert not (tmp_path / "doorward" / "talk_history").read_text()
    # The only sequences on the screen are ours: wiping the line being typed, and our own bold and dim.
    assert set(re.findall(r"\x1b\[?[0-9;?]*.?", screen.screen)) <= {"\x1b[K", "\x1b[0m", "\x1b[1m", "\x1b[2m"}
