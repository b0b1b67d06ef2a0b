from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.spans import Span, merged, network_span, subtracted
from doorward.values.addresses import Address

spans = st.builds(
    lambda family, first, length: Span(family, "", first, first + length), st.sampled_from([4, 6]), st.integers(0, 60), st.integers(0, 20)
)


def numbers(some: object) -> set[tuple[int, int]]:
    return {(span.family, number) for span in some for number in range(span.first, span.last + 1)}  # type: ignore[attr-defined]


@given(st.lists(spans, max_size=8))
def test_merging_keeps_the_set_and_leaves_no_neighbours(some: list[Span]) -> None:
    result = merged(some)
    assert numbers(result) == numbers(some)
    for one, other in itertools.pairwise(result):
        assert one.family != other.family or one.last + 1 < other.first


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=6))
def test_subtraction_is_that_of_sets(some: list[Span], taken: list[Span]) -> None:
    assert numbers(subtracted(some, taken)) == numbers(some) - numbers(taken)


def test_what_is_taken_without_a_scope_is_taken_in_every_scope() -> None:
    here = Span.of(Address.parse("fe80::1%eth0"))
    assert subtracted([here], [Span.of(Address.parse("fe80::1"))]) == ()
    assert subtracted([here], [Span.of(Address.parse("fe80::1%eth1"))]) == (here,)


@pytest.mark.parametrize(
    ("text", "first", "last", "count"),
    [
        ("10.0.0.0/8", "10.0.0.0", "10.255.255.255", 2**24),
        ("192.168.1.7/24", "192.168.1.0", "192.168.1.255", 256),
        ("10.0.0.1/32", "10.0.0.1", "10.0.0.1", 1),
        ("2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", 2**64),
    ],
)
def test_networks(text: str, first: str, last: str, count: int) -> None:
    span = network_span(text)
    assert (str(span.address(0)), str(span.address(span.count - 1)), span.count) == (first, last, count)


def test_a_span_is_written_as_it_would_be_read() -> None:
    assert str(network_span("10.0.0.0/30")) == "10.0.0.0-10.0.0.3"
    assert str(Span.of(Address.parse("fe80::1%eth0"))) == "fe80::1%eth0"


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8)), max_size=8),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8)), max_size=8),
)
def test_taking_away_is_what_sets_do(given: list[tuple[int, int]], taken: list[tuple[int, int]]) -> None:
    spans, holes = ([Span(4, "", first, first + more) for first, more in pairs] for pairs in (given, taken))
    left = {number for span in subtracted(spans, holes) for number in range(span.first, span.last + 1)}
    expected = {number for span in spans for number in range(span.first, span.last + 1)}
    expected -= {number for hole in holes for number in range(hole.first, hole.last + 1)}
    assert left == expected
