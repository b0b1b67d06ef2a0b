from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

TCP, UDP = Transport.TCP, Transport.UDP
KNOWN = {"ssh": [(TCP, 22)], "domain": [(TCP, 53), (UDP, 53)], "ntp": [(UDP, 123)], "my-app": [(TCP, 4000)]}


def names(name: str) -> Iterable[tuple[Transport, int]]:
    return KNOWN.get(name, [])


ranges = st.lists(
    st.tuples(st.sampled_from(list(Transport)), st.integers(0, 65535), st.integers(0, 300)).map(
        lambda t: (t[0], t[1], min(t[1] + t[2], 65535))
    ),
    min_size=1,
    max_size=12,
)


@given(ranges)
def test_what_is_written_reads_back(given_ranges: list[tuple[Transport, int, int]]) -> None:
    ports = PortSet(given_ranges)
    assert PortSet.parse(str(ports)) == ports
    assert hash(PortSet.parse(str(ports))) == hash(ports)


@given(ranges, ranges)
def test_union_and_membership_agree_with_python_sets(one: list[tuple[Transport, int, int]], two: list[tuple[Transport, int, int]]) -> None:
    a, b = PortSet(one), PortSet(two)
    assert set(a | b) == set(a) | set(b)
    assert len(a) == len(set(a))
    assert all(door in a for door in a)


@given(st.text(max_size=40))
def test_any_text_gives_a_set_or_the_callers_error(text: str) -> None:
    try:
        ports = PortSet.parse(text, names)
    except CallError:
        return
    assert PortSet.parse(str(ports)) == ports


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22", [(TCP, 22)]),
        ("22,80", [(TCP, 22), (TCP, 80)]),
        (" 22 , 80 ", [(TCP, 22), (TCP, 80)]),
        ("8000-8002", [(TCP, 8000), (TCP, 8001), (TCP, 8002)]),
        ("-3", [(TCP, 1), (TCP, 2), (TCP, 3)]),
        ("65534-", [(TCP, 65534), (TCP, 65535)]),
        ("0", [(TCP, 0)]),
        ("U:53", [(UDP, 53)]),
        ("u:53,54,t:80", [(TCP, 80), (UDP, 53), (UDP, 54)]),
        ("ssh", [(TCP, 22)]),
        ("domain", [(TCP, 53)]),
        ("U:domain", [(UDP, 53)]),
        ("ntp", [(UDP, 123)]),
        ("my-app", [(TCP, 4000)]),
        ("80,80,79-81", [(TCP, 79), (TCP, 80), (TCP, 81)]),
    ],
)
def test_reading(text: str, expected: list[tuple[Transport, int]]) -> None:
    assert sorted(PortSet.parse(text, names)) == sorted(expected)


def test_a_lone_dash_is_every_port_but_zero() -> None:
    everything = PortSet.parse("-")
    assert len(everything) == 65535
    assert (TCP, 0) not in everything


def test_the_default_transport_is_the_callers() -> None:
    assert list(PortSet.parse("53", default=UDP)) == [(UDP, 53)]


@pytest.mark.parametrize("text", ["", ",", "22,", "70000", "-70000", "9-3", "no-such", "1-2-3", "0x16", "²", "99999999999999999999"])
def test_nonsense_is_the_callers_error(text: str) -> None:
    with pytest.raises(CallError):
        PortSet.parse(text, names)


def test_the_error_names_the_offending_item() -> None:
    with pytest.raises(CallError) as caught:
        PortSet.parse("22,no-such", names)
    assert caught.value.target == "no-such"


def test_ports_of_one_transport() -> None:
    ports = PortSet.parse("U:5-6,T:1")
    assert list(ports.ports(UDP)) == [5, 6]
    assert ports.transports == (TCP, UDP)
    assert str(ports) == "T:1,U:5-6"


def test_never_changes() -> None:
    with pytest.raises(AttributeError, match="never changes"):
        PortSet().ranges = ()
