"""A conversation by hand drawn line by line: arrows for words, dots for what goes on beside them; knows events and no terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from rich.text import Text

from doorward.identify.spoken_secrets import MASK
from doorward.identify.talk_answer import Happening, TalkEvent
from doorward.report.hex_rows import hex_rows
from doorward.values.printable import printable

__all__ = ["drawn_lines", "plain_lines", "prompt"]

_HEARD: Final = "← "
_SAID: Final = "→ "
_BESIDE: Final = "· "
_HIDDEN: Final = f"{MASK} (not shown: it may be a password)"
_WARNS: Final = (Happening.CLOSED, Happening.FIRST, Happening.SECURED, Happening.CONNECTED)


def plain_lines(event: TalkEvent, *, in_hex: bool = False) -> list[str]:
    """Write an event as lines without colour."""
    return [f"{mark}{text}" for mark, text in _parts(event, in_hex=in_hex)]


def drawn_lines(event: TalkEvent, columns: int, *, in_hex: bool = False) -> list[Text]:
    """Draw an event as lines folded behind their marks; the arrows carry the meaning, colours repeat it."""
    return [
        Text.assemble((mark if place == 0 else "  ", _STYLES.get(mark, "dim")), (line, _text_style(event)))
        for mark, text in _parts(event, in_hex=in_hex)
        for place, line in enumerate(_folded(text, max(columns - 2, 10), ours=mark == _BESIDE))
    ]


def _folded(text: str, width: int, *, ours: bool) -> list[str]:
    """Our own sentences break between words; others' words break where the line is full, for their blanks may mean something."""
    if ours:
        return textwrap.wrap(text, width)
    return [text[start : start + width] for start in range(0, max(len(text), 1), width)]


_STYLES: Final = {_HEARD: "green", _SAID: "cyan"}


def _text_style(event: TalkEvent) -> str:
    if event.kind in (Happening.HEARD, Happening.SAID):
        return ""
    return "bold" if event.kind in _WARNS else "dim"


def _parts(event: TalkEvent, *, in_hex: bool) -> Iterator[tuple[str, str]]:
    """The lines of an event, each with the mark before it."""
    if event.kind is Happening.OPTION:
        answered = f" → {event.answer}" if event.answer else ""
        yield _BESIDE, printable(f"{event.text} ({event.option}{answered})")
        return
    if event.kind not in (Happening.HEARD, Happening.SAID):
        yield _BESIDE, printable(event.text)
        return
    mark = _HEARD if event.kind is Happening.HEARD else _SAID
    if event.hidden:
        yield mark, printable(event.text) or _HIDDEN
    elif in_hex:
        for place, line in enumerate(hex_rows(bytes.fromhex(event.hex))):
            yield (mark if place == 0 else "  "), line
    else:
        yield mark, printable(event.text)


def prompt(text: str, cursor: int, columns: int, *, hidden: bool) -> str:
    """The line being typed as it stands at the bottom: its part around the cursor, dots where it must not be seen."""
    if hidden:
        return f"{_SAID}{'•' * min(len(text), columns - 20)}{' (hidden)' if text else ''}"
    shown = text if cursor == len(text) else f"{text[:cursor]}▏{text[cursor:]}"
    room = max(columns - 4, 10)
    begin = max(0, min(cursor - room + 8, len(shown) - room)) if len(shown) > room else 0
    return f"{_SAID}{'…' if begin else ''}{shown[begin : begin + room]}"
