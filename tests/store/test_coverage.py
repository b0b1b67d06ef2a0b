"""Where a witness looked, and where it didn't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.store.coverage import ALL_PORTS, Coverage, cover_doors, covering_look, looks_by_place
from doorward.values.addresses import Address
from doorward.values.doors import Door
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport
from memories import door, look

HERE = Address.parse("127.0.0.1")


@pytest.mark.parametrize(
    ("coverage", "covers"),
    [
        (Coverage("laptop"), True),
        (Coverage("desktop"), False),
        (Coverage("laptop#web"), False),
        (Coverage("laptop", PortSet.parse("1-1024")), True),
        (Coverage("laptop", PortSet.parse("80")), False),
        (Coverage("laptop", PortSet.parse("U:1-65535")), False),
        (Coverage("laptop", addresses=(HERE,)), True),
        (Coverage("laptop", addresses=(Address.parse("::1"),)), False),
        (Coverage("laptop", vantage="this machine"), True),
        (Coverage("laptop", vantage="a friend's house"), False),
        (Coverage("laptop", complete=False), False),
    ],
)
def test_a_look_covers_what_it_looked_at(coverage: Coverage, covers: bool) -> None:
    assert coverage.covers(door("tcp/127.0.0.1:22"), "this machine") is covers


def test_the_latest_covering_look_counts_and_only_of_that_witness() -> None:
    early, late, other = look("probe", hours=1), look("probe", hours=2), look("socket", hours=3)
    places = looks_by_place([late, early, other, look("probe", Coverage("laptop", complete=False), hours=9)])
    assert covering_look(places, door("tcp/127.0.0.1:22"), "probe", "") == late
    assert covering_look(places, door("tcp/127.0.0.1:22"), "identity", "") is None
    assert covering_look(places, door("desktop/tcp/127.0.0.1:22"), "probe", "") is None


DOORS = st.builds(
    Door,
    st.sampled_from(["laptop", "laptop#web"]),
    st.sampled_from([HERE, Address.parse("::1"), Address.parse("192.0.2.1")]),
    st.sampled_from([Transport.TCP, Transport.UDP]),
    st.integers(0, 9),
)


@given(st.sets(DOORS), st.sets(DOORS))
def test_covering_a_list_of_doors_covers_these_and_no_other(asked: set[Door], others: set[Door]) -> None:
    coverages = cover_doors(asked)
    assert {one for one in asked | others if any(coverage.covers(one) for coverage in coverages)} == asked


def test_every_port_is_every_port_of_tcp_and_udp() -> None:
    assert len(ALL_PORTS) == 2 * 65536
