"""What the live view shows of a moment: the rows that fit the filter, in an order; pure, and all in arrays."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.filters import Filter
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.roles import Roles
from doorward.sockets.view import order_by_door
from doorward.tui.watch_model import Mark, Moment, row_keys

__all__ = ["Order", "Picture", "arrange_rows"]


class Order(enum.Enum):
    """How the rows are sorted; the value is what the face calls it."""

    DOOR = "by door"  #: the door, then who came through it
    NEWEST = "newest first"  #: what came or went last
    BUSIEST = "busiest first"  #: most bytes in both directions
    SLOWEST = "slowest first"  #: longest round trip
    WAITING = "fullest queue first"  #: most unread and unsent bytes, or callers waiting
    PROCESS = "by process"

    @property
    def following(self) -> Order:
        """The next one, round and round."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A moment with the rows chosen of it."""

    moment: Moment
    roles: Roles
    rows: NDArray[np.intp]  #: rows of the moment's table, in the order of showing
    keys: NDArray[np.uint64]  #: per place in ``rows`` the number that its socket keeps as long as it lives
    filter: Filter
    order: Order

    def place_of(self, key: int | None) -> int | None:
        """Where the socket with this number is shown, if it still is."""
        if key is None:
            return None
        found = np.flatnonzero(self.keys == np.uint64(key))
        return int(found[0]) if len(found) else None

    def count(self, mark: Mark) -> int:
        """How many of the shown rows carry a mark."""
        return int((self.moment.mark[self.rows] == mark).sum())


def arrange_rows(moment: Moment, roles: Roles, chosen: NDArray[np.bool_], wanted: Filter, order: Order) -> Picture:
    """Sort the chosen rows; rows that are equal in that order stand by door."""
    rows = order_by_door(moment.table, roles, chosen)
    if order is not Order.DOOR:
        rows = rows[np.argsort(_sort_keys(moment, order)[rows], kind="stable")]
    return Picture(moment, roles, rows, row_keys(moment.table)[rows], wanted, order)


def _sort_keys(moment: Moment, order: Order) -> NDArray[Any]:
    """One number per row of the table, the smallest to be shown first."""
    table = moment.table
    if order is Order.NEWEST:
        return -moment.since_ms
    if order is Order.BUSIEST:
        return -(table.bytes_received.astype(np.int64) + table.bytes_acked.astype(np.int64))
    if order is Order.SLOWEST:
        return -table.rtt_us.astype(np.int64)
    if order is Order.WAITING:
        limit = table.state == KernelState.LISTEN
        return -(table.receive_queue.astype(np.int64) + np.where(limit, 0, table.send_queue))
    return _process_ranks(table.pid, {pid: holder.process for pid, holder in table.holders.items()})


def _process_ranks(pids: NDArray[np.int32], names: dict[int, str]) -> NDArray[np.intp]:
    """The place of each row's process in alphabetical order; rows without one come last."""
    distinct, place = np.unique(pids, return_inverse=True)
    ordered = sorted(distinct.tolist(), key=lambda pid: (pid < 0, names.get(pid, ""), pid))
    rank = {pid: number for number, pid in enumerate(ordered)}
    return np.array([rank[pid] for pid in distinct.tolist()] or [0], np.intp)[place]
