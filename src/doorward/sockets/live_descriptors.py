"""Which process opened a socket that was not there a moment ago: the walk over descriptors made cheap by remembering. Linux only.

Walking all descriptors each second would cost half a processor at a hundred thousand sockets. What we remember of each process: how
many descriptors it has open (Linux 6.2 tells the number without opening the folder) and which socket stands behind which. A new socket
belongs to a process whose number changed or one of whose sockets has gone. Its descriptor is the lowest number that was free
(POSIX, File Descriptor Allocation), so those of gone sockets are read again, then free numbers from below; when the count is right,
nothing was missed, and when it isn't, the folder is listed.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from doorward.sockets.live_processes import visible_pids

__all__ = ["DescriptorMemory"]

#: Links that one search may read: about 5 µs each, so this keeps a refresh below a tenth of a second for it.
_MOST_LINKS: Final = 15_000
_NO_SOCKET: Final = 0
_NOT_OPEN: Final = -1


class _Process:
    """What is remembered of one process."""

    __slots__ = ("count", "free", "inodes")

    def __init__(self) -> None:
        self.count = _NOT_OPEN  # open descriptors when last read, as the kernel counts them
        self.inodes: dict[int, int] = {}  # descriptor → inode, 0 for what is no socket
        self.free: set[int] = set()  # numbers below the highest that were not open


class DescriptorMemory:
    """Finds the holders of new sockets, and remembers what it saw on the way."""

    def __init__(self) -> None:
        self._known: dict[int, _Process] = {}
        self._unasked: dict[int, int] = {}  # inode → pid, seen by the last search before its socket was in a table
        self._given_up: set[int] = set()
        self._closed_to_us: set[int] = set()
        self._searched = False
        self.pids: frozenset[int] = frozenset()  #: the processes there were at the last `look`

    @property
    def refused(self) -> int:
        """How many processes would not show their descriptors."""
        return len(self._closed_to_us)

    def look(self) -> None:
        """Learn which processes there are now, and forget the ended ones."""
        self.pids = frozenset(visible_pids())
        for pid in self._known.keys() - self.pids:
            del self._known[pid]
        self._closed_to_us &= self.pids

    def find(self, wanted: frozenset[int], alive: frozenset[int]) -> list[tuple[int, int]]:
        """Return (inode, pid) for those of ``wanted`` that are found; ``alive`` are all inodes in the socket tables now.

        What no process holds is searched once and then given up; what the budget leaves is found by a later call.
        """
        alive -= {_NO_SOCKET}  # the tables' sockets without a process have inode 0
        self._given_up &= alive
        found = [(inode, self._unasked[inode]) for inode in wanted & self._unasked.keys() if self._unasked[inode] in self.pids]
        missing = wanted - self._given_up - {inode for inode, _ in found}
        # The first search sees everything, so that every holder of a shared socket is known and later ones have little to read.
        first, self._searched = not self._searched, True
        budget = sys.maxsize if first else _MOST_LINKS
        unasked: dict[int, int] = {}
        for changed in (True,) if first else (True, False):
            for pid in self._candidates(changed):
                if budget <= 0 or not (missing or first):
                    break
                read = self._read(pid, alive)
                budget -= len(read) + 1
                found += [(inode, pid) for inode in wanted.intersection(read)]
                unasked |= dict.fromkeys(set(read) - alive, pid)
                missing -= set(read)
        if budget > 0:
            self._given_up |= missing
        self._unasked = unasked
        return found

    def _candidates(self, changed: bool) -> list[int]:
        """The processes whose number of descriptors changed (fewest first), or else all others."""
        counts = {pid: _count(pid) for pid in self.pids}
        chosen = [pid for pid, count in counts.items() if (pid not in self._known or self._known[pid].count != count) is changed]
        return sorted(chosen, key=lambda pid: counts[pid])

    def _read(self, pid: int, alive: frozenset[int]) -> list[int]:
        """Bring the memory of one process up to date; returns the inodes of the sockets whose links were read."""
        try:
            directory = os.open(f"/proc/{pid}/fd", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            if isinstance(error, PermissionError):
                self._closed_to_us.add(pid)
            self._known.pop(pid, None)
            return []
        process = self._known.setdefault(pid, _Process())
        try:
            read = _update(process, directory, alive)
            if len(process.inodes) != process.count:
                read += _read_all(process, directory, alive)
        except PermissionError:
            self._closed_to_us.add(pid)
            return []
        except OSError:  # it has ended
            self._known.pop(pid, None)
            return []
        finally:
            os.close(directory)
        return [inode for inode in read if inode > _NO_SOCKET]


def _update(process: _Process, directory: int, alive: frozenset[int]) -> list[int]:
    """Read the links whose socket has gone, then free numbers from below until as many are open as the kernel counts."""
    process.count = os.fstat(directory).st_size
    if not process.inodes or not process.count:  # never read, or a kernel that doesn't count
        return []
    read: list[int] = []
    for descriptor in [descriptor for descriptor, inode in process.inodes.items() if inode not in alive]:
        inode = _socket_inode(descriptor, directory)
        if inode == _NOT_OPEN:
            del process.inodes[descriptor]
            process.free.add(descriptor)
        else:
            process.inodes[descriptor] = inode
            read.append(inode)
    lacking = process.count - len(process.inodes)
    if lacking > 0:
        highest = max(process.inodes, default=-1)
        for descriptor in [*sorted(process.free)[:lacking], *range(highest + 1, highest + 1 + lacking)]:
            inode = _socket_inode(descriptor, directory)
            if inode != _NOT_OPEN:
                process.inodes[descriptor] = inode
                process.free.discard(descriptor)
                read.append(inode)
    return read


def _read_all(process: _Process, directory: int, alive: frozenset[int]) -> list[int]:
    """List the folder, and read every link that isn't known to be a living socket."""
    read: list[int] = []
    seen: dict[int, int] = {}
    for descriptor in map(int, os.listdir(directory)):  # relative to an open directory
        inode = process.inodes.get(descriptor, _NO_SOCKET)
        if inode == _NO_SOCKET or inode not in alive:
            inode = _socket_inode(descriptor, directory)
            read.append(inode)
        if inode != _NOT_OPEN:
            seen[descriptor] = inode
    process.inodes = seen
    process.free = set(range(max(seen, default=0))) - seen.keys() if len(seen) > max(seen, default=0) // 8 else set()
    return read


def _socket_inode(descriptor: int, directory: int) -> int:
    try:
        link = os.readlink(str(descriptor), dir_fd=directory)
    except PermissionError:
        raise
    except OSError:
        return _NOT_OPEN
    return int(link[8:-1]) if link.startswith("socket:[") else _NO_SOCKET


def _count(pid: int) -> int:
    try:
        return os.stat(f"/proc/{pid}/fd").st_size  # noqa: PTH116  # one for each process
    except OSError:
        return -1
