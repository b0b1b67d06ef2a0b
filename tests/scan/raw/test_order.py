from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.scan.raw.order import Order
from doorward.scan.shuffle import Shuffle


@given(st.integers(1, 3000), st.integers(0, 2**64 - 1))
def test_it_is_the_shuffle_and_goes_back(size: int, key: int) -> None:
    order = Order(size, key)
    numbers = order.numbers(0, size)
    assert numbers.tolist() == list(Shuffle(size, key))
    assert order.places(numbers).tolist() == list(range(size))


@given(st.integers(2**30, 2**60), st.integers(0, 2**64 - 1), st.data())
def test_huge_sizes_go_forth_and_back(size: int, key: int, data: st.DataObject) -> None:
    order = Order(size, key)
    first = data.draw(st.integers(0, size - 20))
    numbers = order.numbers(first, 20)
    assert ((numbers >= 0) & (numbers < size)).all()
    assert order.places(numbers).tolist() == list(range(first, first + 20))
    assert numbers[0] == Shuffle(size, key)[first]


@given(st.integers(1, 2000), st.integers(1, 9), st.integers(0, 2**64 - 1))
def test_shards_part_the_whole(size: int, shards: int, key: int) -> None:
    parts = [Order(size, key, shard=shard, shards=shards) for shard in range(shards)]
    numbers = [part.numbers(0, part.count) for part in parts]
    assert sorted(np.concatenate(numbers).tolist()) == list(range(size))
    for shard, part in enumerate(parts):
        places = part.places(np.arange(size))
        assert set(np.flatnonzero(places >= 0).tolist()) == set(numbers[shard].tolist())


@pytest.mark.parametrize("key", range(4))
def test_any_beginning_of_the_order_is_spread_evenly(key: int) -> None:
    order = Order(2**40, key)
    for bits in (24, 30, 34):
        prefixes = np.bincount(order.numbers(0, 64_000) >> bits & 63, minlength=64)
        chi_square = float(((prefixes - 1000.0) ** 2 / 1000.0).sum())
        assert chi_square < 120  # 63 degrees of freedom: above 120 once in 20,000


def test_what_no_scan_could_do_is_refused() -> None:
    with pytest.raises(CallError, match="more than any scan"):
        Order(2**63, 1)
