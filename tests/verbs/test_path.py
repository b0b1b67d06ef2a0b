from __future__ import annotations

import socket

import pytest

from doorward.errors import CallError, DoorwardError, WorldError
from doorward.scan.doorstates import DoorState
from doorward.scan.trail.conclusion import Ending
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock
from doorward.values.transports import Transport
from doorward.verbs.path import PathRequest, path
from listeners import listening

NAMES = {"host.lan": ["127.0.0.1", "::1"], "six.lan": ["::1"]}


def resolve(name: str) -> list[Address]:
    if name not in NAMES:
        raise WorldError("find the address of", name, why="no such name is known")
    return [Address.parse(text) for text in NAMES[name]]


def follow(door: str, **rest: object) -> object:
    return path(PathRequest(door=door, **rest), clock=SystemClock(), nonce=lambda: 12345, resolve=resolve)  # type: ignore[arg-type]


def test_an_own_door() -> None:
    with listening(1) as (port,):
        answer = path(PathRequest(door=f"host.lan:{port}", family=4), clock=SystemClock(), nonce=lambda: 1, resolve=resolve)
    assert (answer.ending, answer.state, answer.distance) == (Ending.DOOR, DoorState.OPEN, 1)
    assert (answer.host, answer.other_addresses) == ("host.lan", [Address.parse("::1")])
    assert "this machine's own" in answer.meaning
    assert answer.others == []


def test_a_datagram_door_by_either_spelling() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    for door, transport in ((f"127.0.0.1:{port}", "udp"), (f"udp:127.0.0.1:{port}", ""), (f"u:127.0.0.1:{port}", "udp")):
        answer = path(PathRequest(door=door, transport=transport), clock=SystemClock(), nonce=lambda: 1, resolve=resolve)
        assert (answer.transport, answer.state) == (Transport.UDP, DoorState.CLOSED)


@pytest.mark.parametrize(
    ("request_words", "error", "why"),
    [
        ({"door": "host.lan"}, CallError, "it has no port"),
        ({"door": "127.0.0.1:70000"}, CallError, "at most 65535"),
        ({"door": "127.0.0.1:1-9"}, CallError, "these are 9 doors"),
        ({"door": "127.0.0.1:no-such-service"}, CallError, "no service of that name"),
        ({"door": "nobody.lan:80"}, WorldError, "no such name"),
        ({"door": "six.lan:80", "family": 4}, CallError, "no IPv4 address"),
        ({"door": "udp:127.0.0.1:53", "transport": "tcp"}, CallError, "says udp"),
        ({"door": "tcp:127.0.0.1:53", "transport": "udp"}, CallError, "says tcp"),
        ({"door": "8.8.8.8:53"}, CallError, "--i-may-scan-this"),
        ({"door": "224.0.0.1:53", "may_scan_public": True}, CallError, "multicast"),
        ({"door": "[fe80::1%nowhere0]:53"}, WorldError, "has none of that name"),
        ({"door": "127.0.0.1:53", "most_hops": 31}, CallError, "1 to 30"),
        ({"door": "127.0.0.1:53", "knocks": 9}, CallError, "1 to 5"),
        ({"door": "http://127.0.0.1:53"}, CallError, "it is a URL"),
    ],
)
def test_bad_calls(request_words: dict[str, object], error: type[DoorwardError], why: str) -> None:
    with pytest.raises(error) as caught:
        follow(**request_words)  # type: ignore[arg-type]
    assert why in str(caught.value)
