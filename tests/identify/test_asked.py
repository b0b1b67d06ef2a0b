"""The spellings of a door, and the nonsense that is none."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, WorldError
from doorward.identify.asked import parse_asked
from doorward.values.addresses import Address
from doorward.values.transports import Transport

TCP, UDP = Transport.TCP, Transport.UDP
NAMES = {"ssh": [(TCP, 22)], "domain": [(TCP, 53), (UDP, 53)], "ntp": [(UDP, 123)]}


def names(word: str) -> Iterable[tuple[Transport, int]]:
    return NAMES.get(word, [])


def resolve(name: str) -> list[Address]:
    return {"example.org": [Address.parse("192.0.2.1"), Address.parse("2001:db8::1")]}.get(name, [])


def asked(*words: str) -> list[tuple[str, str, int, str]]:
    doors = parse_asked(words, resolve, names)
    return [(one.transport.value, str(one.address), one.port, one.host) for door in doors for one in door]


SPELLINGS = [
    ("192.0.2.1:22", [("tcp", "192.0.2.1", 22, "")]),
    ("[2001:db8::1]:443", [("tcp", "2001:db8::1", 443, "")]),
    ("[fe80::1%eth0]:80", [("tcp", "fe80::1%eth0", 80, "")]),
    ("[::ffff:192.0.2.1]:80", [("tcp", "192.0.2.1", 80, "")]),
    ("192.0.2.1:ssh", [("tcp", "192.0.2.1", 22, "")]),
    ("192.0.2.1:ssh,80-81", [("tcp", "192.0.2.1", 22, ""), ("tcp", "192.0.2.1", 80, ""), ("tcp", "192.0.2.1", 81, "")]),
    ("udp:192.0.2.1:domain", [("udp", "192.0.2.1", 53, "")]),
    ("U:192.0.2.1:53", [("udp", "192.0.2.1", 53, "")]),
    ("udp/[::1]:53", [("udp", "::1", 53, "")]),
    ("tcp/192.0.2.1:53", [("tcp", "192.0.2.1", 53, "")]),
    ("example.org:80", [("tcp", "192.0.2.1", 80, "example.org"), ("tcp", "2001:db8::1", 80, "example.org")]),
    ("localhost:80", [("tcp", "127.0.0.1", 80, "localhost"), ("tcp", "::1", 80, "localhost")]),
]


@pytest.mark.parametrize(("word", "doors"), SPELLINGS)
def test_spellings(word: str, doors: list[tuple[str, str, int, str]]) -> None:
    assert asked(word) == doors


def test_host_and_port_may_be_two_words() -> None:
    assert asked("192.0.2.1", "22") == [("tcp", "192.0.2.1", 22, "")]


NONSENSE = ["", ":", "192.0.2.1", "192.0.2.1:", ":22", "::1:80", "[::1:80", "1.2.3:80", "999.1.1.1:80", "a b:80", "http://x/", "x:70000"]
NONSENSE += ["192.0.2.1:nosuch", "192.0.2.1:0", "192.0.2.1:-", "192.0.2.1:ntp", "[example.org]:80", "a/b:80", "192.0.2.1:80-70"]


@pytest.mark.parametrize("word", NONSENSE)
def test_nonsense_is_named(word: str) -> None:
    with pytest.raises((CallError, WorldError)):
        asked(word)


def test_names_without_address_and_too_many_doors() -> None:
    with pytest.raises(WorldError, match="nowhere"):
        asked("nowhere.example:80")
    with pytest.raises(CallError, match="65,535"):
        asked("192.0.2.1:1-65535")


@given(st.text(max_size=60))
def test_any_text_is_doors_or_a_complaint(text: str) -> None:
    try:
        parse_asked([text], resolve, names)
    except (CallError, WorldError):
        return
