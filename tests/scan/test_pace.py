from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.pace import Bucket, RoundTrip

SECOND = 10**9
CEILING = 3 * SECOND // 2


@pytest.mark.parametrize("rate", [1.0, 7.0, 1000.0, 50_000.0])
def test_a_bucket_keeps_its_rate(rate: float) -> None:
    bucket, now, left = Bucket(rate), 0, 0
    while now < 3 * SECOND:
        wait = bucket.wait_ns(now)
        if wait:
            now += wait
        else:
            bucket.take(now)
            left += 1
    assert 3 * rate <= left <= 3 * rate + rate * 0.01 + 1


def test_booked_places_follow_one_another_at_the_rate() -> None:
    bucket = Bucket(10.0)
    places = [bucket.book(0) for _ in range(5)]
    assert places == [place * SECOND // 10 for place in range(5)]


def test_a_rest_is_not_saved_up() -> None:
    bucket = Bucket(10.0)
    bucket.take(0)
    assert bucket.wait_ns(100 * SECOND) == 0
    bucket.take(100 * SECOND)
    assert bucket.wait_ns(100 * SECOND) == SECOND // 10


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=50), st.floats(0.5, 1e5))
def test_no_window_of_time_lets_more_than_the_rate_and_one_burst_leave(steps: list[int], rate: float) -> None:
    bucket, now = Bucket(rate), 0
    left: list[int] = []
    for step in steps:
        now += step
        while not bucket.wait_ns(now) and len(left) < 5000:
            bucket.take(now)
            left.append(now)
    if len(left) < 5000:
        seconds = (left[-1] - left[0]) / SECOND
        assert len(left) <= seconds * rate + rate * 0.01 + 2


def test_a_stranger_is_waited_for_a_second_and_twice_as_long_after() -> None:
    stranger = RoundTrip(loopback=False)
    assert [stranger.patience_ns(knock, 10 * SECOND) for knock in (1, 2, 3)] == [SECOND, 2 * SECOND, 4 * SECOND]
    assert stranger.patience_ns(3, CEILING) == CEILING


def test_this_machine_answers_at_once_or_not_at_all() -> None:
    assert RoundTrip(loopback=True).patience_ns(1, CEILING) < SECOND


def test_a_near_host_is_given_up_soon_and_a_far_one_later() -> None:
    near, far = RoundTrip(loopback=False), RoundTrip(loopback=False)
    for _ in range(50):
        near.learn(200_000)
        far.learn(300_000_000)
    assert near.patience_ns(1, CEILING) == 100_000_000, "never below 100 ms"
    assert 300_000_000 <= far.patience_ns(1, CEILING) < 400_000_000


def test_an_unsteady_host_gets_more_patience_than_a_steady_one_of_the_same_mean() -> None:
    steady, unsteady = RoundTrip(loopback=False), RoundTrip(loopback=False)
    for turn in range(100):
        steady.learn(200_000_000)
        unsteady.learn(50_000_000 if turn % 2 else 350_000_000)
    assert unsteady.patience_ns(1, CEILING) > 2 * steady.patience_ns(1, CEILING)
    assert steady.is_known
