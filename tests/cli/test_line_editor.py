import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.cli._line_editor import LineEditor

KEYS = [
    ("abc", "abc", 3),
    ("abc\x7f", "ab", 2),
    ("abc\x1b[D\x1b[DX", "aXbc", 2),
    ("abc\x01X\x05Y", "XabcY", 5),
    ("abc\x1b[H\x1b[3~", "bc", 0),
    ("one two\x17", "one ", 4),
    ("one two\x15", "", 0),
    ("abc\x02\x02\x0b", "a", 1),
    ("a\x07\x00b", "ab", 2),  # other control keys do nothing
    ("a\x1b[99Zb", "ab", 2),  # nor do keys that we don't know
    ("ü€", "ü€", 2),
    ("\x7f\x1b[D\x1b[C\x1b[A\x1b[B", "", 0),
]


@pytest.mark.parametrize(("keys", "text", "cursor"), KEYS)
def test_keys(keys: str, text: str, cursor: int) -> None:
    editor = LineEditor()
    for byte in keys.encode():  # terminals send as they please: byte by byte is the hardest
        assert editor.feed(bytes((byte,))) == []
    assert (editor.text, editor.cursor) == (text, cursor)


def test_lines_and_those_before() -> None:
    editor = LineEditor(["old"])
    assert editor.feed(b"one\rtwo\rthr") == ["one", "two"]
    editor.remember("one")
    editor.remember("one")
    assert editor.earlier == ["old", "one"]
    editor.feed(b"\x1b[A")
    assert editor.text == "one"
    editor.feed(b"\x1b[A\x1b[A")
    assert editor.text == "old"
    editor.feed(b"\x1b[B\x1b[B")
    assert editor.text == "thr"


def test_leaving() -> None:
    editor = LineEditor()
    editor.feed(b"a\x04")
    assert [editor.has_left] == [False]
    editor.feed(b"\x1d")
    assert editor.has_left
    assert LineEditor().feed(b"\x04") == []


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_keys_leave_a_line_that_can_be_shown(portions: list[bytes]) -> None:
    editor = LineEditor(["one", "two"])
    for portion in portions:
        assert all(line.isprintable() for line in editor.feed(portion))
        assert editor.text.isprintable()
        assert 0 <= editor.cursor <= len(editor.text)
