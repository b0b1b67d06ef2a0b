from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, DoorwardBug
from doorward.ports.ranking import Ranking, RankingSource, decode_ranking
from doorward.values.transports import Transport

SMALL = Ranking([RankingSource("made-up", "1.0", "a list", 3)], [(80, 3), (22, 2), (25, 1)], [(53, 2)])


def test_the_top_is_a_prefix_of_the_order() -> None:
    assert SMALL.top(Transport.TCP, 2) == [80, 22]
    assert SMALL.top(Transport.UDP, 1) == [53]


@pytest.mark.parametrize("count", [0, -1, 4])
def test_a_count_that_there_is_not_is_refused(count: int) -> None:
    with pytest.raises(CallError, match="3 TCP ports are ranked"):
        SMALL.top(Transport.TCP, count)


def test_the_source_is_named() -> None:
    assert "made-up 1.0" in SMALL.source


@given(st.binary(max_size=200))
def test_any_bytes_are_a_ranking_or_a_bug_of_ours(data: bytes) -> None:
    with contextlib.suppress(DoorwardBug):
        decode_ranking(data)
