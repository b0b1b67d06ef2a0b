"""What both capture formats share: the records found in a piece of a file, and the kinds of links; reads no format itself."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import PeerError
from doorward.wire.frames import LinkType

__all__ = ["LINK_TYPES", "MAX_RECORD_BYTES", "Found", "broken"]

#: Longest frame that a capture tool writes by default (libpcap's MAXIMUM_SNAPLEN), and more than `Frames.lengths` can tell.
MAX_RECORD_BYTES: Final = 262144

#: LINKTYPE_ numbers (draft-ietf-opsawg-pcaplinktype): Ethernet; raw IP in its three numbers; IPv4; IPv6.
LINK_TYPES: Final = {
    1: LinkType.ETHERNET,
    12: LinkType.RAW,
    14: LinkType.RAW,
    101: LinkType.RAW,
    228: LinkType.RAW,
    229: LinkType.RAW,
}

_TIME_LIMITS: Final = (-(1 << 63), (1 << 63) - 1)


def broken(why: str) -> PeerError:
    """Make the error of a capture that breaks its format."""
    return PeerError("read the capture", why=why)


class Found:
    """Records located in one buffer and not yet taken; ``used`` is where the next one begins, ``before`` the bytes dropped so far."""

    def __init__(self) -> None:
        self.used = 0
        self.before = 0
        self._starts: list[int] = []
        self._lengths: list[int] = []
        self._times: list[int] = []
        self._next = 0

    def add(self, start: int, length: int, time_ns: int) -> None:
        """Note a record's content; what is beyond 65,535 bytes of a frame is left out, times beyond 64 bits are unknown (0)."""
        self._starts.append(start)
        self._lengths.append(min(length, 65535))
        self._times.append(time_ns if _TIME_LIMITS[0] <= time_ns <= _TIME_LIMITS[1] else 0)

    def fitting(self, most: int, most_bytes: int) -> int:
        """Return how many of the next records make a table of at most ``most_bytes``; at least one, when there is one."""
        lengths = np.maximum.accumulate(np.array(self._lengths[self._next : self._next + most], np.int64))
        table = lengths * np.arange(1, len(lengths) + 1)
        return max(int(np.searchsorted(table, most_bytes, side="right")), min(1, len(lengths)))

    def pop(self, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return starts, lengths and times of the next ``count`` records, and forget them."""
        taken = slice(self._next, self._next + count)
        self._next += count
        return (
            np.array(self._starts[taken], np.int64),
            np.array(self._lengths[taken], np.int64),
            np.array(self._times[taken], np.int64),
        )

    def drop_used(self, buffer: bytes) -> bytes:
        """Return what of ``buffer`` is still needed, and count from its start henceforth."""
        first = self._starts[self._next] if self._next < len(self._starts) else self.used
        del self._starts[: self._next], self._lengths[: self._next], self._times[: self._next]
        self._starts = [start - first for start in self._starts]
        self._next = 0
        self.used -= first
        self.before += first
        return buffer[first:]
