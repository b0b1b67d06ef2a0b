from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.raw.confidence import MISSED_BOUND, expected_missed, is_limited, loss, unheard

counts = st.integers(0, 5000)


def one(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([float(value)])


def chance(silent: int, trials: int, knocks: int) -> float:
    return float(unheard(one(silent), one(trials), np.array([knocks], dtype=np.uint8))[0])


@pytest.mark.parametrize(
    ("silent", "trials", "expected"), [(0, 0, 0.5), (0, 1000, 0.0005), (20, 1000, 0.0205), (1000, 1000, 0.9995), (1, 1, 0.75)]
)
def test_the_estimated_loss_is_the_mean_under_jeffreys_prior(silent: int, trials: int, expected: float) -> None:
    assert float(loss(one(silent), one(trials))[0]) == pytest.approx(expected, rel=1e-2)


@given(counts, counts)
def test_a_loss_is_a_share_and_never_certain(silent: int, more: int) -> None:
    assert 0.0 < float(loss(one(silent), one(silent + more))[0]) < 1.0


@pytest.mark.parametrize(("silent", "trials"), [(0, 0), (3, 40), (50, 500), (200, 400)])
@pytest.mark.parametrize("knocks", [1, 2, 3, 7])
def test_the_chance_of_staying_unheard_is_the_mean_of_the_power(silent: int, trials: int, knocks: int) -> None:
    """The same mean, found by integrating over the Beta distribution with the log of the gamma function."""
    a, b = silent + 0.5, trials - silent + 0.5
    log = math.lgamma(a + knocks) - math.lgamma(a) + math.lgamma(a + b) - math.lgamma(a + b + knocks)
    assert chance(silent, trials, knocks) == pytest.approx(math.exp(log))


@given(counts, counts, st.integers(0, 15))
def test_knocking_once_more_never_makes_it_worse_and_knowing_little_never_better(silent: int, more: int, knocks: int) -> None:
    now = chance(silent, silent + more, knocks)
    assert 0.0 <= now <= 1.0
    assert chance(silent, silent + more, knocks + 1) <= now
    assert now >= float(loss(one(silent), one(silent + more))[0]) ** knocks - 1e-12


def test_doors_never_knocked_at_are_unheard_for_sure() -> None:
    assert chance(0, 1000, 0) == 1.0


def test_each_row_has_knocks_of_its_own() -> None:
    silent, trials = np.full(4, 10.0), np.full(4, 100.0)
    together = unheard(silent, trials, np.array([0, 1, 3, 12], dtype=np.uint8))
    assert together.tolist() == [chance(10, 100, knocks) for knocks in (0, 1, 3, 12)]


def test_what_is_expected_to_be_missing_is_the_odds_of_what_was_heard() -> None:
    assert float(expected_missed(one(20), one(0.02))[0]) == pytest.approx(20 * 0.02 / 0.98)
    assert float(expected_missed(one(0), one(0.9))[0]) == 0.0
    assert np.isfinite(expected_missed(one(20), one(1.0))).all()


@pytest.mark.parametrize(("q", "needed"), [(0.0, 2), (0.02, 3), (0.1, 4), (0.3, 8)])
def test_as_many_knocks_as_the_loss_demands(q: float, needed: int) -> None:
    """Of 20 doors that answer, less than the bound is missed after so many knocks, and not much sooner."""
    trials = 10_000
    missed = [float(expected_missed(one(20), one(chance(round(q * trials), trials, knocks)))[0]) for knocks in range(16)]
    first = next(knocks for knocks, some in enumerate(missed) if some <= MISSED_BOUND)
    assert abs(first - needed) <= 1


@pytest.mark.parametrize(
    ("open_silent", "open_trials", "closed_silent", "closed_trials", "expected"),
    [
        (0, 40, 36, 40, True),
        (4, 40, 40, 40, True),
        (4, 40, 4, 40, False),  # loss alone strikes both alike
        (16, 40, 20, 40, False),
        (0, 40, 0, 40, False),
        (0, 0, 0, 0, False),
        (0, 1, 5, 5, False),  # too few closed ones to say
        (0, 0, 20, 20, True),  # no open door to compare with, and most of those that had refused don't any more
        (0, 0, 5, 20, False),
        (40, 40, 40, 40, False),  # all fell silent: a broken path, not a limit
    ],
)
def test_a_limit_shows_when_closed_doors_fall_silent_and_open_ones_do_not(
    open_silent: int, open_trials: int, closed_silent: int, closed_trials: int, expected: bool
) -> None:
    said = is_limited(one(open_silent), one(open_trials), one(closed_silent), one(closed_trials))
    assert said.dtype == np.bool_
    assert bool(said[0]) is expected


@pytest.mark.parametrize("q", [0.02, 0.1, 0.3])
def test_a_lossy_path_is_not_called_a_limit(q: float) -> None:
    random = np.random.default_rng(3)
    rows, trials = 20_000, 40
    open_silent, closed_silent = (random.binomial(trials, q, rows).astype(np.float64) for _ in range(2))
    all_trials = np.full(rows, float(trials))
    assert is_limited(open_silent, all_trials, closed_silent, all_trials).mean() < 1e-3
