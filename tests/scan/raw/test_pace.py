from __future__ import annotations

import pytest

from doorward.scan.raw.pace import Pace

MS = 1_000_000


def test_a_fixed_rate_is_kept() -> None:
    pace = Pace(10_000.0, 0)
    sent = 0
    for now in range(0, 1000 * MS, MS):
        count = pace.allowance(now)
        pace.took(count, now)
        sent += count
    assert sent == pytest.approx(10_000, rel=0.02)


def test_a_pause_is_not_made_up_for_at_once() -> None:
    pace = Pace(1000.0, 0)
    assert pace.allowance(10_000 * MS) <= 5
    assert pace.next_ns() > 0


def test_without_a_rate_it_starts_gently_and_doubles() -> None:
    pace = Pace(None, 0)
    assert pace.allowance(1 * MS) <= 100
    for now in range(0, 40 * MS, MS):
        pace.took(pace.allowance(now), now)
    assert pace.rate > 1_000_000


def test_known_doors_that_fall_silent_slow_it_down() -> None:
    pace = Pace(None, 0)
    pace.rate = 100_000.0
    pace.judge(2, 10, 0)
    assert pace.rate == 100_000.0
    pace.judge(8, 10, 0)
    assert pace.rate == 50_000.0
    pace.allowance(50 * MS)
    assert pace.rate == 50_000.0


def test_slowing_down_is_given_up_where_it_does_not_help() -> None:
    pace = Pace(None, 0)
    pace.rate = 1_000_000.0
    for _ in range(20):
        pace.judge(8, 10, 0)
    assert pace.rate == 125_000.0


def test_the_callers_rate_is_his() -> None:
    pace = Pace(500.0, 0)
    pace.judge(10, 10, 0)
    assert pace.rate == 500.0
