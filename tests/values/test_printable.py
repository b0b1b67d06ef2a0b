from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.values.printable import MAX_SHOWN, escape_json_text, printable, printable_bytes, spreadsheet_safe

HOSTILE = {
    "clear the screen": ("\x1b[2J", "\\x1b[2J"),
    "set the title": ("\x1b]0;x\x07", "\\x1b]0;x\\x07"),
    "C1 control sequence introducer": ("\x9b31m", "\\x9b31m"),
    "right-to-left override": ("a\u202eb", "a\\u202eb"),
    "isolate": ("\u2066x\u2069", "\\u2066x\\u2069"),
    "zero width": ("a\u200bb", "a\\u200bb"),
    "line separator": ("a\u2028b", "a\\u2028b"),
    "newline": ("a\nb", "a\\x0ab"),
    "carriage return": ("a\rb", "a\\x0db"),
    "backspace": ("a\bb", "a\\x08b"),
    "null": ("\0", "\\x00"),
    "tag characters": ("\U000e0041", "\\U000e0041"),
    "private use": ("\ue000", "\\ue000"),
    "lone surrogate": ("\ud800", "\\ud800"),
    "surrogateescape": ("\udcff", "\\xff"),
}


@pytest.mark.parametrize(("text", "shown"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_shown_by_its_numbers(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(max_size=200))
def test_the_result_is_printable_and_stays_as_it_is(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_ordinary_text_of_any_script_is_untouched(text: str) -> None:
    assert printable(text) == text


@given(st.binary(max_size=200))
def test_bytes_become_printable(data: bytes) -> None:
    assert printable_bytes(data).isprintable()


def test_bytes_show_line_ends_and_utf8() -> None:
    assert printable_bytes("220 Grüße\r\n\t\xff".encode()[:-2] + b"\xff") == "220 Grüße\\r\\n\\t\\xff"


def test_ten_megabytes_are_cut_with_a_note() -> None:
    shown = printable("A" * 10_000_000)
    assert len(shown) < MAX_SHOWN + 40
    assert shown.endswith("(+9995904 characters)")
    assert printable_bytes(b"A" * 10_000_000).endswith("(+9995904 bytes)")


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_means_the_same_in_ascii(value: object) -> None:
    escaped = escape_json_text(json.dumps(value, ensure_ascii=False))
    assert escaped.isascii()
    assert json.loads(escaped) == value


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert spreadsheet_safe(cell) == "'" + cell


def test_harmless_cells_stay() -> None:
    assert spreadsheet_safe("nginx") == "nginx"
