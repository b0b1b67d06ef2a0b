from __future__ import annotations

import io
import socket

import pytest

from doorward.errors import CallError, DoorwardError
from doorward.identify.answer import IdentifyAnswer
from doorward.values.clocks import SystemClock
from doorward.verbs.identify_stream import identify_stream
from listeners import closed_port


def ask(lines: bytes, only: str = "") -> tuple[list[IdentifyAnswer], list[DoorwardError]]:
    told: list[IdentifyAnswer] = []
    refused: list[DoorwardError] = []
    identify_stream(io.BytesIO(lines), clock=SystemClock(), tell=told.append, refuse=refused.append, timeout_s=2, only=only)
    return told, refused


def test_each_door_is_asked_once_however_often_it_comes() -> None:
    with closed_port() as port:
        told, refused = ask(b'127.0.0.1:%d\n{"address":"127.0.0.1","port":%d}\n127.0.0.1:%d' % (port, port, port))
    assert [(one.port, one.outcome) for one in told] == [(port, "refused")]
    assert refused == []


def test_what_can_not_be_followed_is_told_with_its_line_and_the_rest_goes_on() -> None:
    with closed_port() as port:
        told, refused = ask(b"nonsense\n192.0.2.1:22\n{\n\xff\n127.0.0.1:%d\n" % port)
    assert len(told) == 1
    assert [f"line {number}" in str(error) for number, error in enumerate(refused, start=1)] == [True] * 4
    assert "--i-may-scan-this" in str(refused[1])


def test_a_name_with_two_addresses_is_one_door() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        told, _ = ask(b"localhost:%d\n" % server.getsockname()[1])
    assert [(one.host, str(one.address)) for one in told] == [("localhost", "127.0.0.1")]


def test_only_one_protocol() -> None:
    with closed_port() as port:
        told, refused = ask(b"udp:127.0.0.1:53\n127.0.0.1:%d\n" % port, only="ssh")
    assert len(told) == len(refused) == 1
    assert "not spoken over udp" in str(refused[0])
    with pytest.raises(CallError):
        ask(b"", only="no-such-protocol")
