"""The order of a scan computed for arrays of places, both ways: place to number, number to place. Knows neither addresses nor ports.

The same bijection as `scan.shuffle.Shuffle` gives one number at a time, which is its second opinion in the tests. Going back matters as
much as going forth: an answer names its door, the door's number has one place in the order, and so an answer finds the memory of its
knock without any table of doors.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import CallError

__all__ = ["Order"]

Numbers = NDArray[np.int64]
Words = NDArray[np.uint64]

_ROUNDS: Final = 6  # as in scan/shuffle.py, which tells why
_MIX: Final = 0x9E3779B97F4A7C15
_WORD: Final = (1 << 64) - 1
_MOST: Final = 1 << 62  # places are signed 64-bit numbers, and the network's domain exceeds the size by at most its root


class Order:
    """A bijection of ``range(size)`` under ``key``, of which shard ``shard`` of ``shards`` takes every ``shards``-th place."""

    def __init__(self, size: int, key: int, *, shard: int = 0, shards: int = 1) -> None:
        if size > _MOST:
            why = f"{size:,} doors are more than any scan could knock at"
            raise CallError("scan", why=why, remedy="Give fewer targets or ports.")
        self.size: Final = size
        self._shard = shard
        self._shards = shards
        self.count: Final = max(0, -(-(size - shard) // shards))  #: places of this shard
        self._left = math.isqrt(max(size - 1, 0)) + 1
        self._right = -(-size // self._left) or 1
        self._keys = tuple(np.uint64(_mixed(key + place * _MIX)) for place in range(1, _ROUNDS + 1))

    def numbers(self, first: int, count: int) -> Numbers:
        """The numbers at ``count`` places from ``first`` on, in their order."""
        places = np.arange(first, first + count, dtype=np.uint64) * np.uint64(self._shards) + np.uint64(self._shard)
        return self._walked(places, forth=True)

    def places(self, numbers: Numbers) -> Numbers:
        """Where each number stands in this shard's order, -1 for numbers of other shards."""
        places = self._walked(numbers.astype(np.uint64), forth=False)
        if self._shards == 1:
            return places
        ours = places % self._shards == self._shard
        return np.where(ours, places // self._shards, -1)

    def _walked(self, numbers: Words, *, forth: bool) -> Numbers:
        """One pass for all, and further ones for the few that lie outside: a × b exceeds the size by less than a."""
        once = self._forth if forth else self._back
        result = once(numbers)
        outside = np.flatnonzero(result >= self.size)
        while len(outside):
            result[outside] = once(result[outside])
            outside = outside[result[outside] >= self.size]
        return result.astype(np.int64)

    def _forth(self, numbers: Words) -> Words:
        here, other = np.uint64(self._left), np.uint64(self._right)
        right, left = np.divmod(numbers, here)
        for key in self._keys:
            left, right = right, _added(left, _mixing(right, key) % here, here)
            here, other = other, here
        return here * right + left

    def _back(self, numbers: Words) -> Words:
        here, other = np.uint64(self._left), np.uint64(self._right)
        right, left = np.divmod(numbers, here)  # six rounds swap the halves' sizes six times: they end where they began
        for key in reversed(self._keys):
            here, other = other, here
            left, right = _added(right, here - _mixing(left, key) % here, here), left
        return here * right + left


def _mixing(half: Words, key: np.uint64) -> Words:
    mixed = (half ^ key) * np.uint64(_MIX)
    return mixed ^ (mixed >> np.uint64(29))


def _added(one: Words, two: Words, modulus: np.uint64) -> Words:
    """The sum of two numbers below, and at most, ``modulus``, modulo it."""
    total = one + two
    return np.where(total >= modulus, total - modulus, total)


def _mixed(number: int) -> int:
    """Fold a number of any size into 64 mixed bits (SplitMix's finaliser), as in scan/shuffle.py."""
    word = (number ^ (number >> 64)) & _WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    return word ^ (word >> 31)
