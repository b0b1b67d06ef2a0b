from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.scan.shuffle import Shuffle


@pytest.mark.parametrize("size", [*range(40), 255, 256, 257, 1000, 65535, 65536])
def test_every_number_comes_once(size: int) -> None:
    assert sorted(Shuffle(size, 7)) == list(range(size))


@given(st.integers(1, 5000), st.integers(0, 2**64 - 1))
def test_it_is_a_bijection_under_any_key(size: int, key: int) -> None:
    assert len(set(Shuffle(size, key))) == size


@given(st.integers(1, 3000), st.integers(0, 2**64 - 1), st.data())
def test_a_place_can_be_asked_for_alone(size: int, key: int, data: st.DataObject) -> None:
    shuffle = Shuffle(size, key)
    place = data.draw(st.integers(0, size - 1))
    assert shuffle[place] == list(shuffle)[place]


def test_the_same_key_gives_the_same_order_and_another_key_another() -> None:
    assert list(Shuffle(1000, 1)) == list(Shuffle(1000, 1))
    assert list(Shuffle(1000, 1)) != list(Shuffle(1000, 2))


def test_sizes_beyond_all_memory_are_only_computed() -> None:
    shuffle = Shuffle(2**100, 3)
    assert len({shuffle[place] for place in range(1000)}) == 1000
    assert all(0 <= shuffle[place] < 2**100 for place in range(1000))


@pytest.mark.parametrize("key", range(5))
def test_any_beginning_is_spread_evenly(key: int) -> None:
    """The first tenth of the order, counted in 64 equal slices of the numbers: chi-square with 63 degrees of freedom."""
    size, slices = 65536, 64
    shuffle = Shuffle(size, key)
    counts = [0] * slices
    for place in range(size // 10):
        counts[shuffle[place] * slices // size] += 1
    expected = sum(counts) / slices
    chi_square = sum((count - expected) ** 2 / expected for count in counts)
    assert chi_square < 120, f"above the 99.99th percentile (116): {chi_square:.0f}"


def test_neighbours_in_the_order_are_seldom_neighbours_in_number() -> None:
    order = list(Shuffle(65536, 9))
    near = sum(abs(one - other) < 66 for one, other in itertools.pairwise(order))
    assert near < 65536 * 0.004, "two thousandths are expected by chance"


def test_nonsense_is_refused() -> None:
    with pytest.raises(CallError):
        Shuffle(-1, 0)
    with pytest.raises(IndexError):
        Shuffle(5, 0)[5]
    with pytest.raises(IndexError):
        Shuffle(5, 0)[-1]


@given(st.integers(1, 500), st.integers(0, 2**64 - 1), st.integers(0, 500))
def test_a_walk_may_begin_anywhere(size: int, key: int, start: int) -> None:
    order = Shuffle(size, key)
    assert list(order.walk(min(start, size))) == list(order)[min(start, size) :]
