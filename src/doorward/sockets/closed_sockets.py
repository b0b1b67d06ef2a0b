"""Connections that have closed, kept for a minute and joined with who held them; touches nothing, and is told the time.

The kernel's news of a close has the connection's totals but no owner. The cookie leads to the row of an earlier look; for a connection
that came and went between two looks there is none, and then the process that listens on its own port is the likely one.
"""

from __future__ import annotations

import collections
import datetime
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from doorward.sockets.kernel_states import KernelState
from doorward.sockets.table import Namespace, Socket, SocketTable

__all__ = ["ClosedKeeper", "ClosedSocket"]

_KEPT: Final = datetime.timedelta(seconds=60)
_NEWS_IS_LATE: Final = datetime.timedelta(seconds=10)  # a work queue of the kernel sends it (net/core/sock_diag.c)
_MOST_KEPT: Final = 100_000  # sockets; a row takes about 150 bytes
_NO_QUEUE: Final = 0xFFFFFFFF  # what the kernel leaves in a closed socket's queue


class ClosedSocket(msgspec.Struct, frozen=True):
    """A connection that is gone; its numbers are those at its end."""

    at: datetime.datetime
    socket: Socket
    guessed: bool = False  #: the holder is who listens on its port: nobody had seen the connection while it lived


class _Look:
    """One earlier look, with its cookies sorted when they are first asked for."""

    def __init__(self, table: SocketTable) -> None:
        self.table = table
        self._order: NDArray[np.intp] | None = None
        self._cookies: NDArray[np.uint64] = table.cookie[:0]

    def rows(self, cookies: NDArray[np.uint64]) -> NDArray[np.intp]:
        """Return the row of each cookie, -1 where it was not there."""
        if not len(self.table):
            return np.full(len(cookies), -1, np.intp)
        if self._order is None:
            self._order = np.argsort(self.table.cookie)
            self._cookies = self.table.cookie[self._order]
        place = np.searchsorted(self._cookies, cookies)
        place[place == len(self._cookies)] = 0
        rows: NDArray[np.intp] = np.where((self._cookies[place] == cookies) & (cookies != 0), self._order[place], -1)
        return rows

    def listeners(self, namespaces: tuple[Namespace, ...]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the keys of all listening sockets, ascending, as the namespaces are numbered here, and the pid of each."""
        table = self.table
        numbers = np.array([namespaces.index(one) if one in namespaces else -1 for one in table.namespaces], np.int16)
        rows = np.flatnonzero((table.state == KernelState.LISTEN) & (table.pid >= 0))
        doors = table.select(rows)
        keys = _door_keys(doors.replaced(namespace=numbers[doors.namespace]))
        order = np.argsort(keys, kind="stable")
        return keys[order], doors.pid[order]


def _door_keys(table: SocketTable) -> NDArray[np.int64]:
    """One number for the namespace, protocol and own port of each row."""
    return (table.namespace.astype(np.int64) << 24) | (table.protocol.astype(np.int64) << 16) | table.local_port


def _look_up(keys: NDArray[np.int64], values: NDArray[np.int32], wanted: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the value of each wanted key, -1 where there is none; ``keys`` ascend."""
    found = np.full(len(wanted), -1, np.int32)
    if len(keys):
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        known = keys[place] == wanted
        found[known] = values[place[known]]
    return found


class ClosedKeeper:
    """Keeps closed connections for a minute. ``lost`` counts those that had to be dropped earlier, because there were too many."""

    def __init__(self) -> None:
        self.lost = 0
        self.count = 0
        self._batches: collections.deque[tuple[datetime.datetime, SocketTable, NDArray[np.bool_]]] = collections.deque()
        self._newest = _Look(SocketTable.empty())
        self._gone: collections.deque[tuple[datetime.datetime, _Look]] = collections.deque()

    def remember(self, table: SocketTable, now: datetime.datetime) -> None:
        """Take the newest look. What it lacks of the one before stays known for a while: the kernel tells of a close a little later."""
        before = self._newest.table
        if len(before) and not np.array_equal(before.cookie, table.cookie):
            gone = before.select(~np.isin(before.cookie, table.cookie))
            if len(gone):
                self._gone.append((now, _Look(gone)))
        while self._gone and now - self._gone[0][0] > _NEWS_IS_LATE:
            self._gone.popleft()
        self._newest = _Look(table)

    def add(self, moment: datetime.datetime, closed: SocketTable) -> None:
        """Take what the kernel told; listeners and sockets that never had a peer are left out, for no conversation ended with them."""
        closed = closed.select(closed.remote_port != 0)
        if not len(closed):
            return
        pid, uid, inode, cgroup = closed.pid.copy(), closed.uid.copy(), closed.inode.copy(), closed.cgroup_id.copy()
        holders, executables = dict(self._newest.table.holders), dict(self._newest.table.executables)
        unknown = np.ones(len(closed), bool)
        for look in (self._newest, *(look for _, look in reversed(self._gone))):
            rows = np.where(unknown, look.rows(closed.cookie), -1)
            known = np.flatnonzero(rows >= 0)
            if not len(known):
                continue
            unknown[known] = False
            holders, executables = {**look.table.holders, **holders}, {**look.table.executables, **executables}
            for column, source in ((pid, look.table.pid), (uid, look.table.uid), (inode, look.table.inode), (cgroup, look.table.cgroup_id)):
                column[known] = source[rows[known]]
        guessed = pid < 0
        if guessed.any():
            keys, listeners = self._newest.listeners(closed.namespaces)
            pid[guessed] = _look_up(keys, listeners, _door_keys(closed)[guessed])
        batch = closed.replaced(
            pid=pid,
            uid=uid,
            inode=inode,
            cgroup_id=cgroup,
            receive_queue=np.where(closed.receive_queue == _NO_QUEUE, 0, closed.receive_queue).astype(np.uint32),
            send_queue=np.where(closed.send_queue == _NO_QUEUE, 0, closed.send_queue).astype(np.uint32),
            holders=holders,
            executables=executables,
            users=self._newest.table.users,
            cgroups=self._newest.table.cgroups,
        )
        self._batches.append((moment, batch, guessed & (pid >= 0)))
        self.count += len(batch)
        while self.count > _MOST_KEPT:
            self.lost += self._drop_oldest()

    def forget(self, now: datetime.datetime) -> None:
        """Drop what closed more than a minute before ``now``."""
        while self._batches and now - self._batches[0][0] > _KEPT:
            self._drop_oldest()

    def newest(self, limit: int) -> list[ClosedSocket]:
        """Return at most ``limit`` closed connections, the newest first."""
        found: list[ClosedSocket] = []
        for moment, batch, guessed in reversed(self._batches):
            rows = range(len(batch) - 1, -1, -1)
            found += [ClosedSocket(moment, batch.socket(row), bool(guessed[row])) for row in rows[: limit - len(found)]]
            if len(found) >= limit:
                break
        return found

    def _drop_oldest(self) -> int:
        size = len(self._batches.popleft()[1])
        self.count -= size
        return size
