from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Run
from doorward import __version__
from doorward.cli import command_names, main


def test_help_lists_every_command_in_80_columns(doorward: Run) -> None:
    done = doorward("--help")
    assert done.returncode == 0
    for name in command_names():
        assert name in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


@pytest.mark.parametrize("name", command_names())
def test_every_command_explains_itself(name: str, doorward: Run) -> None:
    done = doorward(name, "--help")
    assert done.returncode == 0
    assert "example" in done.stdout.lower()
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_the_version(doorward: Run) -> None:
    assert doorward("--version").stdout == f"doorward {__version__}\n"


@pytest.mark.parametrize("words", [[], ["no-such-verb"], ["schema"], ["schema", "x", "--no-such-flag"], ["--no-such-flag"]])
def test_a_wrong_call_is_one_line_and_status_2(words: list[str], doorward: Run) -> None:
    done = doorward(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("doorward: ")


def test_errors_become_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "no-such-verb"]) == 2
    assert "cannot print the schema of 'no-such-verb'" in capsys.readouterr().err


def test_hostile_words_come_back_harmless(doorward: Run) -> None:
    done = doorward("schema", "\x1b[2J\u202e")
    assert done.returncode == 2
    assert done.stderr.strip().isprintable()


def test_a_reader_that_went_away_is_one_line() -> None:
    words = f"{sys.executable} -m doorward schema ports; echo status $? >&2"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(["bash", "-c", words], stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.stderr.splitlines() == ["doorward: cannot write the results: whoever read standard output has closed it", "status 3"]


def test_a_closed_stdout_is_one_line() -> None:
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m doorward schema ports >&-"], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "standard output is closed" in done.stderr


def test_a_full_disk_is_one_line() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("/dev/full is Linux's")
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m doorward schema ports >/dev/full"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert done.stderr.splitlines() == ["doorward: the system refused: No space left on device"]


def test_help_loads_no_room() -> None:
    heavy = ("numpy", "rich", "textual", "jinja2", "asyncio", "psutil", "sqlite3")
    program = f"import sys, doorward.cli as c; c.make_parser(); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_bug_is_one_line_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import doorward.verbs.schema

    monkeypatch.setattr(doorward.verbs.schema, "schema", lambda verb: 1 // 0)
    assert main(["schema", "ports"]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1
    monkeypatch.setenv("DOORWARD_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["schema", "ports"])
