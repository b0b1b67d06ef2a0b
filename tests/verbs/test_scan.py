from __future__ import annotations

import pytest

from doorward.errors import CallError, WorldError
from doorward.scan.answer import DoorLine, SummaryLine
from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.plan import OTHERS
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock
from doorward.verbs.scan import Scan, ScanRequest
from listeners import closed_port, listening

CLOCK = SystemClock()
BOOK = {"nas.lan": [Address.parse("127.0.0.1")], "far.example": [Address.parse("192.0.2.1")]}


def make(*targets: str, **rest: object) -> Scan:
    request = ScanRequest(targets=targets, **rest)  # type: ignore[arg-type]  # the table below is loosely typed on purpose
    return Scan(request, key=1, resolve=lambda name: BOOK.get(name, []), is_own=lambda _: False)


def run(scan: Scan) -> tuple[list[DoorLine], SummaryLine]:
    *doors, summary = scan.lines(CLOCK)
    assert isinstance(summary, SummaryLine)
    return [door for door in doors if isinstance(door, DoorLine)], summary


def test_open_doors_are_listed_and_the_others_counted() -> None:
    with listening(2) as ports, closed_port() as nobody:
        doors, summary = run(make("nas.lan", ports=f"{ports[0]},{ports[1]},{nobody}"))
    assert {door.port for door in doors} == set(ports)
    assert {(door.host, door.state, door.reason) for door in doors} == {("nas.lan", DoorState.OPEN, Reason.ACCEPTED)}
    assert summary.states == {DoorState.OPEN: 2, DoorState.CLOSED: 1, DoorState.FILTERED: 0, DoorState.UNKNOWN: 0}
    assert summary.reasons == {Reason.ACCEPTED: 2, Reason.REFUSED: 1}
    assert (summary.doors, summary.done, summary.sent, summary.received, summary.lost_here) == (3, 3, 3, 3, 0)
    assert not summary.interrupted


def test_every_state_is_listed_when_asked_for() -> None:
    with closed_port() as nobody:
        doors, _ = run(make("127.0.0.1", ports=str(nobody), every_state=True))
    assert [(door.port, door.state, door.knocks) for door in doors] == [(nobody, DoorState.CLOSED, 1)]
    assert doors[0].rtt_ms is not None


def test_an_interruption_ends_in_a_summary() -> None:
    with closed_port() as nobody:
        scan = make("127.0.0.0/16", ports=str(nobody))
        *_, summary = scan.lines(CLOCK, stop=lambda: scan.tally.done > 100)
    assert isinstance(summary, SummaryLine)
    assert summary.interrupted
    assert 100 < summary.done < summary.doors


def test_service_names_stand_for_their_tcp_ports() -> None:
    assert str(make("127.0.0.1", ports="ssh,8000-8001").ports) == "T:22,8000-8001"
    assert str(make("127.0.0.1", ports="-").ports) == "T:1-65535"
    assert str(make("127.0.0.1", ports="domain").ports) == "T:53"


def test_without_ports_those_that_people_meet_are_scanned() -> None:
    plan = make("127.0.0.1").plan
    assert set(range(1, 1025)) <= set(plan.ports)
    assert {3306, 5432, 6379, 8080} <= set(plan.ports)
    assert plan.count < 2000


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ({"ports": "70000"}, "65535"),
        ({"ports": ""}, "empty"),
        ({"ports": "no-such-service"}, "no service of that name"),
        ({"ports": "U:53"}, "UDP"),
        ({"ports": "22,U:53"}, "UDP"),
        ({"timeout_s": 0.0}, "above 0"),
        ({"timeout_s": float("nan")}, "above 0"),
        ({"timeout_s": 1e9}, "at most 60"),
        ({"knocks": 0}, "1 to 10"),
        ({"rate": -1.0}, "connections a second"),
        ({"host_rate": float("inf")}, "connections a second"),
        ({"exclude": ("127.0.0.0/8",)}, "no address is left"),
    ],
)
def test_a_bad_request_is_refused_before_anything_is_sent(rest: dict[str, object], why: str) -> None:
    with pytest.raises(CallError, match=why):
        make("127.0.0.1", **rest)


def test_a_strangers_address_needs_the_callers_word_also_behind_a_name() -> None:
    with pytest.raises(CallError, match="--i-may-scan-this"):
        make("far.example", ports="80")
    assert make("far.example", ports="80", may_scan=True).plan.count == 1


def test_what_is_not_there_is_the_worlds_fault() -> None:
    with pytest.raises(WorldError, match="nobody"):
        make("nobody")
    with pytest.raises(WorldError, match="nowhere0"):
        make("fe80::1%nowhere0")


def test_speed_is_the_callers_where_he_says_so() -> None:
    assert make("10.0.0.1").plan.speed == OTHERS
    speed = make("10.0.0.1", rate=0.0, host_rate=5.0, timeout_s=0.2, knocks=1).plan.speed
    assert (speed.rate, speed.host_rate, speed.timeout_s, speed.knocks) == (None, 5.0, 0.2, 1)


def test_a_plan_says_whom_and_how_much() -> None:
    line = make("nas.lan", "10.0.0.0/24", ports="22,80").plan_line()
    assert (line.addresses, line.doors, line.knocks_least, line.knocks_most) == (257, 514, 514, 1542)
    assert line.names == {"nas.lan": [Address.parse("127.0.0.1")]}
    assert [target.count for target in line.targets] == [256, 1]
    assert line.ports == "T:22,80"
