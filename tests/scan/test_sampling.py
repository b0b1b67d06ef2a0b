from __future__ import annotations

import pytest

from doorward.errors import CallError
from doorward.scan.sampling import MOST_SAMPLED, sampled
from doorward.scan.targets import TargetSet, parse_targets
from doorward.values.addresses import Address


def net(text: str) -> TargetSet:
    return parse_targets([text], lambda _: [])


def test_the_same_seed_draws_the_same_addresses() -> None:
    first, again, other = (sampled(net("10.0.0.0/8"), 100, seed).spans for seed in (7, 7, 8))
    assert first == again != other


def test_a_sample_is_as_large_as_asked_and_of_the_targets() -> None:
    whole = net("10.0.0.0/16")
    drawn = sampled(whole, 1000, 1)
    assert drawn.count == 1000
    assert all(drawn[place] in whole for place in range(1000))


def test_every_part_has_its_share() -> None:
    """16 parts of a /16, 4,096 drawn: 256 expected in each; five standard deviations are 77."""
    drawn = sampled(net("10.0.0.0/16"), 4096, 3)
    shares = [0] * 16
    for place in range(drawn.count):
        shares[drawn[place].packed[2] >> 4] += 1
    assert all(abs(share - 256) < 77 for share in shares)


def test_no_more_than_there_are() -> None:
    whole = net("10.0.0.0/30")
    assert sampled(whole, 4, 1) is whole
    assert sampled(whole, 9, 1) is whole


def test_of_the_largest_network() -> None:
    assert sampled(net("fd00::/8"), 3, 1).count == 3
    assert isinstance(sampled(net("fd00::/8"), 3, 1)[0], Address)


@pytest.mark.parametrize("size", [0, -1, MOST_SAMPLED + 1])
def test_impossible_sizes(size: int) -> None:
    with pytest.raises(CallError, match="a sample has 1 to"):
        sampled(net("10.0.0.0/8"), size, 1)
