"""Targets × ports as one index space: door i is port i % width of host i // width. Arrays both ways, no memory per door.

Addresses are (n, 16) bytes, IPv4 mapped (RFC 4291 §2.5.5.2), as the room ``wire`` has them; hosts count from 0 in the spans' order.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.scan.spans import Span
from doorward.values.addresses import Address

__all__ = ["Space"]

Numbers = NDArray[np.int64]
Addresses = NDArray[np.uint8]

_MAPPED: Final = 0xFFFF << 32
_HALF: Final = (1 << 64) - 1
_LAST: Final = (1 << 63) - 1


class Space:
    """Every address of ``spans`` (sorted, disjoint) with every port of ``ports`` (distinct)."""

    def __init__(self, spans: Sequence[Span], ports: Sequence[int]) -> None:
        self.spans: Final = tuple(spans)
        self.ports, self._places = _port_arrays(tuple(ports))
        self.width: Final = len(ports)
        firsts = [span.first if span.family == 6 else span.first | _MAPPED for span in spans]
        counts = [span.count for span in spans]
        self.hosts: Final = sum(counts)
        self.count: Final = self.hosts * self.width
        # Sorted by what is compared, which mapped IPv4 addresses are too: the spans' own order puts IPv4 first, so it is kept apart.
        self._starts = np.array([min(start, _LAST) for start in _running(counts)], dtype=np.int64)  # what has more doors, `Order` refuses
        self._high = np.array([first >> 64 for first in firsts], dtype=np.uint64)
        self._low = np.array([first & _HALF for first in firsts], dtype=np.uint64)
        self._ranked = np.lexsort((self._low, self._high))
        self._counts = np.array([min(count, _HALF) for count in counts], dtype=np.uint64)

    def destinations(self, hosts: Numbers) -> Addresses:
        """The addresses of ``hosts``, (n, 16)."""
        if len(self.spans) == 1:
            offset = hosts.astype(np.uint64)
            high, low = self._high[0], self._low[0]
        else:
            place = np.searchsorted(self._starts, hosts, side="right") - 1
            offset = (hosts - self._starts[place]).astype(np.uint64)
            high, low = self._high[place], self._low[place]
        sums = low + offset
        both = np.empty((len(hosts), 2), dtype=">u8")
        both[:, 1] = sums
        both[:, 0] = high + (sums < offset)
        return both.view(np.uint8)

    def hosts_of(self, addresses: Addresses) -> Numbers:
        """The hosts with these addresses (n, 16), -1 where it is none of ours."""
        halves = np.ascontiguousarray(addresses).view(">u8").reshape(-1, 2)
        high, low = halves[:, 0].astype(np.uint64), halves[:, 1].astype(np.uint64)
        place = self._ranked[self._rank(high, low)] if len(self.spans) > 1 else np.zeros(len(high), dtype=np.int64)
        offset = low - self._low[place]
        carried = high - (low < self._low[place])
        inside = (carried == self._high[place]) & (offset < self._counts[place])
        return np.where(inside, self._starts[place] + offset.astype(np.int64), -1)

    def doors(self, hosts: Numbers, ports: NDArray[np.uint16]) -> Numbers:
        """The numbers of the doors (host, port), -1 where it is none of ours."""
        places = self._places[ports].astype(np.int64)
        return np.where((hosts >= 0) & (places >= 0), hosts * self.width + places, -1)

    def address(self, host: int) -> Address:
        """One host's address, with its scope."""
        place = int(np.searchsorted(self._starts, host, side="right")) - 1
        return self.spans[place].address(host - int(self._starts[place]))

    def _rank(self, high: NDArray[np.uint64], low: NDArray[np.uint64]) -> Numbers:
        """Where in the ranking the last span stands that begins at or before each address; 0 when none does (binary search)."""
        starts_high, starts_low = self._high[self._ranked], self._low[self._ranked]
        least = np.zeros(len(high), dtype=np.int64)
        most = np.full(len(high), len(self._ranked), dtype=np.int64)
        for _ in range(len(self._ranked).bit_length()):
            middle = (least + most) // 2
            known = np.minimum(middle, len(self._ranked) - 1)
            before = (starts_high[known] < high) | ((starts_high[known] == high) & (starts_low[known] <= low))
            before &= middle < len(self._ranked)
            least = np.where(before, middle + 1, least)
            most = np.where(before, most, middle)
        return np.maximum(least - 1, 0)


@functools.lru_cache(maxsize=4)
def _port_arrays(ports: tuple[int, ...]) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """The ports in their order, and of each port its place there, -1 without; a scan of many links shares them."""
    own = np.array(ports, dtype=np.uint16)
    places = np.full(65536, -1, dtype=np.int32)
    places[own] = np.arange(len(ports), dtype=np.int32)
    own.flags.writeable = places.flags.writeable = False
    return own, places


def _running(counts: Sequence[int]) -> list[int]:
    """The sum of all counts before each."""
    sums, total = [], 0
    for count in counts:
        sums.append(total)
        total += count
    return sums
