"""All that a live view asks of the world: the sockets of now, and those that closed."""

from __future__ import annotations

from typing import Protocol

from doorward.sockets.closed_sockets import ClosedSocket
from doorward.sockets.table import SocketTable
from doorward.tui.watch_model import WatchModel

__all__ = ["Looks", "take_closed"]


class Looks(Protocol):
    """Where the sockets come from: a `SocketWatcher`, or prepared ones."""

    @property
    def lost(self) -> int:
        """How often news of closed sockets was lost."""

    def refresh(self) -> SocketTable:
        """Return all sockets of now."""

    def closed(self, limit: int = 500) -> list[ClosedSocket]:
        """Return those that closed in the last minute, the newest first."""

    def close(self) -> None:
        """Give everything back."""


def take_closed(looks: Looks, model: WatchModel) -> list[ClosedSocket]:
    """Return the closed sockets of the last minute, as many as it takes to reach one that the model knows."""
    limit = 500
    while True:
        closed = looks.closed(limit)
        if len(closed) < limit or model.knows(closed[-1]):
            return closed
        limit *= 4
