"""Sockets drawn one a line: columns of text made of arrays, cheap for a hundred thousand rows; knows no terminal.

Each column has far fewer distinct texts than rows. The distinct ones are written and padded once, and spread over the rows by index;
what remains per row is one join. Columns that don't fit the width are left out from the right end of the order of importance; nothing is
cut in half.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.report.quantities import amount, duration_us
from doorward.sockets.address_columns import address_of, distinct_addresses
from doorward.sockets.answer import PortNames
from doorward.sockets.gathering import not_taken_yet
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.roles import Role, Roles
from doorward.sockets.states import state_label
from doorward.sockets.table import PROTOCOLS, SocketTable
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = ["FlatColumn", "fitting", "flat_columns", "flat_lines"]

_MAX_NAME: Final = 24  # of a foreign name in a column
_SHORT_ADDRESS: Final = 15  # an IPv4 address; longer ones push their line to the right where the width is small


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class FlatColumn:
    """One column: ``texts[place[row]]`` is a row's text."""

    title: str
    texts: list[str]
    place: NDArray[np.intp]
    is_number: bool = False
    max_width: int = 1000
    gap: str = " "  #: what stands before it

    @property
    def width(self) -> int:
        """Wide enough for its texts and its title."""
        return min(self.max_width, max(len(self.title), max(map(len, self.texts), default=0)))

    def padded(self, *, last: bool = False) -> list[str]:
        """Its distinct texts with their gap, padded unless nothing follows."""
        width = self.width
        if self.is_number:
            return [f"{self.gap}{text:>{width}}" for text in self.texts]
        return [f"{self.gap}{text}" for text in self.texts] if last else [f"{self.gap}{text:<{width}}" for text in self.texts]


def flat_lines(table: SocketTable, roles: Roles, rows: NDArray[np.intp], width: int, name_of: PortNames) -> Iterator[str]:
    """Yield a title line and one line per row, in the order of ``rows``."""
    columns = fitting(flat_columns(table, roles, rows, name_of, width), width)
    last = len(columns) - 1
    titles = [f"{c.gap}{c.title:>{c.width}}" if c.is_number else f"{c.gap}{c.title:<{c.width}}" for c in columns]
    yield "".join(titles).rstrip()
    spread = []
    for number, column in enumerate(columns):
        texts = np.empty(len(column.texts), object)
        texts[:] = column.padded(last=number == last)
        spread.append(texts[column.place].tolist())
    yield from map(str.rstrip, map("".join, zip(*spread, strict=True)))


def fitting(columns: list[tuple[int, FlatColumn]], width: int) -> list[FlatColumn]:
    """The columns that fit, the most important first (1 before 2), in their own order."""
    kept: set[int] = set()
    used = 0
    for importance, number in sorted((importance, number) for number, (importance, _) in enumerate(columns)):
        size = columns[number][1].width + len(columns[number][1].gap)
        if used + size <= width or importance == 0:
            kept.add(number)
            used += size
    return [column for number, (_, column) in enumerate(columns) if number in kept]


def flat_columns(
    table: SocketTable, roles: Roles, rows: NDArray[np.intp], name_of: PortNames, width: int = 80
) -> list[tuple[int, FlatColumn]]:
    """All columns of these rows with their importance: 0 always stands, then 1, then 2 and so on."""
    state = _states(table, rows)
    widest = _SHORT_ADDRESS if width <= 100 else 39
    local_address, local_port = _ends(table.local_address[rows], table.local_port[rows], "this end", widest)
    remote_address, remote_port = _peers(table, roles, rows, widest)
    columns = [
        (0, _column("", table.protocol[rows], lambda number: str(PROTOCOLS.get(number, number)), gap="")),
        (0, state),
        (0, local_address),
        (0, local_port),
        (0, _column("", roles.role[rows] + 4 * roles.ends.has_peer[rows] + 8 * roles.ends.waits[rows], _arrow)),
        (0, remote_address),
        (0, remote_port),
        (1, _by_holder(table, roles, rows, "process", _process)),
        (2, _service(table, roles, rows, name_of)),
        (8, _by_holder(table, roles, rows, "user", lambda t, _, row: _name(t.holder(row).user))),
        (9, _by_holder(table, roles, rows, "unit or container", lambda t, _, row: _name(t.holder(row).container or t.holder(row).unit))),
        (3, _queue_column(table, rows)),
        (7, _numbers("again", table.total_retransmits[rows], str)),
        (4, _numbers("rtt", table.rtt_us[rows], duration_us)),
        (5, _numbers("received", table.bytes_received[rows], amount)),
        (6, _numbers("sent", table.bytes_acked[rows], amount)),
    ]
    if len(table.namespaces) > 1:
        columns.insert(9, (1, _column("namespace", table.namespace[rows], lambda n: _name(table.namespaces[n].name))))
    # A column in which no row has anything tells nothing.
    return [(importance, column) for importance, column in columns if importance == 0 or any(column.texts)]


def _column(title: str, values: NDArray[Any], text: Callable[[int], str], gap: str = " ") -> FlatColumn:
    distinct, place = np.unique(values, return_inverse=True)
    return FlatColumn(title, [text(value) for value in distinct.tolist()], place, gap=gap)


def _states(table: SocketTable, rows: NDArray[np.intp]) -> FlatColumn:
    def text(number: int) -> str:
        transport = PROTOCOLS.get(number >> 8, Transport.TCP)
        state = number & 255
        return state_label(KernelState(state) if state <= KernelState.BOUND_INACTIVE else KernelState.UNKNOWN, transport)

    return _column("state", table.protocol[rows].astype(np.int64) << 8 | table.state[rows], text)


def _ends(addresses: NDArray[np.uint8], ports: NDArray[np.uint16], title: str, widest: int) -> tuple[FlatColumn, FlatColumn]:
    distinct, place = distinct_addresses(addresses)
    texts = [str(address) if address.family == 4 else f"[{address}]" for address in (address_of(row.tobytes()) for row in distinct)]
    wide = min(widest, max(map(len, texts), default=0))
    port = _column("", ports, lambda number: f":{number}" if number else ":*", gap="")
    return FlatColumn(title, [f"{text:>{wide}}" for text in texts], place, max_width=max(wide, len(title))), port


def _peers(table: SocketTable, roles: Roles, rows: NDArray[np.intp], widest: int) -> tuple[FlatColumn, FlatColumn]:
    """Like `_ends`, with words where there is no peer."""
    address, port = _ends(table.remote_address[rows], table.remote_port[rows], "other end", widest)
    alone = ~roles.ends.has_peer[rows]
    if not alone.any():
        return address, port
    waits = roles.ends.waits[rows]
    place = np.where(alone, len(address.texts) + ~waits, address.place)
    nobody = dataclasses.replace(address, texts=[*address.texts, "anybody", "nobody"], place=place)
    blank = np.where(alone, len(port.texts), port.place)
    return nobody, dataclasses.replace(port, texts=[*port.texts, ""], place=blank)


def _arrow(number: int) -> str:
    """← the other end called, → this end did, · nobody knows."""
    role = number & 3
    if not number & 12:
        return " "
    return {int(Role.SERVER): "←", int(Role.CLIENT): "→"}.get(role, "·") if number & 4 else "←"


#: What to write of the holder of a row.
HolderText = Callable[[SocketTable, Roles, int], str]


def _by_holder(table: SocketTable, roles: Roles, rows: NDArray[np.intp], title: str, text: HolderText) -> FlatColumn:
    """A column that is the same for all rows of a process; rows without one go by cgroup, user, and what became of their process."""
    pid = table.pid[rows].astype(np.int64)
    unheld = pid < 0
    if not unheld.any():
        _, first, place = np.unique(pid, return_index=True, return_inverse=True)
    else:
        cgroup = np.unique(table.cgroup_id[rows], return_inverse=True)[1]
        fate = (table.inode[rows] == 0) + not_taken_yet(table, roles, rows).astype(np.int64)
        key = np.where(unheld, -1 - (cgroup << 34 | table.uid[rows].astype(np.int64) << 2 | fate), pid)
        _, first, place = np.unique(key, return_index=True, return_inverse=True)
    return FlatColumn(title, [text(table, roles, int(rows[n])) for n in first], place)


def _process(table: SocketTable, roles: Roles, row: int) -> str:
    holder = table.holder(row)
    if holder.pid is None:
        if not table.is_orphan(row):
            return "(unseen)"
        return "(in the queue)" if not_taken_yet(table, roles, np.array([row]))[0] else "(none any more)"
    return f"{_name(holder.process) or '?'} ({holder.pid})"


def _name(text: str) -> str:
    return printable(text) if len(text) <= _MAX_NAME else printable(text[: _MAX_NAME - 1]) + "…"


def _service(table: SocketTable, roles: Roles, rows: NDArray[np.intp], name_of: PortNames) -> FlatColumn:
    """The service of the door: the server's port, by either where the role is unknown."""
    client = (roles.role[rows] == Role.CLIENT) & roles.ends.has_peer[rows]
    port = np.where(client, table.remote_port[rows], table.local_port[rows])
    key = table.protocol[rows].astype(np.int64) << 16 | port

    def text(number: int) -> str:
        transport = PROTOCOLS.get(number >> 16)
        return printable(name_of(transport, number & 65535)) if transport and number & 65535 else ""

    return _column("service", key, text)


def _queue_column(table: SocketTable, rows: NDArray[np.intp]) -> FlatColumn:
    """``3/128 callers`` for listeners, else what isn't read or isn't acknowledged."""
    listens = table.state[rows] == KernelState.LISTEN
    unread, unsent = table.receive_queue[rows].astype(np.int64), table.send_queue[rows].astype(np.int64)
    quiet = (unread == 0) & ((unsent == 0) | listens)
    key = np.where(quiet, 0, listens.astype(np.int64) << 62 | np.minimum(unread, 2**31 - 1) << 31 | np.minimum(unsent, 2**31 - 1))

    def text(number: int) -> str:
        if not number:
            return ""
        one, two = number >> 31 & (2**31 - 1), number & (2**31 - 1)
        if number >> 62:
            return f"{one}/{two} callers{' FULL' if one >= two else ''}"
        return " ".join([f"{amount(one)} unread"] * bool(one) + [f"{amount(two)} unsent"] * bool(two))

    return _column("queue", key, text)


def _numbers(title: str, values: NDArray[Any], text: Callable[[int], str]) -> FlatColumn:
    """A column of numbers, blank for 0; rounded to three digits first, so that few distinct texts are written."""
    numbers = values.astype(np.float64)
    size = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(numbers, 1))) - 2, 0)
    column = _column(title, (np.round(numbers / size) * size).astype(np.int64), lambda number: text(number) if number else "")
    return dataclasses.replace(column, is_number=True)
