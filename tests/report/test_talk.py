"""How events are drawn: marks, hidden words, and the line being typed."""

import datetime
from typing import Any

from doorward.identify.talk_answer import Happening, TalkEvent
from doorward.report.talk import drawn_lines, plain_lines, prompt


def event(kind: Happening, **told: Any) -> TalkEvent:
    return TalkEvent(at=datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC), elapsed_ms=1, kind=kind, **told)


def test_each_kind_has_its_mark() -> None:
    assert plain_lines(event(Happening.HEARD, text="220 hi")) == ["← 220 hi"]
    assert plain_lines(event(Happening.SAID, text="QUIT")) == ["→ QUIT"]
    assert plain_lines(event(Happening.NOTE, text="Something.")) == ["· Something."]
    assert plain_lines(event(Happening.OPTION, text="It asks.", option="DO echo", answer="WONT echo")) == [
        "· It asks. (DO echo → WONT echo)"
    ]
    assert plain_lines(event(Happening.OPTION, text="It asks.", option="NOP")) == ["· It asks. (NOP)"]


def test_what_is_hidden_stays_so_also_in_hex() -> None:
    hidden = event(Happening.SAID, hidden=True)
    assert plain_lines(hidden) == plain_lines(hidden, in_hex=True) == ["→ •••• (not shown: it may be a password)"]
    assert plain_lines(event(Happening.SAID, hidden=True, text="PASS ••••"), in_hex=True) == ["→ PASS ••••"]


def test_bytes_stand_in_rows() -> None:
    rows = plain_lines(event(Happening.HEARD, text="A", hex="41" * 17), in_hex=True)
    assert [row[:8] for row in rows] == ["← 0000  ", "  0010  "]
    assert max(map(len, rows)) <= 80


def test_drawn_and_plain_say_the_same() -> None:
    one = event(Happening.HEARD, text="[red]x[/red]")
    assert [line.plain for line in drawn_lines(one, 80)] == plain_lines(one)


def test_long_lines_fold_behind_their_marks() -> None:
    ours = [line.plain for line in drawn_lines(event(Happening.NOTE, text="some words " * 20), 40)]
    theirs = [line.plain for line in drawn_lines(event(Happening.HEARD, text="a  b" * 30), 40)]
    assert ours[0].startswith("· some")
    assert all(line.startswith("  ") and len(line) <= 40 for line in (*ours[1:], *theirs[1:]))
    assert "".join(line[2:] for line in theirs) == "a  b" * 30


def test_the_line_being_typed_shows_its_cursor_and_fits() -> None:
    assert prompt("hello", 5, 80, hidden=False) == "→ hello"
    assert prompt("hello", 2, 80, hidden=False) == "→ he▏llo"
    assert prompt("geheim", 6, 80, hidden=True) == "→ •••••• (hidden)"
    long = "".join(str(n % 10) for n in range(300))
    for cursor in range(0, 301, 7):
        shown = prompt(long, cursor, 79, hidden=False)
        assert len(shown) <= 79
        assert cursor == 300 or "▏" in shown
    assert prompt(long, 300, 79, hidden=False).endswith("9")
