from __future__ import annotations

from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.results import DoorResult, Tally
from doorward.values.addresses import Address


def test_the_state_follows_from_the_reason() -> None:
    result = DoorResult(Address.parse("10.0.0.1"), 22, Reason.REFUSED, 1000)
    assert result.state is DoorState.CLOSED
    assert result.transport == "tcp"


def test_a_tally_begins_with_nothing() -> None:
    assert Tally() == Tally(knocks=0, answers=0, done=0, waiting=0, again=0, met_ourselves=0, held_up=0)
