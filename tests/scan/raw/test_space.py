from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.raw.space import Space
from doorward.scan.spans import Span, merged, network_span
from doorward.values.addresses import Address

SPANS = merged(
    [network_span(text) for text in ("10.0.0.0/24", "10.0.2.0/23", "::ffff:ffff:fff0/124", "fd00::ffff:ffff:ffff:ff00/119", "192.0.2.7/32")]
)


@st.composite
def spaces(draw: st.DrawFn) -> Space:
    spans = []
    for _ in range(draw(st.integers(1, 12))):
        family = draw(st.sampled_from([4, 6]))
        first = draw(st.integers(0, 2**32 - 300 if family == 4 else 2**128 - 300))
        if family == 6 and first >> 32 == 0xFFFF:
            first = 1 << 100
        spans.append(Span(family, "", first, first + draw(st.integers(0, 200))))
    return Space(merged(spans), sorted(draw(st.sets(st.integers(0, 65535), min_size=1, max_size=5))))


@given(spaces())
def test_every_host_is_found_by_its_address(space: Space) -> None:
    hosts = np.arange(space.hosts)
    addresses = space.destinations(hosts)
    assert space.hosts_of(addresses).tolist() == hosts.tolist()
    assert [Address(row.tobytes()).unmapped for row in addresses[:50]] == [
        space.address(host).unmapped for host in range(min(50, space.hosts))
    ]


@given(spaces(), st.binary(min_size=16, max_size=16))
def test_strangers_are_nobody(space: Space, packed: bytes) -> None:
    host = int(space.hosts_of(np.frombuffer(packed, dtype=np.uint8).reshape(1, 16))[0])
    address = Address(packed).unmapped
    inside = any(s.family == address.family and s.first <= int.from_bytes(address.packed, "big") <= s.last for s in space.spans)
    assert (host >= 0) == inside


def test_doors_are_hosts_times_ports() -> None:
    space = Space(SPANS, [22, 443])
    assert space.count == space.hosts * 2
    doors = space.doors(np.array([0, 1, 2, -1]), np.array([22, 443, 80, 22], dtype=np.uint16))
    assert doors.tolist() == [0, 3, -1, -1]


def test_a_whole_internet_of_doors_needs_no_memory_of_them() -> None:
    space = Space([network_span("0.0.0.0/0")], range(1, 101))
    assert space.count == 2**32 * 100
    assert space.destinations(np.array([2**32 - 1]))[0].tolist()[12:] == [255, 255, 255, 255]


def test_a_scope_stays_with_its_address() -> None:
    space = Space([network_span("fe80::/126", "eth0")], [22])
    assert str(space.address(2)) == "fe80::2%eth0"


@pytest.mark.parametrize("networks", [("2001:db8::/64",), ("2001:db8::/64", "2001:db8:1::/64"), ("2001:db8::/32", "2001:dba::/128")])
def test_networks_too_large_to_number_are_made_so_that_the_order_may_refuse_them(networks: tuple[str, ...]) -> None:
    assert Space([network_span(network) for network in networks], [22]).count >= 2**64


def test_an_address_carries_over_its_lower_half() -> None:
    space = Space([Span(6, "", 2**64 - 2, 2**64 + 1)], [1])
    there = space.destinations(np.arange(4))
    assert [int.from_bytes(row.tobytes(), "big") for row in there] == list(range(2**64 - 2, 2**64 + 2))
    outside = np.array([list(number.to_bytes(16, "big")) for number in (2**64 + 2, 2**64 - 3)], dtype=np.uint8)
    assert space.hosts_of(outside).tolist() == [-1, -1]


def test_spaces_of_many_links_share_what_they_know_of_ports() -> None:
    one, other = (Space([network_span(network)], range(1, 1001)) for network in ("10.0.0.0/24", "10.0.1.0/24"))
    assert one.ports is other.ports
    with pytest.raises(ValueError, match="read-only"):
        one.ports[0] = 7


def test_nothing_asked_nothing_told() -> None:
    space = Space([network_span("10.0.0.0/30"), network_span("10.1.0.0/30")], [80])
    assert space.destinations(np.empty(0, dtype=np.int64)).shape == (0, 16)
    assert space.hosts_of(np.empty((0, 16), dtype=np.uint8)).shape == (0,)
