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


@pytest.mark.parametrize("size", [2**20, 2**20 - 77, 2**32 * 100])
@pytest.mark.parametrize("prefix", [2_000, 20_000, 100_000])
def test_every_prefix_is_spread_evenly_over_networks_and_ports(size: int, prefix: int) -> None:
    """Over equal slices (networks) and over remainders (ports); a large share of the whole is more even than chance, never less."""
    for key in range(3):
        numbers = Order(size, key).numbers(0, prefix)
        for counts in (np.bincount(numbers // -(-size // 64), minlength=64), np.bincount(numbers % 64, minlength=64)):
            assert float(((counts - prefix / 64) ** 2 / (prefix / 64)).sum()) < 120


def test_no_host_is_knocked_at_twice_in_a_row_but_by_chance() -> None:
    hosts = Order(65536 * 100, 9).numbers(0, 200_000) // 100
    assert int((hosts[1:] == hosts[:-1]).sum()) < 20


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_the_smallest_orders(size: int) -> None:
    assert sorted(Order(size, 7).numbers(0, size).tolist()) == list(range(size))
