from __future__ import annotations

import msgspec

from doorward.scan.trail.conclusion import conclude
from doorward.scan.trail.hops import Heard, Hop, Sign, Trail
from doorward.scan.trail.notes import explain_notes
from trails import HOST, PING, TCP, UDP, at, trail


def notes(door: Trail, controls: tuple[Trail, ...] = ()) -> str:
    return " ".join(explain_notes(door, controls, conclude(HOST, door, controls)))


def test_silent_routers_are_no_fault() -> None:
    assert "Hop 2 passes knocks on without a word" in notes(trail("1 * 3 9!refused", direct="9!refused"))
    assert "Hops 2, 3 pass" in notes(trail("1 * * 4 9!refused", direct="9!refused"))
    assert "without a word" not in notes(trail("1 2 * *"))


def test_ways_that_part() -> None:
    parted = Hop(2, 2, (Heard(Sign.PASSED, at(2)), Heard(Sign.PASSED, at(3))))
    assert "Hop 2 answers from several machines" in notes(Trail(TCP, Hop(0, 1), (trail("1").hops[0], parted)))


def test_a_way_back_of_another_length() -> None:
    long = Hop(1, 1, (Heard(Sign.PASSED, at(1), answer_hops=60),))
    assert "come back over 5 hops" in notes(Trail(TCP, Hop(0, 1), (long,)))


def test_an_answer_from_another_distance() -> None:
    door = trail("1 9!answered", UDP, direct="9!answered")
    far = trail("9!answered", PING, first=2)
    other = Hop(2, 1, (msgspec.structs.replace(far.hops[0].best, answer_hops=63),))
    assert "another machine may answer for the door" in notes(door, (Trail(PING, Hop(0, 0), (other,)),))
    assert "another machine" not in notes(door, (far,))


def test_an_open_door_was_met() -> None:
    assert "made a connection and closed it" in notes(trail("1 9!accepted", direct="9!accepted"))
