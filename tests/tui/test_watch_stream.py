"""The stream: a record for everything that came and went, once."""

import itertools

from doorward.sockets.answer import SocketChange
from doorward.sockets.closed_sockets import ClosedSocket
from doorward.tui.watch_stream import iter_changes
from doorward.values.clocks import ManualClock
from doorward.verbs.sockets import no_names, read_filter
from made_sockets import AT, made, pair, table
from prepared_looks import PreparedLooks

DOOR = made("0.0.0.0:80", pid=10, process="server")
SERVER, CLIENT = pair("127.0.0.1:80", "127.0.0.1:40000")


def changes(looks: PreparedLooks, most_waits: int, words: str = "") -> list[SocketChange]:
    """Take changes until the view has waited so often."""
    clock = ManualClock(AT)
    waits = itertools.count(1)

    def wait() -> None:
        clock.advance(1)
        if next(waits) >= most_waits:
            raise EOFError

    taken: list[SocketChange] = []
    stream = iter_changes(looks, read_filter([words]), clock, wait, no_names)
    while True:
        try:
            taken.append(next(stream))
        except EOFError:
            return taken


def test_what_came_and_what_went() -> None:
    burst = [ClosedSocket(AT, made("127.0.0.1:80", f"127.0.0.1:{port}", "close", cookie=port), guessed=True) for port in range(1001, 1700)]
    looks = PreparedLooks(table(DOOR), table(DOOR, SERVER, CLIENT), (table(DOOR), burst), (table(DOOR), burst))
    told = changes(looks, 4)
    assert [(change.change, change.socket.local_port, change.socket.role) for change in told[:2]] == [
        ("new", 80, "server"),
        ("new", 40000, "client"),
    ]
    gone = told[2:]
    assert {change.change for change in gone} == {"gone"}
    assert len(gone) == 699 + 2
    assert sum(change.unseen for change in gone) == 699
    assert {change.socket.role for change in gone if change.unseen} == {"server"}


def test_the_filter_holds_for_both() -> None:
    looks = PreparedLooks(table(DOOR), table(DOOR, SERVER, CLIENT), table(DOOR), table(DOOR))
    assert [(change.change, change.socket.process) for change in changes(looks, 4, "process client")] == [
        ("new", "client"),
        ("gone", "client"),
    ]


def test_quiet_looks_say_nothing() -> None:
    assert changes(PreparedLooks(table(DOOR), table(DOOR)), 5) == []
