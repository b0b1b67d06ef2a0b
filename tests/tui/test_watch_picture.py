"""The rows that are shown, and their order."""

import numpy as np
import pytest

from doorward.tui.watch_model import Mark, WatchModel
from doorward.tui.watch_picture import Order, Picture, arrange_rows
from doorward.verbs.sockets import read_filter, see_table
from made_sockets import AT, made, table

SOCKETS = (
    made("10.0.0.1:80", "10.0.0.2:5000", pid=1, process="nginx", rtt_us=9, bytes_received=1, receive_queue=7),
    made("0.0.0.0:80", pid=1, process="nginx", receive_queue=1, send_queue=4096),
    made("10.0.0.1:40000", "10.0.0.2:443", pid=2, process="curl", rtt_us=100, bytes_acked=50),
    made("10.0.0.1:40002", "10.0.0.2:443", "over", inode=0),
)


def picture(order: Order, words: str = "") -> Picture:
    moment = WatchModel().advance(table(*SOCKETS), [], AT)
    wanted = read_filter([words])
    sight = see_table(moment.table, wanted)
    return arrange_rows(moment, sight.roles, sight.chosen, wanted, order)


@pytest.mark.parametrize(
    ("order", "rows"),
    [
        (Order.DOOR, [1, 0, 2, 3]),
        (Order.NEWEST, [1, 0, 2, 3]),
        (Order.BUSIEST, [2, 0, 1, 3]),
        (Order.SLOWEST, [2, 0, 1, 3]),
        (Order.WAITING, [0, 1, 2, 3]),
        (Order.PROCESS, [2, 1, 0, 3]),
    ],
)
def test_each_order(order: Order, rows: list[int]) -> None:
    assert picture(order).rows.tolist() == rows


def test_the_filter_chooses() -> None:
    assert picture(Order.DOOR, "port 80").rows.tolist() == [1, 0]


def test_a_socket_is_found_again_by_its_key() -> None:
    shown = picture(Order.BUSIEST)
    key = int(shown.keys[0])
    assert picture(Order.PROCESS).place_of(key) == 0
    assert picture(Order.DOOR, "port 80").place_of(key) is None
    assert shown.place_of(None) is None


def test_marks_are_counted_and_orders_go_round() -> None:
    assert picture(Order.DOOR).count(Mark.KEPT) == 4
    order = Order.DOOR
    for _ in Order:
        order = order.following
    assert order is Order.DOOR


def test_an_empty_picture() -> None:
    for order in Order:
        assert len(picture(order, "port 9").rows) == 0
    assert np.issubdtype(picture(Order.DOOR, "port 9").keys.dtype, np.uint64)
