"""Which process opened a socket that was not there a moment ago: the walk over descriptors made cheap by remembering. Linux only.

Walking all descriptors each second would cost half a processor at a hundred thousand sockets. What we remember of each process: how
many descriptors it had (Linux 6.2 tells the number without opening the folder) and which socket stood behind which. A new socket
belongs to a process whose number changed, behind a descriptor that we don't know or whose socket has gone; only those links are read.
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


class DescriptorMemory:
    """Finds the holders of new sockets, and remembers what it saw on the way."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, int]] = {}  # pid → descriptor → inode, 0 for what is no socket
        self._counts: dict[int, int] = {}
        self._given_up: set[int] = set()
        self.pids: frozenset[int] = frozenset()  #: the processes there were at the last `look`
        self._closed_to_us: set[int] = set()

    def look(self) -> None:
        """Learn which processes there are now, and forget the ended ones."""
        self.pids = frozenset(visible_pids())
        for pid in self._known.keys() - self.pids:
            del self._known[pid]
            self._counts.pop(pid, None)
        self._closed_to_us &= self.pids

    @property
    def refused(self) -> int:
        """How many processes would not show their descriptors."""
        return len(self._closed_to_us)

    def find(self, wanted: frozenset[int], alive: frozenset[int]) -> list[tuple[int, int]]:
        """Return (inode, pid) for those of ``wanted`` that are found; ``alive`` are all inodes in the socket tables now.

        What no process holds is searched once and then given up; what the budget leaves is found by a later call.
        """
        self._given_up &= alive
        missing = wanted - self._given_up
        found: list[tuple[int, int]] = []
        # The first search sees everything, so that every holder of a shared socket is known and later ones have little to read.
        budget = _MOST_LINKS if self._counts else sys.maxsize
        first = not self._counts
        for changed in (True,) if first else (True, False):
            for pid in self._candidates(changed):
                if budget <= 0 or not (missing or first):
                    return found
                budget -= self._read(pid, alive)
                here = wanted & set(self._known.get(pid, {}).values())
                found += [(inode, pid) for inode in here]
                missing -= here
        self._given_up |= missing
        return found

    def _candidates(self, changed: bool) -> list[int]:
        """The processes whose number of descriptors changed (fewest first), or else all others."""
        counts = {pid: _count(pid) for pid in self.pids}
        chosen = [pid for pid, count in counts.items() if (self._counts.get(pid) != count) is changed]
        return sorted(chosen, key=lambda pid: counts[pid])

    def _read(self, pid: int, alive: frozenset[int]) -> int:
        """Bring the memory of one process up to date; returns how many links were read."""
        known = self._known.get(pid, {})
        try:
            directory = os.open(f"/proc/{pid}/fd", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            if isinstance(error, PermissionError):
                self._closed_to_us.add(pid)
            self._known.pop(pid, None)
            return 1
        links = 0
        try:
            self._counts[pid] = os.fstat(directory).st_size
            seen: dict[str, int] = {}
            for name in os.listdir(directory):  # noqa: PTH208  # relative to an open directory
                inode = known.get(name, _NO_SOCKET)
                if inode == _NO_SOCKET or inode not in alive:
                    inode = _socket_inode(name, directory)
                    links += 1
                seen[name] = inode
            self._known[pid] = seen
        except OSError:
            self._known.pop(pid, None)
        finally:
            os.close(directory)
        return links + len(known) // 16  # going through the names costs too


def _socket_inode(name: str, directory: int) -> int:
    try:
        link = os.readlink(name, dir_fd=directory)
    except OSError:
        return _NO_SOCKET
    return int(link[8:-1]) if link.startswith("socket:[") else _NO_SOCKET


def _count(pid: int) -> int:
    try:
        return os.stat(f"/proc/{pid}/fd").st_size  # noqa: PTH116  # one for each process
    except OSError:
        return -1
