"""The memory of the doors in work: a ring of slots over the order of a scan, found by place, never searched. Knows no packets.

The door at place p of the order lives in slot p modulo the capacity while it is in work. An answer names a door, the door's number has
one place, and the place its slot: so a million doors in work need no table, and a scan of 2^40 doors no more memory than one of 2^20.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["EMPTY", "MOST_SLOTS", "QUEUED", "SETTLED", "WAITING", "Settled", "Window"]

Numbers = NDArray[np.int64]

EMPTY: Final = 0  #: no door
QUEUED: Final = 1  #: to be knocked at
WAITING: Final = 2  #: knocked at, and not answered yet
SETTLED: Final = 3  #: known, one way or the other; an answer may still come and be better than silence

#: Doors in work at most: at 600,000 knocks a second, three knocks and half a second of patience; 25 bytes each.
MOST_SLOTS: Final = 1 << 20


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Settled:
    """n doors that left the window, in the scan's order."""

    doors: Numbers
    codes: NDArray[np.uint8]
    knocks: NDArray[np.uint8]
    rtt_us: NDArray[np.int32]  #: -1 where nothing answered
    tellers: NDArray[np.uint8]  #: (n, 16) who sent the error that decided it; zero where the door's host did, or nobody

    def __len__(self) -> int:
        return len(self.doors)


class Window:
    """Doors in work: places ``base`` to ``next`` of an order of ``count``."""

    def __init__(self, count: int, *, first: int = 0, most: int = MOST_SLOTS) -> None:
        capacity = 1 << max(4, (min(count - first, most) - 1).bit_length())
        self.capacity: Final = capacity
        self._mask: Final = capacity - 1
        self.count: Final = count
        self.base = first  #: the first place in work
        self.next = first  #: the first place not yet begun
        self.doors = np.zeros(capacity, dtype=np.int64)
        self.state = np.zeros(capacity, dtype=np.uint8)
        self.knocks = np.zeros(capacity, dtype=np.uint8)  #: that count as evidence
        self.tries = np.zeros(capacity, dtype=np.uint8)  #: sent, those excused included
        self.codes = np.zeros(capacity, dtype=np.uint8)
        self.rtt_us = np.full(capacity, -1, dtype=np.int32)
        self.sent_ns = np.zeros(capacity, dtype=np.int64)
        self.timed = np.zeros(capacity, dtype=np.bool_)  #: sent among so few that the moment of sending is the knock's own
        self._tellers: NDArray[np.uint8] | None = None

    @property
    def free(self) -> int:
        """How many doors may be begun now."""
        return min(self.capacity - (self.next - self.base), self.count - self.next)

    @property
    def is_done(self) -> bool:
        """Whether all doors have left."""
        return self.base >= self.count

    def begin(self, doors: Numbers) -> Numbers:
        """Take the next doors in; returns their slots."""
        slots = np.arange(self.next, self.next + len(doors), dtype=np.int64) & self._mask
        self.next += len(doors)
        self.doors[slots] = doors
        self.state[slots] = QUEUED
        self.knocks[slots] = self.tries[slots] = 0
        self.rtt_us[slots] = -1
        if self._tellers is not None:
            self._tellers[slots] = 0
        return slots

    def slots(self, places: Numbers) -> Numbers:
        """The slots of ``places``, -1 where a place is not in work."""
        return np.where((places >= self.base) & (places < self.next), places & self._mask, -1)

    def tell(self, slots: Numbers, tellers: NDArray[np.uint8]) -> None:
        """Remember who sent the error that decided some doors."""
        if self._tellers is None:
            self._tellers = np.zeros((self.capacity, 16), dtype=np.uint8)
        self._tellers[slots] = tellers

    def retire(self) -> Settled:
        """Let the settled doors at the front leave."""
        first, count = self.base, self.next - self.base
        slots = np.arange(first, first + count, dtype=np.int64) & self._mask
        settled = self.state[slots] == SETTLED
        leaving = count if settled.all() else int(np.argmin(settled))
        slots = slots[:leaving]
        self.base += leaving
        self.state[slots] = EMPTY
        return self._told(slots)

    def in_work(self) -> Numbers:
        """The slots of all doors in work, in order."""
        return np.arange(self.base, self.next, dtype=np.int64) & self._mask

    def settled_beyond(self) -> Settled:
        """The settled doors that can't leave, because one before them hasn't settled."""
        slots = self.in_work()
        return self._told(slots[self.state[slots] == SETTLED])

    def _told(self, slots: Numbers) -> Settled:
        tellers = self._tellers[slots] if self._tellers is not None else np.zeros((len(slots), 16), dtype=np.uint8)
        return Settled(self.doors[slots], self.codes[slots], self.knocks[slots], self.rtt_us[slots], tellers)
