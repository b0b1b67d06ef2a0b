from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.values.addresses import ANY_IPV4, ANY_IPV6, Address, Reach

packed = st.one_of(st.binary(min_size=4, max_size=4), st.binary(min_size=16, max_size=16))


@given(packed)
def test_what_is_written_reads_back(raw: bytes) -> None:
    address = Address(raw)
    assert Address.parse(str(address)) == address
    assert hash(Address.parse(str(address))) == hash(address)


@given(st.text(max_size=60))
def test_any_text_gives_an_address_or_the_callers_error(text: str) -> None:
    try:
        address = Address.parse(text)
    except CallError:
        return
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("0.0.0.0", Reach.ANY),
        ("::", Reach.ANY),
        ("127.0.0.1", Reach.LOOPBACK),
        ("127.255.0.9", Reach.LOOPBACK),
        ("::1", Reach.LOOPBACK),
        ("::ffff:127.0.0.1", Reach.LOOPBACK),
        ("169.254.3.4", Reach.LINK),
        ("fe80::1%eth0", Reach.LINK),
        ("10.1.2.3", Reach.PRIVATE),
        ("172.16.0.1", Reach.PRIVATE),
        ("172.32.0.1", Reach.PUBLIC),
        ("192.168.1.1", Reach.PRIVATE),
        ("100.64.0.1", Reach.PRIVATE),
        ("fd00::1", Reach.PRIVATE),
        ("224.0.0.251", Reach.GROUP),
        ("ff02::fb", Reach.GROUP),
        ("255.255.255.255", Reach.GROUP),
        ("192.0.2.1", Reach.RESERVED),
        ("2001:db8::1", Reach.RESERVED),
        ("1.1.1.1", Reach.PUBLIC),
        ("2606:4700::1111", Reach.PUBLIC),
    ],
)
def test_reach(text: str, reach: Reach) -> None:
    assert Address.parse(text).reach is reach


@pytest.mark.parametrize(
    "text", ["", "localhost", "1.2.3", "256.1.1.1", "01.2.3.4", "1.2.3.4%eth0", "fe80::1%", "fe80::1%a b", "[::1", "::1]", "1.2.3.4/8"]
)
def test_nonsense_is_the_callers_error(text: str) -> None:
    with pytest.raises(CallError):
        Address.parse(text)


def test_scope_survives_and_counts() -> None:
    scoped = Address.parse("[fe80::1%eth0]")
    assert str(scoped) == "fe80::1%eth0"
    assert scoped != Address.parse("fe80::1")


def test_endpoints_bracket_only_ipv6() -> None:
    assert Address.parse("192.0.2.1").with_port(80) == "192.0.2.1:80"
    assert Address.parse("::1").with_port(80) == "[::1]:80"


def test_mapped_addresses_unwrap_on_request_only() -> None:
    mapped = Address.parse("::ffff:192.0.2.1")
    assert mapped != Address.parse("192.0.2.1")
    assert mapped.unmapped == Address.parse("192.0.2.1")


def test_order_is_family_then_number() -> None:
    texts = ["::1", "10.0.0.2", "::", "10.0.0.1"]
    assert [str(a) for a in sorted(Address.parse(t) for t in texts)] == ["10.0.0.1", "10.0.0.2", "::", "::1"]


def test_never_changes() -> None:
    with pytest.raises(AttributeError, match="never changes"):
        ANY_IPV4.scope = "eth0"
    assert ANY_IPV4.is_any
    assert ANY_IPV6.is_any
    assert ANY_IPV4 != ANY_IPV6
    assert ANY_IPV4.family == 4
    assert ANY_IPV6.family == 6


@given(packed)
def test_the_standard_library_agrees(raw: bytes) -> None:
    assert str(Address(raw)) == str(ipaddress.ip_address(raw))


def test_wrong_lengths_are_refused() -> None:
    with pytest.raises(CallError, match="4 or 16 bytes"):
        Address(b"abc")
