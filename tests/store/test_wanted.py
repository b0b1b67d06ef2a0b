"""How a person names a door."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.store.wanted import parse_wanted
from doorward.values.addresses import Address
from doorward.values.doors import Door
from doorward.values.transports import Transport
from memories import door

TCP, UDP = Transport.TCP, Transport.UDP


def names(word: str) -> list[tuple[Transport, int]]:
    return {"ssh": [(TCP, 22), (Transport.SCTP, 22)], "domain": [(UDP, 53), (TCP, 53)], "http-alt": [(TCP, 8080)]}.get(word, [])


@pytest.mark.parametrize(
    ("text", "ports", "address", "machine"),
    [
        ("22", {(TCP, 22), (UDP, 22)}, None, ""),
        ("0", {(TCP, 0), (UDP, 0)}, None, ""),
        ("tcp/22", {(TCP, 22)}, None, ""),
        ("UDP/53", {(UDP, 53)}, None, ""),
        ("127.0.0.1:22", {(TCP, 22), (UDP, 22)}, "127.0.0.1", ""),
        ("[::1]:22", {(TCP, 22), (UDP, 22)}, "::1", ""),
        ("tcp/[::1]:22", {(TCP, 22)}, "::1", ""),
        ("tcp/[fe80::1%eth0]:22", {(TCP, 22)}, "fe80::1%eth0", ""),
        ("laptop/tcp/0.0.0.0:22", {(TCP, 22)}, "0.0.0.0", "laptop"),
        ("laptop#web/tcp/22", {(TCP, 22)}, None, "laptop#web"),
        ("ssh", {(TCP, 22)}, None, ""),
        (" SSH ", {(TCP, 22)}, None, ""),
        ("udp/domain", {(UDP, 53)}, None, ""),
        ("http-alt", {(TCP, 8080)}, None, ""),
    ],
)
def test_every_way_to_name_a_door(text: str, ports: set[tuple[Transport, int]], address: str | None, machine: str) -> None:
    wanted = parse_wanted(text, names)
    assert (set(wanted.ports), wanted.machine) == (ports, machine)
    assert wanted.address == (Address.parse(address) if address else None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "70000",
        "99999999999999999999",
        "tcp/",
        "pigeon/22",
        "a/b/c/d",
        "127.0.0.1:",
        "::1:22",
        "300.0.0.1:22",
        "no-such",
        "udp/ssh",
        "22;--",
        "-1",
        "\x1b[2J",
    ],
)
def test_nonsense_is_the_caller_s_to_change(text: str) -> None:
    with pytest.raises(CallError):
        parse_wanted(text, names)
    with pytest.raises(CallError):
        parse_wanted("ssh")


def test_it_matches_by_port_and_address() -> None:
    assert parse_wanted("22").matches(door("tcp/0.0.0.0:22"))
    assert not parse_wanted("22").matches(door("tcp/0.0.0.0:23"))
    assert not parse_wanted("127.0.0.1:22").matches(door("tcp/0.0.0.0:22"))


@given(st.text(max_size=30))
def test_any_text_is_a_door_or_the_caller_s_mistake(text: str) -> None:
    try:
        wanted = parse_wanted(text, names)
    except CallError:
        return
    assert wanted.ports


DOORS = st.builds(
    Door,
    st.just("laptop"),
    st.sampled_from([Address.parse("::1"), Address.parse("192.0.2.1")]),
    st.sampled_from([TCP, UDP]),
    st.integers(0, 65535),
)


@given(DOORS)
def test_a_door_as_it_is_written_names_itself(one: Door) -> None:
    assert parse_wanted(str(one)).matches(one)
