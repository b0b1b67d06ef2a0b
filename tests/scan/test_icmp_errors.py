from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.scan.icmp_errors import IcmpError, Refusal, decode_extended_error
from doorward.values.addresses import Address


def message(origin: int, kind: int, code: int, sender: bytes = b"") -> bytes:
    return struct.pack("=IBBBBII", 113, origin, kind, code, 0, 0, 0) + sender


def sockaddr_in(address: str) -> bytes:
    return struct.pack("=HH", 2, 0) + Address.parse(address).packed + bytes(8)


def sockaddr_in6(address: str) -> bytes:
    return struct.pack("=HHI", 10, 0, 0) + Address.parse(address).packed + bytes(4)


@pytest.mark.parametrize(
    ("family", "kind", "code", "refusal"),
    [
        (4, 3, 0, Refusal.NET),
        (4, 3, 1, Refusal.HOST),
        (4, 3, 2, Refusal.PROTOCOL),
        (4, 3, 3, Refusal.PORT),
        (4, 3, 9, Refusal.PROHIBITED),
        (4, 3, 10, Refusal.PROHIBITED),
        (4, 3, 13, Refusal.PROHIBITED),
        (4, 3, 4, Refusal.OTHER),
        (4, 11, 0, Refusal.OTHER),
        (6, 1, 0, Refusal.NET),
        (6, 1, 1, Refusal.PROHIBITED),
        (6, 1, 3, Refusal.HOST),
        (6, 1, 4, Refusal.PORT),
        (6, 1, 5, Refusal.PROHIBITED),
        (6, 4, 1, Refusal.PROTOCOL),
        (6, 3, 0, Refusal.OTHER),
    ],
)
def test_types_and_codes(family: int, kind: int, code: int, refusal: Refusal) -> None:
    found = decode_extended_error(message(2 if family == 4 else 3, kind, code))
    assert found == IcmpError(family, kind, code, None)
    assert found.refusal is refusal


def test_the_sender_is_named() -> None:
    four = decode_extended_error(message(2, 3, 1, sockaddr_in("192.0.2.9")))
    six = decode_extended_error(message(3, 1, 3, sockaddr_in6("2001:db8::9")))
    assert four is not None
    assert four.sender == Address.parse("192.0.2.9")
    assert six is not None
    assert six.sender == Address.parse("2001:db8::9")


def test_a_local_error_is_no_icmp() -> None:
    assert decode_extended_error(message(1, 0, 0)) is None


def test_a_short_message_is_refused() -> None:
    with pytest.raises(PeerError, match="15 bytes"):
        decode_extended_error(bytes(15))


@given(st.binary(max_size=80))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        found = decode_extended_error(data)
    except PeerError:
        assert len(data) < 16
        return
    assert found is None or found.refusal in Refusal
