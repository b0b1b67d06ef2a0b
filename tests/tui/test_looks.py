"""Closed sockets are taken until one is met that is known."""

from doorward.sockets.closed_sockets import ClosedSocket
from doorward.tui.looks import take_closed
from doorward.tui.watch_model import WatchModel
from made_sockets import AT, made, table
from prepared_looks import PreparedLooks

CLOSED = [ClosedSocket(AT, made("10.0.0.1:80", f"10.0.{number // 250}.{number % 250}:9", cookie=number + 1)) for number in range(3000)]


def test_all_of_a_burst_are_taken() -> None:
    looks = PreparedLooks((table(), CLOSED))
    looks.refresh()
    assert take_closed(looks, WatchModel()) == CLOSED


def test_no_more_than_needed_are_taken() -> None:
    looks, model = PreparedLooks((table(), CLOSED)), WatchModel()
    model.advance(table(), CLOSED[400:], AT)
    looks.refresh()
    assert len(take_closed(looks, model)) == 500
