"""Looks at sockets that were made before: the other keeper of the contract `doorward.tui.looks.Looks`."""

from __future__ import annotations

from collections.abc import Sequence

from doorward.errors import WorldError
from doorward.sockets.closed_sockets import ClosedSocket
from doorward.sockets.table import SocketTable

__all__ = ["PreparedLooks"]


class PreparedLooks:
    """Gives the prepared tables one after another, and the last one again and again; an error among them is raised in its turn."""

    lost = 0

    def __init__(self, *looks: SocketTable | tuple[SocketTable, Sequence[ClosedSocket]] | WorldError) -> None:
        self._looks = list(looks)
        self._closed: Sequence[ClosedSocket] = ()
        self.is_closed = False
        self.taken = 0

    def refresh(self) -> SocketTable:
        """Return the next table."""
        self.taken += 1
        look = self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]
        if isinstance(look, WorldError):
            raise look
        table, self._closed = look if isinstance(look, tuple) else (look, ())
        return table

    def closed(self, limit: int = 500) -> list[ClosedSocket]:
        """Return what was prepared for the last table."""
        return list(self._closed[:limit])

    def close(self) -> None:
        """Remember that it was called."""
        self.is_closed = True
