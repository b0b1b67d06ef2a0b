"""One row of the live view as styled words in columns; pure, and made only for the rows on the screen."""

from __future__ import annotations

import dataclasses
from typing import Final

from doorward.report.quantities import amount, duration_us
from doorward.sockets.roles import Role
from doorward.sockets.states import state_label, state_words
from doorward.sockets.table import Socket
from doorward.tui.watch_model import Mark
from doorward.tui.watch_picture import Picture
from doorward.values.addresses import Address
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = ["Columns", "columns_for", "row_cells", "title_cells"]

#: (text, Rich style) after another.
Cells = list[tuple[str, str]]

_STATE: Final = 13  # "not connected"
_NUMBER: Final = 8  # "1.2 MB"
_SMALLEST_END: Final = 21  # an IPv4 address and a port
_WIDEST_END: Final = 47  # an IPv6 address in brackets and a port
_STYLES: Final = {Mark.NEW: "bold green", Mark.GONE: "dim", Mark.KEPT: ""}
_SIGNS: Final = {Mark.NEW: "+ ", Mark.GONE: "- ", Mark.KEPT: "  "}


@dataclasses.dataclass(frozen=True, slots=True)
class Columns:
    """How wide the columns are; 0 leaves one out."""

    end: int
    process: int
    rtt: int = 0
    bytes: int = 0
    user: int = 0
    unit: int = 0


def columns_for(width: int) -> Columns:
    """Divide a width among the columns, the more telling ones first."""
    end, process = _SMALLEST_END, 13
    left = width - (2 + 4 + _STATE + 1 + 2 * end + 3 + 1 + process)
    optional = {
        "process": 9,
        "rtt": _NUMBER + 1,
        "bytes": 2 * (_NUMBER + 1),
        "end": 2 * (_WIDEST_END - _SMALLEST_END),
        "user": 11,
        "unit": 24,
    }
    sizes: dict[str, int] = {}
    for name, wanted in optional.items():
        sizes[name] = wanted if left >= wanted else (max(left, 0) // 2 * 2 if name == "end" else 0)
        left -= sizes[name]
    return Columns(
        min(end + sizes["end"] // 2, _WIDEST_END), process + sizes["process"], sizes["rtt"], sizes["bytes"], sizes["user"], sizes["unit"]
    )


def title_cells(columns: Columns) -> Cells:
    """The line above the rows."""
    text = f"{'':<6}{'state':<{_STATE}} {'this end':<{columns.end}}   {'other end':<{columns.end}} {'process':<{columns.process}}"
    text += f"{'rtt':>{columns.rtt}}" if columns.rtt else ""
    text += f"{'↓':>{columns.bytes // 2}}{'↑':>{columns.bytes // 2}}" if columns.bytes else ""
    text += f" {'user':<{columns.user - 1}}" if columns.user else ""
    text += f" {'unit':<{columns.unit - 1}}" if columns.unit else ""
    return [(text, "bold")]


def row_cells(picture: Picture, place: int, columns: Columns) -> Cells:
    """The row at a place of the picture."""
    row = int(picture.rows[place])
    socket = picture.moment.table.socket(row)
    mark = Mark(int(picture.moment.mark[row]))
    style = _STYLES[mark]
    waits, has_peer = bool(picture.roles.ends.waits[row]), bool(picture.roles.ends.has_peer[row])
    role = Role(int(picture.roles.role[row]))
    arrow = {Role.SERVER: " ← ", Role.CLIENT: " → ", Role.UNKNOWN: " · "}[role] if has_peer else " ← " if waits else "   "
    anybody = "anybody here" if socket.local.is_loopback else "anybody"
    other = _end(socket.remote, socket.remote_port, columns.end) if has_peer else anybody if waits else "nobody"
    return [
        (_SIGNS[mark], style),
        (f"{socket.transport:<4}", style or "dim"),
        (f"{_state(socket, mark):<{_STATE}} ", style or _state_style(socket, waits=waits)),
        (f"{_end(socket.local, socket.local_port, columns.end):<{columns.end}}", style),
        (arrow, style or "dim"),
        (f"{other:<{columns.end}} ", style),
        (f"{_process(socket, columns.process):<{columns.process}}", style or "bold"),
        *_optional(socket, columns, style, waits=waits),
    ]


def _optional(socket: Socket, columns: Columns, style: str, *, waits: bool) -> Cells:
    cells: Cells = []
    if columns.rtt:
        cells.append((f"{duration_us(socket.rtt_us) if socket.rtt_us else '':>{columns.rtt}}", style))
    if columns.bytes:
        wide = columns.bytes // 2
        queue = f"{socket.receive_queue}/{socket.send_queue} callers" if waits and socket.receive_queue and socket.send_queue else ""
        both = [f"{amount(size) if size else '':>{wide}}" for size in (socket.bytes_received, socket.bytes_acked)]
        cells.append((f"{queue:>{columns.bytes}}" if queue else "".join(both), style or ("bold red" if queue else "")))
    if columns.user:
        cells.append((f" {_cut(socket.holder.user, columns.user - 1):<{columns.user - 1}}", style))
    if columns.unit:
        cells.append((f" {_cut(socket.holder.container or socket.holder.unit, columns.unit - 1):<{columns.unit - 1}}", style or "dim"))
    return cells


def _state(socket: Socket, mark: Mark) -> str:
    return "gone" if mark is Mark.GONE else state_words(socket.state, socket.transport)


def _state_style(socket: Socket, *, waits: bool) -> str:
    if waits:
        return "cyan"
    label = state_label(socket.state, socket.transport)
    return {"ESTABLISHED": "", "TIME_WAIT": "dim", "CLOSE_WAIT": "yellow", "SYN_SENT": "yellow"}.get(label, "")


def _end(address: Address, port: int, width: int) -> str:
    """Address and port; too long an address loses its middle, never the port (all of it stands in the explanation)."""
    text = address.with_port(port) if port else f"{address}:*"
    if len(text) <= width:
        return text
    tail = f"…{text[-(width // 2) :]}"
    return text[: width - len(tail)] + tail


def _process(socket: Socket, width: int) -> str:
    if socket.holder.pid is None:
        return "" if socket.transport is Transport.TCP and not socket.inode else "unseen"
    number = f" {socket.holder.pid}"
    return _cut(socket.holder.process or "?", width - len(number)) + number


def _cut(text: str, width: int) -> str:
    shown = printable(text, 100)
    return shown if len(shown) <= width else shown[: max(width - 1, 0)] + "…"
