"""Sockets joined with the processes that hold them, by inode; values in, values out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Holdings"]

_PID_BITS = np.uint64(22)  # PID_MAX_LIMIT is 4 × 1024 × 1024 (include/linux/threads.h)
_PID_MASK = np.uint64((1 << 22) - 1)


class Holdings:
    """Which process holds which inode: a set of pairs that grows and shrinks, kept sorted so that asking it is cheap."""

    __slots__ = ("_pairs",)

    def __init__(self, inodes: NDArray[Any] | None = None, pids: NDArray[Any] | None = None) -> None:
        self._pairs = np.zeros(0, np.uint64)
        if inodes is not None and pids is not None:
            self.add(inodes, pids)

    def __len__(self) -> int:
        return len(self._pairs)

    def add(self, inodes: NDArray[Any], pids: NDArray[Any]) -> None:
        """Take pairs from two parallel columns, in any order, with repeats (a process may hold a socket twice)."""
        # One number of (inode, pid) sorts ten times as fast as two columns. Inodes have 32 bits here (sockfs, get_next_ino).
        pairs = (inodes.astype(np.uint64) << _PID_BITS) | pids.astype(np.uint64)
        self._pairs = np.unique(np.concatenate([self._pairs, pairs]), sorted=True)

    def keep_pids(self, pids: Collection[int]) -> None:
        """Forget what other processes hold."""
        living = np.isin((self._pairs & _PID_MASK).astype(np.int32), np.fromiter(pids, np.int32, len(pids)))
        if not living.all():
            self._pairs = self._pairs[living]

    def keep_inodes(self, inodes: NDArray[np.uint64]) -> None:
        """Forget all other sockets."""
        self._pairs = self._pairs[np.isin(self._pairs >> _PID_BITS, inodes)]

    def pids(self, inodes: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the lowest pid for each inode, -1 where none is known or the inode is 0."""
        pids = np.full(len(inodes), -1, np.int32)
        if not len(self._pairs):
            return pids
        place = np.searchsorted(self._pairs, inodes << _PID_BITS)
        place[place == len(self._pairs)] = 0
        pairs = self._pairs[place]
        known = (pairs >> _PID_BITS == inodes) & (inodes != 0)
        pids[known] = pairs[known] & _PID_MASK
        return pids

    def shared(self, inodes: NDArray[np.uint64]) -> dict[int, tuple[int, ...]]:
        """Return inode → all pids, ascending, for those of ``inodes`` that several processes hold."""
        of_inode = self._pairs >> _PID_BITS
        again = np.unique(of_inode[1:][of_inode[1:] == of_inode[:-1]])
        shared: dict[int, tuple[int, ...]] = {}
        for inode in again[np.isin(again, inodes)] if len(again) else []:
            first, last = np.searchsorted(of_inode, inode), np.searchsorted(of_inode, inode, side="right")
            shared[int(inode)] = tuple(int(pid) for pid in self._pairs[first:last] & _PID_MASK)
        return shared
