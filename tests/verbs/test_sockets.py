"""Reading, choosing and describing together, on this machine's own sockets."""

import os
import socket
import sys

import numpy as np
import pytest

from doorward.errors import FilterError
from doorward.sockets.roles import Reason, Role
from doorward.values.transports import Transport
from doorward.verbs.sockets import name_of, no_names, read_filter, see, see_table, start_walk
from listeners import listening
from made_sockets import AT, made, pair, table


def test_our_own_sockets_are_no_noise() -> None:
    rows = table(made("0.0.0.0:80", pid=os.getpid(), process="doorward"), made("0.0.0.0:81", pid=10**6, process="other"))
    assert see_table(rows, read_filter([])).table.local_port.tolist() == [81]
    assert see_table(rows, read_filter([]), hide_own=False).table.local_port.tolist() == [80, 81]


def test_a_sight_is_arranged_and_answered() -> None:
    rows = table(made("0.0.0.0:80"), *pair("127.0.0.1:80", "127.0.0.1:40000"), made("10.0.0.1:40000", "10.0.0.2:443"))
    sight = see_table(rows, read_filter(["port", "80"]))
    assert sight.rows().tolist() == [0, 1, 2]
    assert sight.view().counts.sockets == 3
    answer = sight.answer(AT)
    assert (answer.at, answer.filter, len(answer.sockets)) == (AT, "port 80", 3)
    assert answer.sockets[0].local_service == name_of(Transport.TCP, 80) != ""
    assert sight.answer(AT, numeric=True).sockets[0].local_service == ""


def test_service_names_are_ports() -> None:
    rows = table(made("0.0.0.0:22"), made("0.0.0.0:443"))
    assert np.flatnonzero(see_table(rows, read_filter(["port", "ssh"])).chosen).tolist() == [0]
    with pytest.raises(FilterError, match="no service of that name"):
        read_filter(["port", "no-such-service"])


def test_registered_names_are_a_sign_of_the_server() -> None:
    roles = see_table(table(made("10.0.0.1:443", "10.0.0.2:49")), read_filter([])).roles
    assert roles.reason[0] in (Reason.NO_SIGN, Reason.NAME_HERE)
    roles = see_table(table(made("10.0.0.1:443", "10.0.0.2:4")), read_filter([])).roles
    assert (roles.role[0], roles.reason[0]) == (Role.SERVER, Reason.NAME_HERE)


def test_a_bad_filter_stops_the_walk_too() -> None:
    walk = start_walk()
    with pytest.raises(FilterError):
        see(["prot", "80"], walk=walk)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems need rights to see even our own sockets")
def test_a_real_door_with_a_real_caller() -> None:
    with listening(1) as (port,), socket.create_connection(("127.0.0.1", port)) as caller:
        from doorward.sockets.live_snapshot import read_sockets

        sight = see_table(read_sockets(), read_filter([f"port {port}"]), hide_own=False)
        records = sight.answer(AT).sockets
        own = [record for record in records if record.pid == os.getpid()]
        assert {(record.state, record.role) for record in own} == {("LISTEN", "server"), ("ESTABLISHED", "client")}
        assert {record.local_port for record in own} == {port, caller.getsockname()[1]}
        waiting = [record for record in records if record.pid is None]
        assert [(record.role, record.role_certainty) for record in waiting] == [("server", "measured")]


def test_no_names() -> None:
    assert no_names(Transport.TCP, 80) == ""
