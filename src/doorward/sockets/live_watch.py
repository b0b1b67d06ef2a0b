"""All sockets again and again: each look costs only what is new, and what closed between two looks is kept for a minute.

On Linux the first look goes through all descriptors; after that an inode that was joined with its process stays joined while both
live, and only inodes never seen before are searched for. Elsewhere each look is a whole one through psutil, and says what it misses.
"""

from __future__ import annotations

import os
import sys
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import WorldError
from doorward.sockets.closed_sockets import ClosedKeeper, ClosedSocket
from doorward.sockets.joining import Holdings
from doorward.sockets.live_descriptors import DescriptorMemory
from doorward.sockets.live_destroyed import DestroyListener
from doorward.sockets.live_dump import NamespaceReader
from doorward.sockets.live_namespaces import in_namespace, namespaces, own_namespace
from doorward.sockets.live_processes import read_holder
from doorward.sockets.live_snapshot import described, read_sockets
from doorward.sockets.processes import Executable
from doorward.sockets.table import Namespace, SocketTable
from doorward.sockets.unseen import unentered_sentences, unshown_sentences
from doorward.values.clocks import Clock
from doorward.values.doors import Holder

__all__ = ["ClosedSocket", "SocketWatcher"]

_HOLDERS_A_LOOK: Final = 50  # known processes read anew at each look, in turn: a process may become another program (execve)
_SPARE: Final = 10_000  # gone sockets that may stay in the join before it is tidied
_NOT_TOLD: Final = "Connections that came and went between two looks: the system doesn't tell of them here."


class SocketWatcher:
    """Looks at all sockets whenever `refresh` is called. A context manager; used from one thread.

    ``lost`` counts how often the kernel dropped news of closed sockets; ``closed_count`` is how many closed in the last minute.
    """

    def __init__(self, clock: Clock, *, all_namespaces: bool = False) -> None:
        self._clock = clock
        self._all_namespaces = all_namespaces
        self._readers: dict[Namespace, NamespaceReader] = {}
        self._listeners: dict[Namespace, DestroyListener] = {}
        self._closed = ClosedKeeper()
        self._memory = DescriptorMemory()
        self._holdings = Holdings()
        self._holders: dict[int, Holder] = {}
        self._executables: dict[int, Executable] = {}
        self._missing: tuple[str, ...] = ()

    def __enter__(self) -> SocketWatcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and give everything back."""
        for namespace in [*self._readers]:
            self._leave(namespace)

    @property
    def lost(self) -> int:
        """How often news of closed sockets was lost, because more came than could be kept."""
        return self._closed.lost + sum(listener.lost for listener in self._listeners.values())

    @property
    def closed_count(self) -> int:
        """How many connections closed in the last minute, as far as `refresh` has taken their news."""
        return self._closed.count

    def closed(self, limit: int = 500) -> list[ClosedSocket]:
        """Return the connections that closed in the last minute, the newest first, at most ``limit``."""
        return self._closed.newest(limit)

    def refresh(self) -> SocketTable:
        """Return all sockets of now; raises `WorldError`."""
        if sys.platform != "linux":
            table = read_sockets()
            return table.replaced(missing=(*table.missing, _NOT_TOLD))
        self._enter_namespaces()
        self._hear()
        table = SocketTable.concatenate([reader.read() for reader in self._readers.values()])
        pids = self._join(table)
        shared = self._holdings.shared(table.inode)
        table = table.replaced(pid=pids, shared=shared, missing=tuple(dict.fromkeys((*table.missing, *self._missing))))
        table = described(table, self._memory.refused, self._read_holders)
        self._closed.remember(table, self._clock.now())
        self._hear()
        return table

    def _hear(self) -> None:
        for listener in self._listeners.values():
            for moment, table in listener.take():
                self._closed.add(moment, table)
        self._closed.forget(self._clock.now())

    def _join(self, table: SocketTable) -> NDArray[np.int32]:
        self._memory.look()
        self._holdings.keep_pids(self._memory.pids)
        if len(self._holdings) > 2 * len(table) + _SPARE:
            self._holdings.keep_inodes(table.inode)
        pids = self._holdings.pids(table.inode)
        new = frozenset(table.inode[(pids < 0) & (table.inode != 0)].tolist())
        if new and (found := self._memory.find(new, frozenset(table.inode.tolist()))):
            self._holdings.add(np.array([inode for inode, _ in found], np.uint64), np.array([pid for _, pid in found], np.int32))
            pids = self._holdings.pids(table.inode)
        return pids

    def _read_holders(self, pids: list[int]) -> tuple[dict[int, Holder], dict[int, Executable]]:
        """Read new processes, and a few known ones again; the others are as they were."""
        known = [pid for pid in pids if pid in self._holders]
        again = known[:_HOLDERS_A_LOOK]
        for pid in [pid for pid in pids if pid not in self._holders] + again:
            self._holders.pop(pid, None)  # at the end again, so that the next look takes others
            self._executables.pop(pid, None)
            self._holders[pid], executable = read_holder(pid)
            if executable is not None:
                self._executables[pid] = executable
        wanted = set(pids)
        self._holders = {pid: holder for pid, holder in self._holders.items() if pid in wanted}
        return dict(self._holders), {pid: self._executables[pid] for pid in wanted & self._executables.keys()}

    def _enter_namespaces(self) -> None:
        """Open a reader and a listener in each namespace that is new, and leave those that are gone: an open one keeps it alive."""
        missing: list[str] = []
        failed: dict[str, str] = {}
        places = {own_namespace(): ""} if not self._readers else {next(iter(self._readers)): ""}
        if self._all_namespaces:
            others, refused = namespaces()
            places |= {place.namespace: place.path for place in others}
            missing += unshown_sentences(refused, is_root=os.geteuid() == 0)
        for namespace in self._readers.keys() - places.keys():
            self._leave(namespace)
        for namespace, path in places.items():
            if namespace not in self._readers:
                try:
                    self._enter(namespace, path)
                except WorldError as error:
                    failed[namespace.name] = error.why
        missing += unentered_sentences(failed)
        if places.keys() & self._readers.keys() - self._listeners.keys():
            missing.append(_NOT_TOLD)
        self._missing = tuple(missing)

    def _enter(self, namespace: Namespace, path: str) -> None:
        def open_both() -> tuple[NamespaceReader, DestroyListener | None]:
            reader = NamespaceReader(namespace)
            try:
                return reader, DestroyListener(self._clock, namespace)
            except WorldError:
                return reader, None

        reader, listener = in_namespace(path, open_both) if path else open_both()
        self._readers[namespace] = reader
        if listener is not None:
            self._listeners[namespace] = listener

    def _leave(self, namespace: Namespace) -> None:
        self._readers.pop(namespace).close()
        listener = self._listeners.pop(namespace, None)
        if listener is not None:
            self._closed.lost += listener.lost
            listener.close()
