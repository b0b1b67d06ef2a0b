from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from doorward.cli._output import Output
from doorward.errors import WorldError

HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m a\u202eb [link=http://evil.example]click[/link] <img onerror=x>"


def made() -> tuple[Output, io.StringIO, io.StringIO]:
    out, err = io.StringIO(), io.StringIO()
    return Output(out, err), out, err


def is_harmless(text: str) -> bool:
    return all(line.isprintable() for line in text.split("\n"))


def test_a_drawing_that_forgot_to_sanitise_is_harmless_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    output, out, _ = made()
    table = Table()
    table.add_column("banner")
    table.add_row(Text(HOSTILE))
    output.show(table, Text(HOSTILE))
    assert is_harmless(out.getvalue())
    assert "[link=http://evil.example]click[/link]" in out.getvalue()
    assert "\\x1b[2J" in out.getvalue()


def test_lines_and_complaints_are_harmless() -> None:
    output, out, err = made()
    output.line(HOSTILE)
    output.lines([HOSTILE, "plain"])
    output.complain(HOSTILE)
    assert is_harmless(out.getvalue())
    assert is_harmless(err.getvalue())
    assert err.getvalue().startswith("doorward: ")
    assert out.getvalue().endswith("\nplain\n")


def test_json_is_ascii_and_means_the_same() -> None:
    output, out, _ = made()
    output.document({"banner": HOSTILE})
    assert out.getvalue().isascii()
    assert json.loads(out.getvalue()) == {"banner": HOSTILE}


def test_json_lines_are_one_a_line() -> None:
    output, out, _ = made()
    output.json_line({"a": "x\ny"})
    output.json_line({"a": 2})
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [{"a": "x\ny"}, {"a": 2}]


def test_a_drawing_leaves_no_trailing_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    output, out, _ = made()
    table = Table(box=None)
    table.add_column("a", width=20)
    table.add_row("x")
    output.show(table)
    assert all(line == line.rstrip() for line in out.getvalue().splitlines())
    assert output.columns == 60


def test_progress_is_silent_where_nobody_watches() -> None:
    output, _, err = made()
    output.progress("working")
    assert err.getvalue() == ""
    assert not output.is_terminal


def test_a_closed_stdout_is_the_worlds_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(WorldError, match="standard output is closed"):
        Output().line("x")


def test_files_pass_as_they_are(tmp_path: Path) -> None:
    output, out, _ = made()
    output.file("a,b\r\n")
    assert out.getvalue() == "a,b\r\n"
