from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import jsonschema

from conftest import Run


def test_a_machine_without_doors_is_an_answer(in_namespace: Run) -> None:
    done = in_namespace("doorward audit")
    assert done.returncode == 0, done.stderr
    assert "no doors" in done.stdout


def test_the_answer_is_as_its_schema_says(in_namespace: Run) -> None:
    done = in_namespace("python -m http.server --bind 127.0.0.1 8000 >/dev/null 2>&1 &\ndoorward audit --json; doorward schema audit")
    decoder = json.JSONDecoder()
    answer, end = decoder.raw_decode(done.stdout)
    schema, _ = decoder.raw_decode(done.stdout[end:].lstrip())
    jsonschema.validate(answer, schema)


def test_fail_on_says_it_in_the_status(in_namespace: Run) -> None:
    done = in_namespace(
        """
python - <<'PY' &
import socket, time
door = socket.create_server(("0.0.0.0", 23)); door.settimeout(60)
while True:
    caller, _ = door.accept(); caller.sendall(b"\\xff\\xfd\\x18\\xff\\xfd\\x20login: "); caller.close()
PY
for _ in $(seq 100); do doorward audit --no-memory --no-knock --json | grep -q '"port": 23' && break; done
set +e
doorward audit --no-memory --fail-on needs-you >/dev/null; echo "status $?"
doorward audit --no-memory >/dev/null; echo "status $?"
"""
    )
    assert done.stdout.splitlines()[-2:] == ["status 1", "status 0"]


def test_the_page_is_written_and_a_bad_place_is_said_before_the_work(in_namespace: Run, tmp_path: Path) -> None:
    page = tmp_path / "doors.html"
    done = in_namespace(f"doorward audit --html {page}; set +e; doorward audit --html {tmp_path}/none/doors.html; echo status $?")
    assert page.read_text().startswith("<!doctype html>")
    assert done.stdout.splitlines()[-1] == "status 2"
    assert "cannot write the page" in done.stderr


def test_a_memory_that_refuses_loses_nothing(in_namespace: Run, tmp_path: Path) -> None:
    (tmp_path / "doorward.db").write_bytes(b"this is not a database, and long enough to be looked at by one" * 20)
    done = in_namespace("set +e; doorward audit; echo status $?")
    assert "no doors" in done.stdout
    assert done.stdout.splitlines()[-1] == "status 3"
    assert len(done.stderr.splitlines()) == 1


def test_no_memory_means_none(in_namespace: Run, tmp_path: Path) -> None:
    assert in_namespace("doorward audit --no-memory").returncode == 0
    assert not (tmp_path / "doorward.db").exists()


def test_an_interruption_keeps_what_was_seen(in_namespace: Run, tmp_path: Path) -> None:
    script = """
python - <<'PY' &
import socket, time
doors = [socket.create_server(("127.0.0.1", 3000 + n)) for n in range(20)]
time.sleep(60)
PY
for _ in $(seq 100); do doorward audit --no-memory --no-knock --json | grep -q '"port": 3019' && break; done
python - <<'PY'
import os, signal, subprocess, threading
pipe = subprocess.PIPE
door = subprocess.Popen(["doorward", "audit", "--every-port"], stdout=pipe, stderr=pipe, text=True, start_new_session=True)
timer = threading.Timer(1.0, lambda: os.killpg(door.pid, signal.SIGINT)); timer.start()
out, err = door.communicate(timeout=60)
print(out); print("ERR", err); print("status", door.returncode)
PY
"""
    done = in_namespace(script)
    assert done.stdout.splitlines()[-1] == "status 130"
    assert "tcp 127.0.0.1:3000" in done.stdout
    assert "interrupted" in done.stdout
    with sqlite3.connect(tmp_path / "doorward.db") as database:
        assert database.execute("SELECT finished FROM run").fetchall() == [(0,)]
