"""A row of the live view: as wide as it may be, harmless, with its mark in words."""

import pytest

from doorward.sockets.closed_sockets import ClosedSocket
from doorward.tui.watch_model import WatchModel
from doorward.tui.watch_picture import Order, Picture, arrange_rows
from doorward.tui.watch_rows import columns_for, row_cells, title_cells
from doorward.values.doors import Holder
from doorward.values.transports import Transport
from doorward.verbs.sockets import read_filter, see_table
from made_sockets import AT, made, table

HOSTILE = Holder(pid=2, process="\x1b]0;x\x07", user="\u202eu")
SOCKETS = (
    made("0.0.0.0:80", pid=1234567, process="a-long-process", receive_queue=9, send_queue=8),
    made("127.0.0.1:631", pid=5, process="cupsd"),
    made("10.0.0.1:80", "10.0.0.2:50000", rtt_us=1500, bytes_received=2000, bytes_acked=3000, holder=HOSTILE),
    made("[fd00:1234:5678:9abc:def0:1234:5678:9abc]:443", "[fd00:1234:5678:9abc:def0:1234:5678:9abd]:50000"),
    made("0.0.0.0:53", transport=Transport.UDP),
    made("127.0.0.1:9", state="close"),
)  # fmt: skip


def picture() -> Picture:
    model = WatchModel()
    model.advance(table(), [], AT)
    moment = model.advance(table(*SOCKETS), [ClosedSocket(AT, made("10.0.0.1:80", "10.0.0.3:7"))], AT)
    wanted = read_filter([])
    sight = see_table(moment.table, wanted)
    return arrange_rows(moment, sight.roles, sight.chosen, wanted, Order.DOOR)


def lines(width: int) -> list[str]:
    shown = picture()
    return ["".join(text for text, _ in row_cells(shown, place, columns_for(width))) for place in range(len(shown.rows))]


@pytest.mark.parametrize("width", [79, 90, 100, 120, 149, 200, 250])
def test_rows_are_of_one_width_that_fits(width: int) -> None:
    drawn = [*lines(width), "".join(text for text, _ in title_cells(columns_for(width)))]
    assert len({len(line) for line in drawn}) == 1
    assert len(drawn[0]) <= width
    assert all(line.isprintable() for line in drawn)


def test_marks_and_words() -> None:
    text = "\n".join(lines(250))
    for words in (
        "+ tcp waiting       0.0.0.0:80",
        "- tcp gone          10.0.0.1:80",
        "← anybody here",
        "← 10.0.0.2:50000",
        "nobody",
        "a-long-process 1234567",
        "9/8 callers",
        "1.5 ms",
        "2.0 kB",
        "\\x1b]0;x",
        "\\u202eu",
        "[fd00:1234:5678:9abc:def0:1234:5678:9abc]:443",
    ):
        assert words in text, words


def test_an_address_that_is_too_long_keeps_its_port() -> None:
    line = next(line for line in lines(79) if "fd00" in line)
    assert "…" in line
    assert ":443 " in line
    assert ":50000" in line
