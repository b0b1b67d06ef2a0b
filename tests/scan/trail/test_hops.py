from __future__ import annotations

import pytest

from doorward.scan.doorstates import Reason
from doorward.scan.trail.hops import DIRECT, SILENCE, Heard, Hop, KnockKind, Means, Sign, Trail, return_hops
from doorward.values.addresses import Address
from doorward.values.transports import Transport

TCP = Means(KnockKind.TCP, 80)
ONE, TWO, FAR = (Address.parse(f"10.0.0.{number}") for number in (1, 2, 9))


def passed(place: int, sender: Address) -> Hop:
    return Hop(place, 1, (Heard(Sign.PASSED, sender),))


def test_the_weightiest_sign_speaks_for_a_hop() -> None:
    hop = Hop(3, 3, (Heard(Sign.PASSED, ONE), Heard(Sign.REFUSED, TWO, Reason.PROHIBITED), Heard(Sign.PASSED, TWO)))
    assert hop.sign is Sign.REFUSED
    assert hop.senders == (ONE, TWO)
    assert Hop(4, 3).best == SILENCE


@pytest.mark.parametrize(("left", "hops"), [(64, 1), (63, 2), (255, 1), (250, 6), (128, 1), (100, 29), (1, 64), (0, 65), (300, 1)])
def test_the_way_back_is_guessed_from_what_systems_begin_with(left: int, hops: int) -> None:
    assert return_hops(left) == hops


def test_means_have_names_for_people() -> None:
    assert Means.of(Transport.SCTP, 36412).label == "SCTP port 36412"
    assert Means(KnockKind.ECHO).label == "ping"


def test_circles_begin_where_one_is_met_for_the_third_time() -> None:
    ways = [ONE, TWO, ONE, TWO, ONE]
    trail = Trail(TCP, Hop(DIRECT, 1), tuple(passed(place, sender) for place, sender in enumerate(ways, 1)))
    assert trail.loop == (ONE, TWO)
    assert Trail(TCP, Hop(DIRECT, 1), trail.hops[:4]).loop == ()


def test_walking_again_adds_what_was_heard() -> None:
    first = Trail(TCP, Hop(DIRECT, 1), (passed(1, ONE), Hop(2, 3)))
    both = first.joined(Trail(TCP, Hop(DIRECT, 0), (passed(2, TWO), Hop(3, 1, (Heard(Sign.ANSWERED, FAR, Reason.REFUSED),)))))
    assert [hop.senders for hop in both.hops] == [(ONE,), (TWO,), (FAR,)]
    assert both.knocks == 1 + 1 + 4 + 1
    assert both.reaches(FAR) == 3
    assert both.end == both.hops[2]
    assert both.last_heard == both.hops[1]
    assert both.place_of(TWO) == 2
    assert both.hop(9) is None
