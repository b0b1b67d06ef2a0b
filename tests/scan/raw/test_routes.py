from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.raw.routes import Leg, Way, boundaries, cut, legs, read_way
from doorward.scan.spans import Span, network_span
from doorward.values.addresses import Address

ROUTES = [{"dst": "default"}, {"dst": "10.0.0.0/8"}, {"dst": "10.1.2.3"}, {"dst": "fd00::/64"}, {"dst": "unreachable nonsense"}, {}]


def test_edges_are_where_a_prefix_begins_or_has_ended() -> None:
    ten = 10 << 24
    assert boundaries(ROUTES, 4) == [ten, ten + 0x010203, ten + 0x010204, ten + (1 << 24)]
    assert len(boundaries(ROUTES, 6)) == 2


def test_a_span_is_cut_at_the_edges_inside() -> None:
    pieces = cut(network_span("10.1.2.0/24"), boundaries(ROUTES, 4))
    assert [str(piece) for piece in pieces] == ["10.1.2.0-10.1.2.2", "10.1.2.3", "10.1.2.4-10.1.2.255"]


@given(st.integers(0, 1000), st.integers(0, 1000), st.sets(st.integers(0, 2000)))
def test_pieces_are_the_whole_and_cross_no_edge(first: int, length: int, edges: set[int]) -> None:
    span = Span(4, "", first, first + length)
    pieces = cut(span, sorted(edges))
    assert [number for piece in pieces for number in range(piece.first, piece.last + 1)] == list(range(first, first + length + 1))
    assert not any(piece.first < edge <= piece.last for piece in pieces for edge in edges)


def test_the_kernels_answers_are_read() -> None:
    via = read_way({"dst": "10.2.3.4", "gateway": "10.1.0.7", "dev": "a", "prefsrc": "10.1.0.1"})
    assert via == Way("a", Address.parse("10.1.0.1"), Address.parse("10.1.0.7"))
    assert read_way({"type": "local", "dst": "10.1.0.1", "dev": "lo", "prefsrc": "10.1.0.1"}).is_local
    assert read_way({"type": "broadcast", "dev": "a"}) == Way()
    assert read_way({"type": "unreachable", "dst": "10.9.9.9"}) == Way()
    assert read_way({"dst": "10.2.3.4", "via": {"family": "inet6", "host": "fe80::1"}, "dev": "a"}).gateway == Address.parse("fe80::1")


def test_what_leaves_by_one_way_is_one_leg() -> None:
    one, two = Way("a", Address.parse("10.0.0.1")), Way("b", Address.parse("10.9.0.1"))
    spans = [network_span("10.0.0.0/25"), network_span("10.9.0.0/24"), network_span("10.0.0.128/25")]
    assert legs(zip(spans, (one, two, one), strict=True)) == [Leg(one, (network_span("10.0.0.0/24"),)), Leg(two, (spans[1],))]
    assert legs([(spans[0], one)])[0].count == 128
