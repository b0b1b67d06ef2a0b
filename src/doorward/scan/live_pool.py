"""The sockets of one scan: idle ones kept for the next door, all of them known, none left behind. Knows no doors and no time."""

from __future__ import annotations

from typing import Final

from doorward.scan.live_knocks import CAN_REUSE, Knocker
from doorward.scan.live_readiness import Readiness

__all__ = ["KnockerPool"]


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

    def keep(self, knocker: Knocker) -> None:
        """Take back a knocker that was refused."""
        if CAN_REUSE:
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
        """Whether the connection of ``knocker`` is with itself, or with another of our own sockets that was knocking too."""
        ends = knocker.ends()
        if ends is None or ends[0][0] != ends[1][0]:
            return False
        return any(one.own_port() == ends[1][1] for one in self._all)

    def close(self) -> None:
        """Close all of them."""
        for knocker in list(self._all):
            self.drop(knocker)
