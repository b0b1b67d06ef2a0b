"""``doorward changes`` as a person calls it."""

from __future__ import annotations

import json
import platform
import sqlite3
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import jsonschema
import pytest

from doorward.values.verdicts import Attention, VerdictKind
from doorward.verbs.schema import schema
from memories import Memory, judged, listens

Run = Callable[..., CompletedProcess[str]]
HERE = platform.node()


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Two audits of this machine; in the second somebody started a web server."""
    made = Memory(tmp_path / "doorward.db")
    ssh, web = f"{HERE}/tcp/0.0.0.0:22", f"{HERE}/tcp/0.0.0.0:8000"
    made.audit(listens(ssh), machine=HERE)
    bad = judged(web, VerdictKind.REAL_DOOR, Attention.NEEDS_YOU, "cleartext")
    made.audit(listens(ssh), listens(web, process="python3", pid=4242), verdicts=[bad], machine=HERE)
    return made


def test_the_new_door_its_process_and_its_verdict_are_named(doorward: Run, memory: Memory) -> None:
    done = doorward("changes")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("tcp 0.0.0.0:8000  appeared", "python3 (4242), user root", "real door: It is a real door.", "1 other door"):
        assert words in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_json_is_what_the_schema_says(doorward: Run, memory: Memory) -> None:
    done = doorward("changes", "--json")
    document = json.loads(done.stdout)
    jsonschema.Draft202012Validator(schema("changes")).validate(document)
    assert [change["kinds"] for change in document["changes"]] == [["appeared"]]


def test_a_script_can_fail_on_change(doorward: Run, memory: Memory) -> None:
    assert doorward("changes", "--fail-on", "change").returncode == 1
    assert doorward("changes", "--fail-on", "needs-you").returncode == 1
    memory.audit(listens(f"{HERE}/tcp/0.0.0.0:22"), listens(f"{HERE}/tcp/0.0.0.0:8000", process="python3"), machine=HERE)
    assert doorward("changes", "--fail-on", "change").returncode == 0


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--since", "soon"], 2, "neither a length of time nor a date"),
        (["--machine", "nowhere"], 3, "no finished audit of it is remembered"),
        (["--database", "/nowhere/memory.db"], 3, "no audit has been remembered there yet. Run: doorward audit"),
        (["--database", "/"], 3, "it is a folder"),
        (["--fail-on", "rain"], 2, "--fail-on"),
    ],
)
def test_what_goes_wrong_is_one_line(doorward: Run, memory: Memory, words: list[str], status: int, says: str) -> None:
    done = doorward("changes", *words)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_newer_and_a_damaged_memory_are_told_and_left(doorward: Run, memory: Memory) -> None:
    connection = sqlite3.connect(memory.path)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    before = memory.path.read_bytes()
    done = doorward("changes")
    assert done.returncode == 3
    assert "made by a newer Doorward (schema 7, this one knows 1)" in done.stderr
    assert memory.path.read_bytes() == before
    memory.path.write_bytes(b"\x1b]0;owned\x07" * 999)
    done = doorward("changes")
    assert done.returncode == 3
    assert "the file is damaged" in done.stderr
    assert done.stderr.count("\n") == 1
