"""Closed connections, joined with earlier looks and kept for a minute."""

import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.closed_sockets import ClosedKeeper
from doorward.sockets.table import SocketTable
from doorward.values.doors import Holder

START = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)


def look(*rows: tuple[int, int, int, int, int], **context: object) -> SocketTable:
    """Rows of (cookie, state, local port, remote port, pid)."""
    columns: dict[str, NDArray[Any]] = {
        "protocol": np.full(len(rows), 6, np.uint8),
        "family": np.full(len(rows), 4, np.uint8),
        "cookie": np.array([row[0] for row in rows], np.uint64),
        "state": np.array([row[1] for row in rows], np.uint8),
        "local_port": np.array([row[2] for row in rows], np.uint16),
        "remote_port": np.array([row[3] for row in rows], np.uint16),
        "pid": np.array([row[4] for row in rows], np.int32),
        "inode": np.array([row[0] + 1000 for row in rows], np.uint64),
        "send_queue": np.full(len(rows), 0xFFFFFFFF, np.uint32),
    }
    holders = {row[4]: Holder(pid=row[4], process=f"p{row[4]}") for row in rows if row[4] >= 0}
    return SocketTable.of(columns, len(rows), holders=holders, **context)


def after(seconds: float) -> datetime.datetime:
    return START + datetime.timedelta(seconds=seconds)


def test_the_cookie_leads_to_the_holder_of_earlier_looks() -> None:
    keeper = ClosedKeeper()
    keeper.remember(look((1, 1, 80, 4000, 5)), START)
    keeper.remember(look((2, 1, 80, 4001, 6)), START)
    keeper.remember(look((2, 1, 80, 4001, 6), (4, 1, 80, 4003, 6)), after(9))
    keeper.add(START, look((1, 7, 80, 4000, -1), (2, 7, 80, 4001, -1), (3, 7, 81, 4002, -1)))
    newest = keeper.newest(10)
    assert [(one.socket.cookie, one.socket.holder.process, one.guessed) for one in newest] == [
        (3, "", False),
        (2, "p6", False),
        (1, "p5", False),
    ]
    assert newest[1].socket.inode == 1002
    assert newest[1].socket.send_queue == 0


def test_a_connection_nobody_saw_is_guessed_to_be_the_listeners() -> None:
    keeper = ClosedKeeper()
    keeper.remember(look((9, 10, 80, 0, 5)), START)
    keeper.add(START, look((1, 7, 80, 4000, -1), (2, 7, 4000, 80, -1)))
    assert [(one.socket.holder.pid, one.guessed) for one in keeper.newest(10)] == [(None, False), (5, True)]


def test_listeners_and_callers_without_a_peer_are_left_out() -> None:
    keeper = ClosedKeeper()
    keeper.add(START, look((1, 7, 80, 0, -1)))
    assert (keeper.count, keeper.newest(5)) == (0, [])


def test_they_are_kept_for_a_minute_and_newest_comes_first() -> None:
    keeper = ClosedKeeper()
    for second in range(0, 100, 10):
        keeper.add(after(second), look((second + 1, 7, 80, 4000, -1)))
    keeper.forget(after(100))
    assert [one.at for one in keeper.newest(10)] == [after(second) for second in (90, 80, 70, 60, 50, 40)]
    assert keeper.count == 6
    assert [one.at for one in keeper.newest(2)] == [after(90), after(80)]


def test_too_many_are_counted_as_lost() -> None:
    keeper = ClosedKeeper()
    many = look(*[(n + 1, 7, 80, 4000, -1) for n in range(30_000)])
    for second in range(4):
        keeper.add(after(second), many)
    assert (keeper.count, keeper.lost) == (90_000, 30_000)
