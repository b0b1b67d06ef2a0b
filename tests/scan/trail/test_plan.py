"""Playbooks: a made-up internet answers at once, later or never, and the plan must end, with few knocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.scan.doorstates import Reason
from doorward.scan.trail.hops import DIRECT, SILENCE, Heard, KnockKind, Means, Sign, Trail
from doorward.scan.trail.plan import TrailPlan
from doorward.values.addresses import Address

TCP = Means(KnockKind.TCP, 80)
FAR = Address.parse("10.0.0.99")


def router(place: int) -> Heard:
    return Heard(Sign.PASSED, Address.parse(f"10.0.0.{place}"))


OPEN = Heard(Sign.ANSWERED, FAR, Reason.ACCEPTED)


def play(plan: TrailPlan, answers: dict[int, Heard], *, at_once: bool = True) -> Trail:
    """Answer each knock before the next one, or only when nothing more may be sent."""
    waiting: list[int] = []
    for _ in range(1000):
        place = plan.next()
        if place is not None:
            waiting.append(place)
            if not at_once:
                continue
        if not waiting:
            assert plan.is_done
            return plan.trail()
        for one in waiting:
            plan.take(one, answers.get(one, SILENCE))
        waiting.clear()
    raise AssertionError("the plan has no end")


def internet(hops: int, *, silent: tuple[int, ...] = (), door: Heard = OPEN) -> dict[int, Heard]:
    found = {place: router(place) for place in range(1, hops) if place not in silent}
    found |= dict.fromkeys(range(hops, 31), door)
    return found | {DIRECT: door}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("hops", [1, 2, 5, 17, 30])
def test_a_door_is_found_at_its_distance(hops: int, at_once: bool) -> None:
    trail = play(TrailPlan(TCP), internet(hops), at_once=at_once)
    assert [hop.sign for hop in trail.hops] == [Sign.PASSED] * (hops - 1) + [Sign.ANSWERED]
    assert trail.knocks <= hops + 1


def test_on_a_near_link_nothing_is_sent_beyond_the_door() -> None:
    plan = TrailPlan(TCP)
    sent = []
    while (place := plan.next()) is not None:
        sent.append(place)
        plan.take(place, internet(3).get(place, SILENCE))
    assert sent == [DIRECT, 1, 2, 3]


def test_silent_routers_are_passed_over() -> None:
    trail = play(TrailPlan(TCP, knocks=2), internet(9, silent=(2, 3, 4, 5, 6, 7)))
    assert trail.end is not None
    assert trail.end.place == 9
    assert trail.hop(4) is not None
    assert trail.knocks == 1 + 1 + 6 * 2 + 1 + 1


def test_a_filtered_door_ends_five_hops_behind_the_last_answer() -> None:
    answers = {place: router(place) for place in (1, 2, 3)}
    trail = play(TrailPlan(TCP, direct_knocks=1), answers)
    assert [hop.place for hop in trail.hops] == list(range(1, 9))
    assert trail.knocks == 1 + 3 + 5 * 3


def test_a_refusal_from_a_router_already_met_ends_soon() -> None:
    answers = {1: router(1), 2: router(2), DIRECT: Heard(Sign.REFUSED, router(2).sender, Reason.HOST_UNREACHABLE)}
    assert len(play(TrailPlan(TCP), answers).hops) <= 6


def test_what_cannot_be_sent_ends_at_once() -> None:
    trail = play(TrailPlan(TCP), {DIRECT: Heard(Sign.UNSENT, reason=Reason.NO_ROUTE)})
    assert trail.knocks == 1
    assert trail.hops == ()


def test_circles_end_when_a_router_is_met_for_the_third_time() -> None:
    answers = {place: router(1 + place % 2) for place in range(1, 31)}
    trail = play(TrailPlan(TCP), answers)
    assert trail.loop
    assert len(trail.hops) <= 8


def test_late_answers_count() -> None:
    plan = TrailPlan(TCP, knocks=1)
    assert [plan.next(), plan.next()] == [DIRECT, 1]
    plan.take(1, SILENCE)
    plan.take(1, router(1), is_late=True)
    assert plan.trail().hops[0].sign is Sign.PASSED


@pytest.mark.parametrize("wrong", [{"most": 31}, {"most": 0}, {"first": 0}, {"knocks": 0}, {"knocks": 6}])
def test_bounds(wrong: dict[str, int]) -> None:
    with pytest.raises(CallError):
        TrailPlan(TCP, **wrong)


HEARD = st.one_of(
    st.just(SILENCE),
    st.integers(1, 5).map(router),
    st.just(OPEN),
    st.just(Heard(Sign.REFUSED, FAR, Reason.PROHIBITED)),
)


@given(st.dictionaries(st.integers(0, 30), HEARD), st.booleans(), st.integers(1, 5), st.integers(1, 30))
def test_every_internet_is_walked_to_an_end(answers: dict[int, Heard], at_once: bool, knocks: int, most: int) -> None:
    trail = play(TrailPlan(TCP, knocks=knocks, most=most), answers, at_once=at_once)
    assert [hop.place for hop in trail.hops] == list(range(1, len(trail.hops) + 1))
    assert len(trail.hops) <= most
    assert trail.knocks <= knocks * (most + 1)
