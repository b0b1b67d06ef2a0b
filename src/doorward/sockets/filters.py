"""The filter language of ``doorward sockets``: how its words are put together.

    filter  = either
    either  = both *("or" both)
    both    = single *(["and"] single)
    single  = "not" single / "(" either ")" / flag / [side] field [is] value / measure comparison number
    side    = "local" / "remote"
    is      = "=" / "!=" / "is"

``port 5432``, ``local port 22``, ``state established``, ``process sshd and not local``, ``rtt > 50ms``, ``user www-data or unit nginx``.
A value may list several, with commas: ``port 80,443``. The words are those of the output; see `filter_words` for what each asks.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, NoReturn

from doorward.errors import CallError, FilterError
from doorward.sockets.filter_words import COMPARISONS, FIELDS, FLAGS, MEASURES, SIDED, Mask, Scene, Test
from doorward.values.portsets import NameLookup

__all__ = ["WORDS", "Filter", "join_words", "parse_filter"]

_TOKEN: Final = re.compile(r"""\s*(?:"(?P<quoted>[^"]*)"|(?P<word>[()]|[<>!]=|[<>=]|[^\s()<>=!"]+)|(?P<odd>\S))""")
_JOINTS: Final = frozenset({"and", "or", "not"})
_MAX_LENGTH: Final = 10_000  # characters; a filter that a person or a script writes is far shorter
_MAX_DEPTH: Final = 50  # parentheses and nots inside one another: far from Python's limit on recursion

#: Every word of the language, in the order in which a person meets them.
WORDS: Final = (*FIELDS, *MEASURES, *FLAGS, "and", "or", "not")


class _Token(NamedTuple):
    text: str
    column: int
    quoted: bool = False


class Filter:
    """A filter that has been read; ``text`` is how it was written."""

    def __init__(self, text: str, test: Test | None) -> None:
        self.text = text
        self._test = test

    def mask(self, scene: Scene) -> Mask:
        """One truth per row of the scene's table; an empty filter lets every row through."""
        import numpy as np

        if self._test is None:
            return np.ones(len(scene.table), np.bool_)
        return self._test(scene)

    @property
    def is_empty(self) -> bool:
        """Whether it lets everything through because nothing was asked."""
        return self._test is None


def join_words(words: Sequence[str]) -> str:
    """Make one text of a command line's words; a word with blanks behind a field was quoted for the shell, and stays one value."""
    joined: list[str] = []
    for place, word in enumerate(words):
        is_value = place > 0 and words[place - 1].lower() in FIELDS
        joined.append(f'"{word}"' if is_value and " " in word and '"' not in word else word)
    return " ".join(joined)


def parse_filter(text: str, names: NameLookup | None = None) -> Filter:
    """Read a filter; ``names`` finds the ports of service names. Raises `FilterError` with the column, a near word, and all words."""
    if len(text) > _MAX_LENGTH:
        raise FilterError(text[:40] + "…", column=_MAX_LENGTH, why=f"it is longer than {_MAX_LENGTH} characters")
    reader = _Reader(text, names)
    if reader.at_end():
        return Filter(text, None)
    test = reader.either(0)
    if not reader.at_end():
        reader.refuse("only one parenthesis closes here, and none is open" if reader.word == ")" else "a word is too many")
    return Filter(text, test)


class _Reader:
    """Reads tokens from left to right; each method reads one rule of the grammar and returns its test."""

    def __init__(self, text: str, names: NameLookup | None) -> None:
        self._text = text
        self._names = names
        self._tokens: list[_Token] = []
        self._next = 0
        for match in _TOKEN.finditer(text):
            if match["odd"]:
                self._fail(match.start("odd"), f"{match['odd']!r} is no sign of the filter")
            quoted = match["quoted"] is not None
            self._tokens.append(_Token(match["quoted"] if quoted else match["word"], match.start("quoted" if quoted else "word"), quoted))

    def at_end(self) -> bool:
        """Whether all tokens are read."""
        return self._next >= len(self._tokens)

    @property
    def word(self) -> str:
        """The token in hand in lower case; empty at the end and for quoted ones, which are never words of the language."""
        if self.at_end() or self._tokens[self._next].quoted:
            return ""
        return self._tokens[self._next].text.lower()

    def either(self, depth: int) -> Test:
        tests = [self.both(depth)]
        while self._take("or"):
            tests.append(self.both(depth))
        return _joined(tests, operator.or_)

    def both(self, depth: int) -> Test:
        tests = [self.single(depth)]
        while self._take("and") or not (self.at_end() or self.word in ("or", ")")):
            tests.append(self.single(depth))
        return _joined(tests, operator.and_)

    def single(self, depth: int) -> Test:
        if depth > _MAX_DEPTH:
            self.refuse(f"more than {_MAX_DEPTH} parentheses and nots stand inside one another")
        if self._take("not"):
            return _not(self.single(depth + 1))
        if self.word == "(":
            return self._parenthesis(depth)
        side = self.word if self.word in ("local", "remote") and self._following() in SIDED else ""
        self._next += bool(side)
        word = self._tokens[self._next].text.lower() if side else self.word
        if word in FIELDS:
            self._next += 1
            return self._field(word, side)
        if word in MEASURES:
            self._next += 1
            return self._measure(word)
        if word in FLAGS:
            self._next += 1
            return FLAGS[word]
        return self._unknown()

    def _parenthesis(self, depth: int) -> Test:
        opened = self._tokens[self._next].column
        self._next += 1
        test = self.either(depth + 1)
        if not self._take(")"):
            self._fail(opened, "this parenthesis is never closed")
        return test

    def _field(self, word: str, side: str) -> Test:
        differs = self.word == "!="
        if self.word in ("=", "!=", "is"):
            self._next += 1
        if self.word in COMPARISONS and not self.word.isalpha():  # "over" is also a state's name
            self.refuse(f"{word!r} can be equal or not, but not more or less")
        value = self._value(word, _EXAMPLES.get(word, "a name"))
        try:
            test = FIELDS[word](value.text, side, self._names)
        except CallError as error:
            raise FilterError(self._text, column=value.column, why=f"at column {value.column + 1}, {error}") from None
        return _not(test) if differs else test

    def _measure(self, word: str) -> Test:
        number, units = MEASURES[word]
        compare = COMPARISONS.get(self.word)
        if compare is not None:
            self._next += 1
        elif word != "pid":
            self.refuse(f"{word!r} needs a comparison behind it, such as: {word} over 0")
        token = self._value(word, "a number")
        amount = _amount(token.text, units)
        if amount is None:
            known = ", ".join(unit for unit in units if unit)
            self._fail(token.column, f"{token.text!r} is no number" + (f" with one of the units {known}" if known else ""))
        test = compare or COMPARISONS["="]
        return lambda scene: test(number(scene), amount)

    def _value(self, word: str, example: str) -> _Token:
        if self.at_end() or self.word in _JOINTS or self.word in ("(", ")") or not self._tokens[self._next].text:
            self.refuse(f"{word!r} needs {example} behind it")
        self._next += 1
        return self._tokens[self._next - 1]

    def _take(self, word: str) -> bool:
        taken = self.word == word
        self._next += taken
        return taken

    def _following(self) -> str:
        after = self._next + 1
        return self._tokens[after].text.lower() if after < len(self._tokens) else ""

    def _unknown(self) -> NoReturn:
        import difflib

        if self.at_end() or self.word in _JOINTS or self.word == ")":
            self.refuse("a condition is missing here")
        near = difflib.get_close_matches(self.word, [*WORDS, "time-wait", "established", "listen"], 1, cutoff=0.6)
        meant = f"Did you mean {near[0] if near[0] in WORDS else f'state {near[0]}'!r}? " if near else ""
        self.refuse(f"{self._tokens[self._next].text!r} is no word of the filter", f"{meant}The words are: {', '.join(WORDS)}.")

    def refuse(self, why: str, remedy: str = "") -> NoReturn:
        """Raise the error of the token in hand."""
        self._fail(len(self._text) if self.at_end() else self._tokens[self._next].column, why, remedy)

    def _fail(self, column: int, why: str, remedy: str = "") -> NoReturn:
        raise FilterError(self._text, column=column, why=f"at column {column + 1}, {why}", remedy=remedy)


_EXAMPLES: Final = {
    "port": "a port, a range or a service name",
    "address": "an address or a network such as 10.0.0.0/8",
    "state": "a state such as established",
    "transport": "tcp or udp",
    "role": "server or client",
}


def _amount(text: str, units: Mapping[str, float]) -> float | None:
    """Read ``50ms`` or ``1.5MB``; ``None`` for nonsense. A bare number is in the first unit."""
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,9})?)([a-zµ]*)", text.lower())
    if match is None:
        return None
    size = units.get(match[2]) if match[2] else next(iter(units.values()))
    return None if size is None else float(match[1]) * size


def _joined(tests: list[Test], join: Callable[[Mask, Mask], Mask]) -> Test:
    """One test of several; a loop and not a chain of calls, for a script may write a thousand of them."""
    if len(tests) == 1:
        return tests[0]
    return lambda scene: functools.reduce(join, (test(scene) for test in tests))


def _not(test: Test) -> Test:
    return lambda scene: ~test(scene)
