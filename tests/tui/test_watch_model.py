"""What is new, what is gone, and what is neither."""

import datetime

import numpy as np

from doorward.sockets.closed_sockets import ClosedSocket
from doorward.sockets.table import Namespace, Socket
from doorward.tui.watch_model import Mark, Moment, WatchModel, row_keys
from doorward.values.transports import Transport
from made_sockets import AT, made, table

DOOR = made("0.0.0.0:80", pid=1, process="nginx")
CALL = made("10.0.0.1:80", "10.0.0.2:5000", pid=1, process="nginx")
LATER = made("10.0.0.1:80", "10.0.0.3:5000")


def at(seconds: float) -> datetime.datetime:
    return AT + datetime.timedelta(seconds=seconds)


def closed(socket: Socket, seconds: float, *, guessed: bool = False) -> ClosedSocket:
    return ClosedSocket(at(seconds), socket, guessed)


def marked(moment: Moment) -> dict[int, Mark]:
    return {int(moment.table.cookie[row]): Mark(int(moment.mark[row])) for row in range(len(moment.table))}


def test_the_first_look_has_nothing_new() -> None:
    moment = WatchModel().advance(table(DOOR, CALL), [closed(LATER, -5)], at(0))
    assert marked(moment) == {DOOR.cookie: Mark.KEPT, CALL.cookie: Mark.KEPT, LATER.cookie: Mark.GONE}
    assert (len(moment.came), moment.went, moment.went_count) == (0, (), 0)


def test_a_new_socket_is_marked_for_some_seconds() -> None:
    model = WatchModel()
    model.advance(table(DOOR), [], at(0))
    moment = model.advance(table(DOOR, CALL), [], at(1))
    assert marked(moment) == {DOOR.cookie: Mark.KEPT, CALL.cookie: Mark.NEW}
    assert moment.came.tolist() == [1]
    again = model.advance(table(CALL, DOOR), [], at(3))
    assert (again.came.tolist(), marked(again)[CALL.cookie]) == ([], Mark.NEW)
    assert marked(model.advance(table(DOOR, CALL), [], at(7)))[CALL.cookie] is Mark.KEPT


def test_what_the_kernel_told_is_gone_with_its_totals() -> None:
    model = WatchModel()
    model.advance(table(DOOR, CALL), [], at(0))
    end = made("10.0.0.1:80", "10.0.0.2:5000", "close", cookie=CALL.cookie, bytes_received=77)
    moment = model.advance(table(DOOR), [closed(end, 0.5)], at(1))
    (gone,) = moment.went
    assert (gone.at, gone.socket.bytes_received, gone.unseen, moment.went_count) == (at(0.5), 77, False, 1)
    assert moment.mark.tolist() == [Mark.GONE, Mark.KEPT]
    assert moment.table.bytes_received[0] == 77
    later = model.advance(table(DOOR), [closed(end, 0.5)], at(2))
    assert (later.went, len(later.gone)) == ((), 1)  # told once, shown for a minute
    assert model.advance(table(DOOR), [], at(70)).gone == ()


def test_one_that_came_and_went_between_two_looks() -> None:
    model = WatchModel()
    model.advance(table(DOOR), [], at(0))
    moment = model.advance(table(DOOR), [closed(LATER, 0.5, guessed=True)], at(1))
    assert [(gone.unseen, gone.guessed) for gone in moment.went] == [(True, True)]
    assert model.knows(closed(LATER, 0.5))
    assert not model.knows(closed(CALL, 0.5))


def test_one_that_closed_while_the_kernel_listed_it_is_only_gone() -> None:
    model = WatchModel()
    model.advance(table(DOOR), [], at(0))
    moment = model.advance(table(DOOR, CALL), [closed(CALL, 0.9)], at(1))
    assert marked(moment) == {DOOR.cookie: Mark.KEPT, CALL.cookie: Mark.GONE}
    assert [gone.unseen for gone in moment.went] == [False]
    assert moment.came.tolist() == []


def test_a_door_that_nobody_told_of_is_gone_when_it_is_missing() -> None:
    model = WatchModel()
    model.advance(table(DOOR, CALL), [], at(0))
    moment = model.advance(table(CALL), [], at(1))
    assert [gone.socket.local_port for gone in moment.went] == [80]
    assert len(model.advance(table(CALL), [], at(60)).gone) == 1
    assert len(model.advance(table(CALL), [], at(62)).gone) == 0


def test_time_wait_neither_comes_nor_goes() -> None:
    model = WatchModel()
    model.advance(table(DOOR), [], at(0))
    over = made("10.0.0.1:80", "10.0.0.2:5000", "over")
    moment = model.advance(table(DOOR, over), [], at(1))
    assert (moment.came.tolist(), moment.mark.tolist()) == ([], [Mark.KEPT, Mark.KEPT])
    assert model.advance(table(DOOR), [], at(2)).went == ()


def test_without_cookies_both_ends_are_the_name() -> None:
    model = WatchModel()
    old = [made("0.0.0.0:80", cookie=0), made("10.0.0.1:80", "10.0.0.2:5", cookie=0)]
    model.advance(table(*old), [], at(0))
    moment = model.advance(table(old[1], made("10.0.0.1:80", "10.0.0.2:6", cookie=0)), [], at(1))
    assert (moment.came.tolist(), [gone.socket.local_port for gone in moment.went]) == ([2], [80])


def test_the_same_cookie_in_another_namespace_is_another_socket() -> None:
    here, there = made("0.0.0.0:80", cookie=5), made("0.0.0.0:80", cookie=5, namespace=Namespace("web", 77))
    keys = row_keys(table(here, there))
    assert keys[0] != keys[1]
    model = WatchModel()
    model.advance(table(here, there), [], at(0))
    assert [gone.socket.namespace.name for gone in model.advance(table(here), [closed(there, 1)], at(1)).went] == ["web"]


def test_crowds_are_counted_and_shown_in_part() -> None:
    crowd = [made("0.0.0.0:53", transport=Transport.UDP, cookie=number + 1, inode=number + 1) for number in range(50)]
    model = WatchModel(most_shown=10, most_told=20)
    model.advance(table(*crowd), [], at(0))
    moment = model.advance(table(), [], at(1))
    assert (len(moment.went), moment.went_count, len(moment.gone), len(moment.table)) == (20, 50, 10, 10)


def test_since_is_when_it_came_or_went() -> None:
    model = WatchModel()
    model.advance(table(DOOR), [], at(0))
    moment = model.advance(table(DOOR, CALL), [closed(LATER, 0.5)], at(1))
    assert moment.since_ms.tolist() == [int(at(0.5).timestamp() * 1000), 0, int(at(1).timestamp() * 1000)]
    assert np.issubdtype(moment.since_ms.dtype, np.int64)
