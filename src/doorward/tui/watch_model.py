"""What changes between two looks at all sockets: which are new, which are gone; knows tables and moments, and neither terminal nor kernel.

A socket is the same as before when namespace and cookie are the same (the kernel's own name for it); where the system gives no cookies,
when both ends are. Gone ones stay for a minute as rows among the living, with the totals that the kernel told of them when it did.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.closed_sockets import ClosedSocket
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.table import Socket, SocketTable
from doorward.tui.gone_rows import table_of_sockets

__all__ = ["Gone", "Mark", "Moment", "WatchModel", "row_keys"]

_NEW_FOR: Final = datetime.timedelta(seconds=5)  # long enough to be noticed by somebody who looked away
_GONE_FOR: Final = datetime.timedelta(seconds=60)
# Odd, and with well spread bits: 2^64 divided by the golden ratio (Knuth, TAOCP 3, §6.4).
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


class Mark(enum.IntEnum):
    """What is noteworthy of a row."""

    KEPT = 0  #: was there for a while
    NEW = 1  #: first seen within the last seconds
    GONE = 2  #: closed within the last minute


@dataclasses.dataclass(frozen=True, slots=True)
class Gone:
    """A socket that is gone, as it was at its end; ``unseen`` when no look had met it while it lived."""

    at: datetime.datetime
    socket: Socket
    unseen: bool = False
    guessed: bool = False  #: its process is the one that listens on its port


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """One look: the living and the lately gone as one table, and what came and went since the look before."""

    at: datetime.datetime
    table: SocketTable  #: the gone rows first, in the order of ``gone``, then the living
    mark: NDArray[np.int8]  #: `Mark` per row
    since_ms: NDArray[np.int64]  #: per row when it came (of the gone: when it went), in milliseconds since 1970; 0 from the first look
    gone: tuple[Gone, ...]  #: the newest first
    came: NDArray[np.intp]  #: rows of the table that the look before hadn't
    went: tuple[Gone, ...]  #: those gone since the look before
    went_count: int  #: how many, also beyond ``went``


class WatchModel:
    """Takes one look after another and tells what changed.

    Of the gone, a moment's table has the newest ``most_shown``; of those that vanished without the kernel telling, ``most_told`` are made
    into records, and the rest is counted.
    """

    def __init__(self, most_shown: int = 500, most_told: int = 500) -> None:
        self._most_shown, self._most_told = most_shown, most_told
        self._keys: NDArray[np.uint64] = np.zeros(0, np.uint64)  # of the look before, sorted, with the births in the same order
        self._births: NDArray[np.int64] = np.zeros(0, np.int64)
        self._before: SocketTable | None = None
        self._vanished: list[Gone] = []
        self._told: dict[int, Gone] = {}  # key → what the kernel told of within the last minute

    def knows(self, one: ClosedSocket) -> bool:
        """Whether an earlier look took this closed socket."""
        return _closed_key(one) in self._told

    def advance(self, table: SocketTable, closed: Sequence[ClosedSocket], now: datetime.datetime) -> Moment:
        """Take the look of ``now`` with what the kernel told of closed sockets within the last minute, the newest first."""
        first = self._before is None
        told = self._hear(closed, table)
        keys = row_keys(table)
        over = np.isin(keys, np.fromiter(self._told, np.uint64, len(self._told)))
        if over.any():  # they closed while the kernel listed them
            table, keys = table.select(~over), keys[~over]
        stamp = int(now.timestamp() * 1000)
        known, births = self._born(keys, 0 if first else stamp)
        # TIME_WAIT is what the kernel keeps of a conversation that ended: a new record of an old thing.
        lasting = ~((table.protocol == 6) & (table.state == KernelState.TIME_WAIT))
        came = np.flatnonzero(~known & lasting & (not first))
        vanished, count = self._vanish(keys, now)
        order = np.argsort(keys)
        self._keys, self._births, self._before = keys[order], births[order], table
        gone = self._gone(now)
        young = (stamp - births < _NEW_FOR.total_seconds() * 1000) & lasting
        return Moment(
            at=now,
            table=_joined([one.socket for one in gone], table),
            mark=np.concatenate([np.full(len(gone), Mark.GONE, np.int8), np.where(young, Mark.NEW, Mark.KEPT).astype(np.int8)]),
            since_ms=np.concatenate([np.array([int(one.at.timestamp() * 1000) for one in gone], np.int64), births]),
            gone=gone,
            came=came + len(gone),
            went=() if first else (*told, *vanished),
            went_count=0 if first else len(told) + count,
        )

    def _born(self, keys: NDArray[np.uint64], stamp: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which rows were there before, and when each was first seen, in milliseconds since 1970."""
        births = np.full(len(keys), stamp, np.int64)
        known, place = _found(keys, self._keys)
        births[known] = self._births[place[known]]
        return known, births

    def _vanish(self, keys: NDArray[np.uint64], now: datetime.datetime) -> tuple[list[Gone], int]:
        """Find rows of the look before that are missing now and that the kernel told nothing of: doors, and where it tells nothing."""
        before = self._before
        if before is None:
            return [], 0
        old = row_keys(before)
        known, _ = _found(old, np.sort(keys))
        missing = ~known & ~((before.protocol == 6) & (before.state == KernelState.TIME_WAIT))
        missing &= ~np.isin(old, np.fromiter(self._told, np.uint64, len(self._told)))
        rows = np.flatnonzero(missing)
        found = [Gone(now, before.socket(row)) for row in rows[: self._most_told].tolist()]
        self._vanished = [*found, *self._vanished][: self._most_shown]
        return found, len(rows)

    def _hear(self, closed: Sequence[ClosedSocket], table: SocketTable) -> list[Gone]:
        """Take what the kernel told, and return what is news."""
        named = {_closed_key(one): one for one in closed}
        news = [(key, one) for key, one in named.items() if key not in self._told]
        keys = np.array([key for key, _ in news], np.uint64)
        seen = np.isin(keys, self._keys) | np.isin(keys, row_keys(table)) if news else keys
        heard = {key: Gone(one.at, one.socket, not met, one.guessed) for (key, one), met in zip(news, seen.tolist(), strict=True)}
        self._told = {key: heard.get(key) or self._told[key] for key in named}
        return list(heard.values())

    def _gone(self, now: datetime.datetime) -> tuple[Gone, ...]:
        self._vanished = [one for one in self._vanished if now - one.at <= _GONE_FOR]
        newest = sorted([*self._told.values(), *self._vanished], key=lambda one: one.at, reverse=True)
        return tuple(newest[: self._most_shown])


def _joined(gone: list[Socket], living: SocketTable) -> SocketTable:
    return SocketTable.concatenate([table_of_sockets(gone), living]).replaced(reader=living.reader) if gone else living


def _found(wanted: NDArray[np.uint64], among: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which numbers are among sorted ones, and their place there."""
    if not len(among):
        return np.zeros(len(wanted), np.bool_), np.zeros(len(wanted), np.intp)
    place = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return among[place] == wanted, place


def _closed_key(one: ClosedSocket) -> int:
    """The number that `row_keys` gave the socket while it lived."""
    socket = one.socket
    if not socket.cookie:
        return int(row_keys(table_of_sockets([socket]))[0])
    return socket.cookie ^ (socket.namespace.inode * int(_MIX) & 0xFFFFFFFFFFFFFFFF)


def row_keys(table: SocketTable) -> NDArray[np.uint64]:
    """One number per row that stays the same as long as the socket lives."""
    inodes = np.array([namespace.inode for namespace in table.namespaces] or [0], np.uint64)
    keys: NDArray[np.uint64] = table.cookie ^ (inodes[table.namespace] * _MIX)
    nameless = table.cookie == 0
    if nameless.any():
        keys = np.where(nameless, _end_keys(table), keys)
    return keys


def _end_keys(table: SocketTable) -> NDArray[np.uint64]:
    mixed = table.namespace.astype(np.uint64) << np.uint64(8) | table.protocol
    parts: list[NDArray[Any]] = [table.local_port, table.remote_port]
    for name in ("local_address", "remote_address"):
        halves = np.ascontiguousarray(getattr(table, name)).view(np.uint64)
        parts += [halves[:, 0], halves[:, 1]]
    for part in parts:
        mixed = (mixed ^ part.astype(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(31)
    return mixed
