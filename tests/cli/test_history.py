"""``doorward history`` as a person calls it."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import jsonschema
import pytest

from doorward.verbs.schema import schema
from memories import Memory, listens, probed

Run = Callable[..., CompletedProcess[str]]
HERE = platform.node()


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    made = Memory(tmp_path / "doorward.db")
    made.audit(listens(f"{HERE}/tcp/0.0.0.0:22"), probed(f"{HERE}/tcp/127.0.0.1:22"), machine=HERE)
    made.audit(machine=HERE)
    return made


@pytest.mark.parametrize("words", ["22", "ssh", "tcp/22", "127.0.0.1:22", "0.0.0.0:22", f"{HERE}/tcp/0.0.0.0:22"])
def test_a_door_s_timeline(doorward: Run, memory: Memory, words: str) -> None:
    done = doorward("history", words)
    assert (done.returncode, done.stderr) == (0, "")
    for said in ("tcp 0.0.0.0:22  ○ gone", "held by sshd (812), user root", "answers on 127.0.0.1", "nobody listens any more"):
        assert said in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_json_is_what_the_schema_says(doorward: Run, memory: Memory) -> None:
    document = json.loads(doorward("history", "22", "--json").stdout)
    jsonschema.Draft202012Validator(schema("history")).validate(document)
    assert {spell["witness"] for spell in document["doors"][0]["spells"]} == {"socket", "probe"}


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["70000"], 2, "at most 65535"),
        (["no-such-service"], 2, "no service of that name is known"),
        (["23"], 3, "has met it"),
        (["\x1b[2J"], 2, "\\x1b[2J"),
        (["22", "--database", "/nowhere/memory.db"], 3, "no audit has been remembered there yet"),
        ([], 2, "door"),
    ],
)
def test_what_goes_wrong_is_one_line(doorward: Run, memory: Memory, words: list[str], status: int, says: str) -> None:
    done = doorward("history", *words)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
