from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from doorward.scan.raw.hostcells import HostCells

MS = 1_000_000
SECOND = 1_000_000_000


def make(hosts: int = 4, *, rate: float | None = None, ceiling_ns: int = 1_500 * MS) -> HostCells:
    return HostCells(hosts, rate=rate, ceiling_ns=ceiling_ns)


def cells(*numbers: int) -> NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)


def bits(*values: bool) -> NDArray[np.bool_]:
    return np.array(values, dtype=np.bool_)


def floats(*values: float) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)


def knocks(*values: int) -> NDArray[np.uint8]:
    return np.array(values, dtype=np.uint8)


def patience(some: HostCells, cell: int, count: int = 1) -> float:
    return float(some.patience_ns(cells(cell), knocks(count))[0])


def test_few_hosts_have_a_cell_each_and_many_share_a_bounded_number() -> None:
    few, many = make(100), make(2**32)
    assert few.of(cells(0, 57, 99)).tolist() == [0, 57, 99]
    assert not few.is_shared
    assert many.is_shared
    assert many.count <= 2**16
    assert many.of(cells(5, 5 + many.count, 2**32 - 1)).tolist() == [5, 5, (2**32 - 1) % many.count]


# --- round trips


def test_a_stranger_is_waited_for_a_second() -> None:
    assert patience(make(), 0) == SECOND  # RFC 6298 §2.1


def test_no_wait_exceeds_the_ceiling() -> None:
    some = make(ceiling_ns=300 * MS)
    assert patience(some, 0) == 300 * MS
    some.learn(cells(1), floats(900.0 * MS))
    assert patience(some, 1, 12) == 300 * MS


def test_a_wait_follows_the_hosts_own_round_trip() -> None:
    some = make()
    some.learn(cells(0, 1), floats(20.0 * MS, 100.0 * MS))
    assert patience(some, 0) == pytest.approx(60 * MS)  # first measurement: R + 4 · R/2 (RFC 6298 §2.2)
    assert patience(some, 1) == pytest.approx(300 * MS)
    for _ in range(60):
        some.learn(cells(0), floats(20.0 * MS))
    assert 20 * MS <= patience(some, 0) < 30 * MS


def test_the_wait_doubles_with_each_knock_to_eight_times() -> None:
    some = make(ceiling_ns=60 * SECOND)
    some.learn(cells(0), floats(20.0 * MS))
    waits = [patience(some, 0, count) for count in range(1, 8)]
    assert [round(wait / waits[0]) for wait in waits] == [1, 2, 4, 8, 8, 8, 8]


def test_copies_are_never_nearer_than_what_a_queue_takes_to_drain() -> None:
    some = make()
    some.learn(cells(0), floats(1000.0))
    assert patience(some, 0) == 10 * MS


def test_neighbours_of_quick_hosts_are_waited_for_less_than_strangers() -> None:
    some = make()
    some.learn(cells(0), floats(1.0 * MS))
    assert patience(some, 3) < SECOND


def test_an_answer_after_its_knock_was_given_up_makes_patient() -> None:
    some = make()
    some.learn(cells(0), floats(1.0 * MS))
    before = patience(some, 0)
    some.distrust(cells(0), floats(400.0 * MS))
    assert patience(some, 0) >= 400 * MS > before


# --- losses and limits


def hear(some: HostCells, cell: int, count: int, *, is_open: bool, late: float = 0.0, now_ns: int = SECOND) -> None:
    some.heard(np.full(count, cell), np.full(count, is_open), np.full(count, late), now_ns)


def control(some: HostCells, cell: int, count: int, *, is_open: bool, silent: int) -> None:
    some.count_controls(np.full(count, cell), np.full(count, is_open), np.arange(count) < silent)


def test_what_answered_late_and_controls_tell_the_loss_of_each_host() -> None:
    some = make()
    hear(some, 0, 1000, is_open=False)
    hear(some, 1, 900, is_open=False)
    hear(some, 1, 100, is_open=False, late=1.0)
    control(some, 1, 100, is_open=True, silent=10)
    assert float(some.loss(cells(0))[0]) < 0.001
    assert float(some.loss(cells(1))[0]) == pytest.approx(0.09, abs=0.02)


def test_silence_at_a_host_that_never_answered_is_believed_after_the_least_number() -> None:
    some = make()
    said = some.is_silence_believed(cells(0, 0, 0), knocks(2, 3, 4), 3)
    assert said.tolist() == [False, True, True]


def test_silence_is_believed_sooner_where_nothing_is_lost() -> None:
    some = make()
    hear(some, 0, 2000, is_open=False)
    hear(some, 1, 1400, is_open=False)
    hear(some, 1, 600, is_open=False, late=1.0)
    enough = [next(count for count in range(1, 40) if some.is_silence_believed(cells(cell), knocks(count), 3)[0]) for cell in (0, 1)]
    assert enough[0] < enough[1]


def test_nothing_is_believed_after_one_knock_where_doors_answer() -> None:
    some = make()
    hear(some, 0, 100_000, is_open=True)
    assert not some.is_silence_believed(cells(0), knocks(1), 1)[0]


def test_a_host_whose_closed_doors_fall_silent_and_open_ones_do_not_is_limited_and_no_lossier_for_it() -> None:
    some = make()
    for cell in (0, 1):
        hear(some, cell, 20, is_open=True)
        hear(some, cell, 1000, is_open=False)
        control(some, cell, 30, is_open=True, silent=0)
    control(some, 0, 30, is_open=False, silent=28)
    control(some, 1, 30, is_open=False, silent=1)
    assert some.limited[:2].tolist() == [True, False]
    assert float(some.loss(cells(0))[0]) < 0.02


def test_the_limit_is_measured_in_refusals_a_second() -> None:
    some = make()
    for turn in range(11):
        hear(some, 0, 100, is_open=False, now_ns=SECOND + turn * 100 * MS)
    assert some.refusals_per_s(0) == pytest.approx(1100)
    assert some.refusals_per_s(1) == 0.0


def test_controls_are_doors_that_answered_taken_in_turn_open_and_closed() -> None:
    some = make()
    some.keep_controls(cells(0, 0, 0, 1), bits(True, True, False, False), cells(100, 101, 102, 400))
    turns = [some.next_controls(cells(0)) for _ in range(4)]
    assert {int(doors[0]) for doors, _ in turns} == {100, 101}
    assert {int(doors[1]) for doors, _ in turns} == {102}
    assert all(opens.tolist() == [True, False] for _, opens in turns)
    doors, opens = some.next_controls(cells(1, 2))
    assert (doors.tolist(), opens.tolist()) == ([400], [False])


def test_a_million_answers_leave_a_handful_of_controls() -> None:
    some = make(1)
    for first in range(0, 1_000_000, 100_000):
        doors = np.arange(first, first + 100_000)
        some.keep_controls(np.zeros(100_000, dtype=np.int64), doors % 2 == 0, doors)
    seen = {int(door) for _ in range(200) for door in some.next_controls(cells(0))[0]}
    assert 0 < len(seen) <= 64


def test_what_may_be_missing_is_summed_over_hosts_and_little_after_enough_knocks() -> None:
    some = make()
    assert some.missed_in_all() == 0.0
    for cell in (0, 1):
        hear(some, cell, 20, is_open=True)
        hear(some, cell, 1000, is_open=False)
        hear(some, cell, 100, is_open=False, late=1.0)
        some.believed(cells(cell), knocks(1))
    many = some.missed_in_all()
    assert many > 1
    fewer = make()
    hear(fewer, 0, 20, is_open=True)
    hear(fewer, 0, 1000, is_open=False)
    fewer.believed(cells(0), knocks(6))
    assert fewer.missed_in_all() < 0.01


# --- pace


def test_a_paced_host_takes_its_knocks_one_step_apart() -> None:
    some = make(rate=100.0)
    moments = some.book(cells(0, 0, 0, 0), SECOND)
    assert np.diff(np.sort(moments)).tolist() == pytest.approx([10 * MS] * 3)


def test_hosts_do_not_wait_for_each_other() -> None:
    some = make(rate=100.0)
    moments = some.book(cells(0, 1, 2, 3), SECOND)
    assert (moments <= SECOND).all()


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=30), min_size=1, max_size=10), st.integers(0, 50))
def test_no_host_ever_gets_more_than_its_rate(batches: list[list[int]], pause_ms: int) -> None:
    some, now = make(rate=1000.0), SECOND
    gone: dict[int, list[float]] = {}
    for batch in batches:
        for cell, moment in zip(batch, some.book(cells(*batch), now).tolist(), strict=True):
            gone.setdefault(cell, []).append(max(moment, now))
        now += pause_ms * MS
    for moments in gone.values():
        for place, begin in enumerate(moments):
            within = sum(begin <= other < begin + 100 * MS for other in moments[place:])
            assert within <= 100 + 11, "a tenth of a second's worth, and ten milliseconds' that may leave at once"
