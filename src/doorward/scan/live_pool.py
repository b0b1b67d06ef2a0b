"""The sockets of one scan: idle ones kept for the next door, all of them known, none left behind. Knows no doors and no time."""

from __future__ import annotations

from typing import Final

from doorward.scan.live_descriptors import client_ports
from doorward.scan.live_knocks import CAN_REUSE, Knocker
from doorward.scan.live_readiness import Readiness

__all__ = ["KnockerPool"]

_MOST_TRIES: Final = 64  # ports tried before the choice is left to the kernel after all
_STRIDE: Final = 97  # a prime, so that the tries don't walk through a block of ports in use


class KnockerPool:
    """Hands out knockers and takes them back; the one used last is handed out first, so that a quick scan lives on one socket."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness: Final = readiness
        self._idle: Final[dict[int, list[Knocker]]] = {4: [], 6: []}
        self._all: Final[set[Knocker]] = set()

    def take(self, family: int) -> Knocker:
        """Return a knocker of ``family``; raises `OSError` where the system gives no socket."""
        idle = self._idle[family]
        if idle:
            return idle.pop()
        knocker = Knocker(family)
        self._all.add(knocker)
        return knocker

    def take_apart_from(self, family: int, port: int) -> Knocker:
        """Return a new knocker that surely doesn't knock from ``port``, for a door at which we met ourselves; raises `OSError`."""
        knocker = Knocker(family)
        self._all.add(knocker)
        first, last = client_ports()
        width = last - first + 1
        for step in range(1, _MOST_TRIES + 1):
            candidate = first + (port - first + step * _STRIDE) % width
            if candidate != port and knocker.bind(candidate):
                break
        return knocker

    def keep(self, knocker: Knocker) -> None:
        """Take back a knocker that was refused."""
        if CAN_REUSE and not knocker.is_bound:
            self._idle[knocker.family].append(knocker)
        else:
            self.drop(knocker)

    def drop(self, knocker: Knocker) -> None:
        """Take back a knocker that can't knock again, and close it."""
        self._all.discard(knocker)
        self._readiness.forget(knocker.descriptor)
        knocker.close()

    def spare_one(self) -> bool:
        """Close an idle knocker, so that its descriptor can serve for another; false when none is idle."""
        for idle in self._idle.values():
            if idle:
                self.drop(idle.pop())
                return True
        return False

    def met_ourselves(self, knocker: Knocker) -> bool:
        """Whether the connection of ``knocker`` is with itself, or with another of our own sockets that knocked here at the same moment."""
        ends = knocker.ends()
        if ends is None or ends[0][0] != ends[1][0]:
            return False
        own, far = ends[0][1], ends[1][1]
        return any(one.target_port == own and one.own_port() == far for one in self._all)

    def close(self) -> None:
        """Close all of them."""
        for knocker in list(self._all):
            self.drop(knocker)
