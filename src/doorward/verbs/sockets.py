"""Who listens and who is connected: reads the sockets, chooses those asked for, and says which end is whose.

The walk over all processes takes longest and needs nothing, so it is started first (`start_walk`), and the rest is loaded while it runs.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from doorward.sockets.answer import SocketsAnswer
    from doorward.sockets.filters import Filter
    from doorward.sockets.live_walk import Walk
    from doorward.sockets.roles import Roles
    from doorward.sockets.table import SocketTable
    from doorward.sockets.view import View
    from doorward.values.transports import Transport

__all__ = ["Sight", "name_of", "no_names", "read_filter", "see", "see_table", "start_walk"]


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """One reading: every socket, the roles, and which were asked for."""

    table: SocketTable
    roles: Roles
    chosen: NDArray[np.bool_]
    filter: Filter

    def view(self) -> View:
        """Arrange what was asked for by door and by caller."""
        from doorward.sockets.view import arrange

        return arrange(self.table, self.roles, None if self.filter.is_empty else self.chosen)

    def rows(self) -> NDArray[np.intp]:
        """The rows that were asked for, by door."""
        from doorward.sockets.view import order_by_door

        return order_by_door(self.table, self.roles, self.chosen)

    def answer(self, at: datetime.datetime, *, numeric: bool = False) -> SocketsAnswer:
        """The document of what was asked for."""
        from doorward.sockets.answer import make_answer

        names = no_names if numeric else name_of
        return make_answer(self.table, self.roles, self.rows().tolist(), at=at, filter_text=self.filter.text, name_of=names)


def start_walk() -> Walk | None:
    """Begin to look for the processes that hold sockets, where the system is walked for them."""
    if sys.platform != "linux":
        return None
    from doorward.sockets.live_walk import Walk

    return Walk()


def see(words: Sequence[str], *, all_namespaces: bool = False, walk: Walk | None = None) -> Sight:
    """Read all sockets and choose those that the filter's words ask for; raises `FilterError` and `WorldError`."""
    try:
        wanted = read_filter(words)
    except BaseException:
        if walk is not None:
            walk.finish()
        raise
    from doorward.sockets.live_snapshot import read_sockets

    return see_table(read_sockets(all_namespaces=all_namespaces, walk=walk), wanted)


def see_table(table: SocketTable, wanted: Filter, *, hide_own: bool = True) -> Sight:
    """Give the rows of a table their roles and choose those asked for; Doorward's own sockets are left out, unless told otherwise."""
    from doorward.sockets.filter_words import Scene
    from doorward.sockets.live_client_ports import read_client_ports
    from doorward.sockets.roles import assign_roles

    own = table.pid == os.getpid()
    if hide_own and own.any():
        table = table.select(~own)
    roles = assign_roles(table, read_client_ports(), _named_ports)
    return Sight(table, roles, wanted.mask(Scene(table, roles)), wanted)


def read_filter(words: Sequence[str]) -> Filter:
    """Read the filter's words; service names are looked up in the port list."""
    from doorward.sockets.filters import join_words, parse_filter

    return parse_filter(join_words(words), _find_name)


def name_of(transport: Transport, port: int) -> str:
    """The short service name of a port, or an empty text."""
    from doorward.ports.live_list import name_of as listed_name

    return listed_name(transport, port)


def no_names(_transport: Transport, _port: int) -> str:
    """Answer every port with an empty text, for those who want numbers."""
    return ""


def _find_name(word: str) -> list[tuple[Transport, int]]:
    from doorward.ports.live_list import find_name

    return find_name(word)


def _named_ports() -> NDArray[np.bool_]:
    import numpy as np

    from doorward.ports.live_list import names
    from doorward.values.transports import Transport

    return np.array([bool(name) for name in names(Transport.TCP)], np.bool_)
