"""A table of ways: what was walked, and what it means."""

from __future__ import annotations

import pytest

from doorward.scan.doorstates import DoorState
from doorward.scan.trail.conclusion import Ending, conclude, is_reached
from doorward.scan.trail.hops import Trail
from doorward.values.evidence import Certainty
from trails import HOST, PING, TCP_TOO, UDP, at, trail

OPEN, CLOSED = "9!accepted", "9!refused"
SURE, LIKELY = Certainty.MEASURED, Certainty.INFERRED

TABLE: dict[str, tuple[Trail, list[Trail], Ending, DoorState, Certainty]] = {
    "open": (trail(f"1 2 {OPEN}", direct=OPEN), [], Ending.DOOR, DoorState.OPEN, SURE),
    "closed": (trail(f"1 2 {CLOSED}", direct=CLOSED), [trail(OPEN, PING, first=3)], Ending.DOOR, DoorState.CLOSED, SURE),
    "open, too far for the trail": (trail("1 2", direct=OPEN), [], Ending.DOOR, DoorState.OPEN, SURE),
    "gateway": (trail(f"1 9 {OPEN}", direct=OPEN), [], Ending.FORWARDED, DoorState.OPEN, SURE),
    "forged reset": (
        trail(f"1 {CLOSED}", direct=CLOSED),
        [trail(f"2 {OPEN}", PING, first=2, direct=OPEN)],
        Ending.STAND_IN,
        DoorState.CLOSED,
        LIKELY,
    ),
    "a filter says so": (trail("1 2 2!prohibited", direct="2!prohibited"), [], Ending.REFUSED, DoorState.FILTERED, SURE),
    "the host says so": (trail("1 9!port-unreachable", direct="9!port-unreachable"), [], Ending.REFUSED, DoorState.FILTERED, SURE),
    "host away": (trail("1 2 *", direct="2!host-unreachable"), [], Ending.NO_HOST, DoorState.FILTERED, SURE),
    "the host calls itself unreachable": (trail("1 *", direct="9!host-unreachable"), [], Ending.REFUSED, DoorState.FILTERED, SURE),
    "no route": (trail("1!net-unreachable", direct="1!net-unreachable"), [], Ending.NO_WAY, DoorState.FILTERED, SURE),
    "no SCTP": (trail("1 9!protocol-unreachable", direct="9!protocol-unreachable"), [], Ending.NO_SERVICE, DoorState.FILTERED, SURE),
    "a router forbids SCTP": (trail("1 1!protocol-unreachable"), [], Ending.REFUSED, DoorState.FILTERED, SURE),
    "absent on our link": (trail("", direct="!no-neighbour"), [], Ending.NO_HOST, DoorState.UNKNOWN, SURE),
    "own rule": (trail("", direct="!local-rule"), [], Ending.UNSENT, DoorState.FILTERED, SURE),
    "circle": (trail("1 2 1 2 1"), [], Ending.CIRCLE, DoorState.FILTERED, SURE),
    "longer than followed": (trail("1 2 3"), [], Ending.UNFINISHED, DoorState.FILTERED, Certainty.UNKNOWN),
    "filter for this port": (
        trail("1 2 * *"),
        [trail(f"2 3 {CLOSED}", TCP_TOO, first=2), trail(f"2 3 {OPEN}", PING, first=2)],
        Ending.FILTERED,
        DoorState.FILTERED,
        SURE,
    ),
    "filter for TCP": (
        trail("1 2 * *"),
        [trail("2 * *", TCP_TOO, first=2), trail(f"2 3 {OPEN}", PING, first=2)],
        Ending.FILTERED,
        DoorState.FILTERED,
        SURE,
    ),
    "others get farther, not to the host": (
        trail("1 2 * *"),
        [trail("2 3 * *", TCP_TOO, first=2), trail("2 * *", PING, first=2)],
        Ending.FILTERED,
        DoorState.FILTERED,
        SURE,
    ),
    "all vanish": (
        trail("1 2 * *"),
        [trail("2 * *", TCP_TOO, first=2), trail("2 * *", PING, first=2)],
        Ending.VANISHES,
        DoorState.FILTERED,
        LIKELY,
    ),
    "nothing at all": (trail("* * *"), [trail("* *", PING)], Ending.VANISHES, DoorState.FILTERED, LIKELY),
    "UDP keeps silent at the end": (
        trail("1 2 * *", UDP),
        [trail("2 9!port-closed", UDP, first=2)],
        Ending.SILENT,
        DoorState.OPEN_FILTERED,
        LIKELY,
    ),
    "UDP vanishes before": (
        trail("1 * *", UDP),
        [trail("1 2 9!port-closed", UDP, first=1)],
        Ending.FILTERED,
        DoorState.OPEN_FILTERED,
        SURE,
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_what_a_way_means(case: str) -> None:
    door, controls, ending, state, certainty = TABLE[case]
    found = conclude(HOST, door, controls)
    assert (found.ending, found.state, found.certainty) == (ending, state, certainty)


def test_where_the_filter_stands() -> None:
    door, controls, *_ = TABLE["filter for TCP"]
    found = conclude(HOST, door, controls)
    assert (found.stops_after, found.stops_after_hop, found.next_hop) == (at(2), 2, at(3))
    assert (found.passed_by, found.failed_too) == (PING, (TCP_TOO,))
    assert found.host_distance == found.distance == 4


def test_the_nearest_kind_of_knock_is_named_first() -> None:
    door, controls, *_ = TABLE["filter for this port"]
    assert conclude(HOST, door, controls).passed_by == TCP_TOO


def test_who_else_is_refused() -> None:
    door = trail("1 2 2!prohibited", direct="2!prohibited")
    controls = [trail("2 2!prohibited", TCP_TOO, first=2), trail(f"2 {OPEN}", PING, first=2)]
    found = conclude(HOST, door, controls)
    assert (found.same_refusal, found.passed_by, found.distance) == ((TCP_TOO,), PING, 2)


def test_interrupted_is_unknown() -> None:
    found = conclude(HOST, trail("1 2 *"), is_finished=False)
    assert (found.ending, found.reason, found.state) == (Ending.UNFINISHED, None, DoorState.UNKNOWN)


def test_the_far_end_is_reached_by_either() -> None:
    assert is_reached(trail("1", direct=OPEN))
    assert is_reached(trail(f"1 {CLOSED}"))
    assert not is_reached(trail("1 2!prohibited"))
