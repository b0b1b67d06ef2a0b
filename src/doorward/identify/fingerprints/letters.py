"""Sets of characters, as a pattern's dot, classes and letters mean them; knows no pattern around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["ANYTHING", "NOT_NEWLINE", "CharSet", "named_class", "of_letter"]

_LAST: Final = 0x10FFFF


def _merged(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


class CharSet:
    """Some characters: ranges of code points, inclusive, ordered, apart from each other; ``low_mask`` has a bit for each below 256."""

    __slots__ = ("low_mask", "ranges")

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self.ranges = _merged(ranges)
        # The first 256 as bits of one number: nearly all that is ever asked for.
        self.low_mask = sum((1 << min(last, 255) + 1) - (1 << first) for first, last in self.ranges if first < 256)

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        if code < 256:
            return bool(self.low_mask >> code & 1)
        return any(first <= code <= last for first, last in self.ranges)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CharSet) and self.ranges == other.ranges

    def __hash__(self) -> int:
        return hash(self.ranges)

    def __repr__(self) -> str:
        return f"CharSet({self.ranges!r})"

    def inverted(self) -> CharSet:
        """All other characters."""
        edges, next_one = [], 0
        for first, last in self.ranges:
            if first > next_one:
                edges.append((next_one, first - 1))
            next_one = last + 1
        return CharSet([*edges, (next_one, _LAST)] if next_one <= _LAST else edges)

    def with_both_cases(self) -> CharSet:
        """The same with each letter in both cases. Only ASCII's letters have two: what else varies with the language isn't told apart."""
        more = list(self.ranges)
        for base, shift in ((0x41, 32), (0x61, -32)):
            for first, last in self.ranges:
                low, high = max(first, base), min(last, base + 25)
                if low <= high:
                    more.append((low + shift, high + shift))
        return CharSet(more)

    @property
    def letter(self) -> str:
        """Its only character, or the lower case of its only two where they are one letter's; else nothing."""
        count = sum(last - first + 1 for first, last in self.ranges)
        first = chr(self.ranges[0][0]) if self.ranges else ""
        if count == 1:
            return first.lower() if first.isascii() else ""
        return (
            first.lower() if count == 2 and first.isascii() and first.isalpha() and first.lower() in self and first.upper() in self else ""
        )


def of_letter(character: str) -> CharSet:
    """The set of one character."""
    return CharSet([(ord(character), ord(character))])


_CLASSES: Final = {
    "d": CharSet([(48, 57)]),
    "w": CharSet([(48, 57), (65, 90), (95, 95), (97, 122)]),
    "s": CharSet([(9, 13), (32, 32)]),
}
ANYTHING: Final = CharSet([(0, _LAST)])
NOT_NEWLINE: Final = of_letter("\n").inverted()


def named_class(letter: str) -> CharSet | None:
    r"""``\d``, ``\w``, ``\s`` and their opposites in capitals, ASCII as Ruby means them; `None` for other letters."""
    found = _CLASSES.get(letter.lower())
    return found.inverted() if found is not None and letter.isupper() else found
