from __future__ import annotations

import errno
import socket
import sys

import pytest

from doorward.scan.live_knocks import CAN_REUSE, PENDING, Knocker
from listeners import closed_port, listening


def test_an_open_door_takes_the_connection() -> None:
    with listening(1) as (port,):
        knocker = Knocker(4)
        assert knocker.knock(("127.0.0.1", port)) == 0
        ends = knocker.ends()
        assert ends is not None
        assert ends[1] == ("127.0.0.1", port)
        assert knocker.own_port() == ends[0][1] > 0
        knocker.close()


def test_a_server_sees_a_caller_who_came_and_went() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        knocker = Knocker(6)
        assert knocker.knock(("::1", server.getsockname()[1], 0, 0)) == 0
        knocker.close()
        caller, _ = server.accept()
        with caller:
            caller.settimeout(5)
            assert caller.recv(1) == b"", "an end of file, not a reset"


@pytest.mark.skipif(not CAN_REUSE, reason="only Linux lets a refused socket knock again")
def test_a_refused_socket_knocks_again() -> None:
    with closed_port() as nobody, listening(1) as (port,):
        knocker = Knocker(4)
        assert [knocker.knock(("127.0.0.1", nobody)) for _ in range(3)] == [errno.ECONNREFUSED] * 3
        assert knocker.icmp_error() is None
        assert knocker.knock(("127.0.0.1", port)) == 0
        knocker.close()


def test_a_closed_connection_has_no_ends() -> None:
    knocker = Knocker(4)
    assert knocker.ends() is None
    knocker.close()


def test_pending_is_told_until_the_answer_is_there() -> None:
    knocker = Knocker(4)
    assert PENDING == errno.EALREADY
    assert sys.platform != "linux" or knocker.own_port() == 0
    knocker.close()
