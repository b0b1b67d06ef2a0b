"""The command itself, in a namespace with doors of our own."""

import json
import re
import select
import signal
import socket
import subprocess
import sys
from typing import IO

import jsonschema
import pytest

from conftest import Run
from listeners import listening

WORLD = """
python - <<'PY' &
import socket, time
door = socket.create_server(("127.0.0.1", 5432)); six = socket.create_server(("::", 8080), family=socket.AF_INET6, dualstack_ipv6=True)
calls = [socket.create_connection(("127.0.0.1", 5432)) for _ in range(3)]; taken = [door.accept()[0] for _ in calls]
calls[0].sendall(b"x" * 2000)
full = socket.create_server(("127.0.0.1", 6000), backlog=0); waiting = socket.create_connection(("127.0.0.1", 6000))
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); names.bind(("127.0.0.1", 53))
open("/tmp/ready.%d" % __import__("os").getppid(), "w").close()
time.sleep(60)
PY
for _ in $(seq 400); do test -e /tmp/ready.$$ && break; sleep 0.02; done; rm -f /tmp/ready.$$
set +e
"""


def test_by_door(in_namespace: Run) -> None:
    done = in_namespace(WORLD + "doorward sockets; echo status $?")
    text = " ".join(done.stdout.split())
    assert "12 sockets · 4 open doors · 4 conversations (4 inside this machine)" in text
    assert re.search(r"tcp 5432 postgresql 127\.0\.0\.1 python\S* \(\d+\)", text)
    assert "! the queue is full: 1 caller where 0 may wait" in text
    assert "3 talking" in text
    assert "in the queue" in text
    assert re.search(r"tcp 8080 \S* any address", text)
    assert "udp 53" in text
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert done.stdout.splitlines()[-1] == "status 0"


def test_flat_filtered_numeric_and_explained(in_namespace: Run) -> None:
    done = in_namespace(
        WORLD
        + """
doorward sockets --all port 5432 and state established; echo ===
doorward sockets --flat listening --numeric; echo ===
doorward sockets --explain full; echo ===
doorward sockets 'port 9'; echo ===
doorward sockets --all 'port 9'
"""
    )
    everything, flat, explained, none, none_flat = done.stdout.split("===\n")
    assert len(everything.splitlines()) == 7
    assert everything.count("→") == everything.count("←") == 3
    assert [line.split()[:2] for line in flat.splitlines()[1:]] == [["tcp", "LISTEN"]] * 3 + [["udp", "UNCONN"]]
    assert "postgres" not in flat
    assert "A door: a program waits here for callers." in " ".join(explained.split())
    assert none == none_flat == "No socket fits.\n"


def test_the_document_is_as_its_schema_says(in_namespace: Run) -> None:
    done = in_namespace(WORLD + "doorward sockets --json local port 5432; doorward schema sockets")
    decoder = json.JSONDecoder()
    answer, end = decoder.raw_decode(done.stdout)
    schema, _ = decoder.raw_decode(done.stdout[end:].lstrip())
    jsonschema.validate(answer, schema)
    assert answer["schema"] == "doorward/sockets/1"
    assert answer["filter"] == "local port 5432"
    assert sorted(one["role"] for one in answer["sockets"]) == ["server"] * 4
    assert sum(one.get("unread_bytes", 0) for one in answer["sockets"]) == 2000


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["prot", "22"], 2, "Did you mean 'port'?"),
        (["port", "70000"], 2, "at most 65535"),
        (["--watch", "0.001"], 2, "between 0.1 and 3600"),
        (["--watch", "prot", "22"], 2, "Did you mean 'port'?"),
        (["process", "\x1b[2Jx", "("], 2, "condition is missing"),
    ],
)
def test_bad_words_are_one_clear_line(doorward: Run, words: list[str], status: int, says: str) -> None:
    done = doorward("sockets", *words)
    assert done.returncode == status
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "\x1b" not in done.stderr
    assert done.stdout == ""


def test_the_help_shows_examples_and_the_words(doorward: Run) -> None:
    done = doorward("sockets", "--help")
    assert "doorward sockets port 5432" in done.stdout
    assert "retransmits" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system doesn't tell of closed connections")
@pytest.mark.parametrize("shape", [[], ["--json"]], ids=["words", "json"])
def test_watching_into_a_pipe_keeps_what_it_printed(shape: list[str]) -> None:
    with listening(1) as (port,):
        words = [sys.executable, "-m", "doorward", "sockets", "--watch", "0.1", "port", str(port), *shape]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
            assert watching.stdout is not None
            ready: list[IO[str]] = []
            while not ready:
                socket.create_connection(("127.0.0.1", port)).close()
                ready, _, _ = select.select([watching.stdout], [], [], 0.05)
            first = watching.stdout.readline()
            watching.send_signal(signal.SIGINT)
            rest, errors = watching.communicate(timeout=30)
    assert watching.returncode == 130
    assert f"127.0.0.1:{port}" in first or json.loads(first)["schema"] == "doorward/sockets-change/1"
    assert all(str(port) in line for line in rest.splitlines())
    assert errors.count("\n") == 1
    assert "interrupted" in errors


def test_a_closed_reader_ends_it_quietly() -> None:
    done = subprocess.run(
        f"{sys.executable} -m doorward sockets --all | true; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.strip() in ("0", "3")
    assert "Traceback" not in done.stderr
