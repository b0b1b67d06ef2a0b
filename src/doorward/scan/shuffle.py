"""A keyed order of the numbers below N that needs no memory; knows neither addresses nor ports.

Knocking in ascending order is rude to hosts (one after the other gets all at once) and blind to what changes meanwhile. A
shuffled list of 2^40 doors doesn't fit anywhere. So the order is computed: a bijection of 0…N-1 under a key, by the generalised
Feistel network of Black and Rogaway ("Ciphers with Arbitrary Finite Domains", 2002) on a × b ≥ N with a and b near √N, walking the
cycle where the result is ≥ N. Not a cipher: the round function is a multiply-and-fold mixer, chosen for speed; nothing secret rests on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from doorward.errors import CallError

__all__ = ["Shuffle"]

# Six rounds: with three, the first tenth of an order is uneven over equal slices (chi-square 86 to 98 where 57 to 63 are expected), with
# four it is too even in the lowest bits; from six on nothing shows (tests/scan/test_shuffle.py, measured 2026-11-23).
_ROUNDS: Final = 6
_MIX: Final = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio (Knuth, TAOCP vol. 3 §6.4): an odd constant without pattern
_WORD: Final = (1 << 64) - 1


class Shuffle:
    """A bijection of ``range(size)``; the same ``key`` gives the same order on every machine."""

    __slots__ = ("_keys", "_left", "_right", "size")

    def __init__(self, size: int, key: int) -> None:
        if size < 0:
            raise CallError("shuffle", str(size), why="a set has no negative size")
        self.size = size
        self._left = math.isqrt(max(size - 1, 0)) + 1
        self._right = -(-size // self._left) or 1
        self._keys = tuple(_mixed(key + place * _MIX) for place in range(1, _ROUNDS + 1))

    def __getitem__(self, index: int) -> int:
        """Return the number at place ``index`` of the order."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        place = self._once(index)
        while place >= self.size:  # a × b exceeds N by less than a, so this is rare: once in √N
            place = self._once(place)
        return place

    def __iter__(self) -> Iterator[int]:
        """Yield all numbers once each, in the order."""
        return self.walk(0)

    def walk(self, start: int) -> Iterator[int]:
        """Yield the numbers from place ``start`` of the order on."""
        size, once = self.size, self._once
        for index in range(start, size):
            place = once(index)
            while place >= size:
                place = once(place)
            yield place

    def _once(self, number: int) -> int:
        """One pass through the network; each round adds a mix of one half to the other, which can be undone."""
        here, other = self._left, self._right
        left, right = number % here, number // here
        for key in self._keys:
            mixed = ((right ^ key) * _MIX) & _WORD
            left, right = right, (left + (mixed ^ (mixed >> 29))) % here
            here, other = other, here
        return here * right + left


def _mixed(number: int) -> int:
    """Fold a number of any size into 64 mixed bits (the finaliser of Steele, Lea and Flood's SplitMix, 2014)."""
    word = (number ^ (number >> 64)) & _WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    return word ^ (word >> 31)
