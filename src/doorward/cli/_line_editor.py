"""Editing one line, key by key: bytes of a keyboard in, the line and its cursor out. Pure; knows no terminal and draws nothing.

Keys: Enter; Backspace; Delete; arrows, Home, End (Ctrl-A, Ctrl-E); Ctrl-U (whole line), Ctrl-W (last word), Ctrl-K (to the end); up and
down through earlier lines; Ctrl-D on an empty line and Ctrl-] leave. Other control keys do nothing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import Final

__all__ = ["LineEditor"]

_LONGEST_LINE: Final = 4096
_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|[^\[O])")  # ECMA-48 §5.4; SS3 for keypads
_KEYS: Final = {
    "\x1b[A": "up", "\x1bOA": "up", "\x10": "up",
    "\x1b[B": "down", "\x1bOB": "down", "\x0e": "down",
    "\x1b[C": "right", "\x1bOC": "right", "\x06": "right",
    "\x1b[D": "left", "\x1bOD": "left", "\x02": "left",
    "\x1b[H": "home", "\x1bOH": "home", "\x1b[1~": "home", "\x01": "home",
    "\x1b[F": "end", "\x1bOF": "end", "\x1b[4~": "end", "\x05": "end",
    "\x1b[3~": "delete", "\x7f": "backspace", "\x08": "backspace",
    "\x15": "clear", "\x17": "word", "\x0b": "rest", "\r": "enter", "\n": "enter", "\x1d": "leave", "\x04": "leave on empty",
}  # fmt: skip


class LineEditor:
    """One line being edited; ``earlier`` are the lines to walk through with the arrows, oldest first."""

    def __init__(self, earlier: Sequence[str] = ()) -> None:
        self.text = ""
        self.cursor = 0
        self.has_left = False
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._escape = ""
        self._earlier = list(earlier)
        self._place = len(self._earlier)
        self._draft = ""

    @property
    def earlier(self) -> list[str]:
        """All lines there are to walk through."""
        return self._earlier

    def remember(self, line: str) -> None:
        """Add an entered line to those to walk through, unless it repeats the last."""
        if line.strip() and self._earlier[-1:] != [line]:
            self._earlier.append(line)
        self._place = len(self._earlier)

    def feed(self, keys: bytes) -> list[str]:
        """Take what the keyboard sent and return the lines that were entered, without their ends."""
        lines = []
        for character in self._decoder.decode(keys):
            key = self._key(character)
            if key == "enter":
                lines.append(self.text)
                self.text, self.cursor, self._place, self._draft = "", 0, len(self._earlier), ""
            elif key in ("leave", "leave on empty"):
                self.has_left = self.has_left or key == "leave" or not self.text
            elif key:
                self._edit(key)
        return lines

    def _key(self, character: str) -> str:
        """Return the key's name, the character itself where it is one, or nothing while an escape sequence isn't whole."""
        if self._escape or character == "\x1b":
            self._escape += character
            if not _ESCAPE.fullmatch(self._escape):
                if len(self._escape) > 16:
                    self._escape = ""
                return ""
            key, self._escape = _KEYS.get(self._escape, ""), ""
            return key
        return _KEYS.get(character) or (character if character.isprintable() else "")

    def _edit(self, key: str) -> None:
        before, after = self.text[: self.cursor], self.text[self.cursor :]
        if key in ("up", "down"):
            self._walk(-1 if key == "up" else 1)
        elif key == "left":
            self.cursor = max(0, self.cursor - 1)
        elif key == "right":
            self.cursor = min(len(self.text), self.cursor + 1)
        elif key == "home":
            self.cursor = 0
        elif key == "end":
            self.cursor = len(self.text)
        elif key == "backspace":
            self._set(before[:-1], after)
        elif key == "delete":
            self._set(before, after[1:])
        elif key == "clear":
            self._set("", "")
        elif key == "word":
            self._set(re.sub(r"\S*\s*\Z", "", before), after)
        elif key == "rest":
            self._set(before, "")
        elif len(key) == 1 and len(self.text) < _LONGEST_LINE:
            self._set(before + key, after)

    def _set(self, before: str, after: str) -> None:
        self.text, self.cursor = before + after, len(before)

    def _walk(self, step: int) -> None:
        place = min(max(self._place + step, 0), len(self._earlier))
        if place == self._place:
            return
        if self._place == len(self._earlier):
            self._draft = self.text
        self._place = place
        self.text = self._earlier[place] if place < len(self._earlier) else self._draft
        self.cursor = len(self.text)
