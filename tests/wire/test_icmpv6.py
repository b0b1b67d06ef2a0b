from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.values.addresses import Address
from doorward.wire.checksums import internet_sum, pseudo_header
from doorward.wire.icmpv6 import ECHO_REQUEST, PACKET_TOO_BIG, Icmpv6, decode_icmpv6, encode_icmpv6
from wire_values import icmpv6s, patient, v6


def test_an_echo_and_a_packet_too_big() -> None:
    echo = Icmpv6(type=ECHO_REQUEST, word=0x12340007)
    assert (echo.identifier, echo.sequence, echo.mtu, echo.quoted) == (0x1234, 7, None, None)
    big = Icmpv6(type=PACKET_TOO_BIG, word=1280, body=b"the packet")
    assert (big.mtu, big.quoted, big.identifier, big.sequence) == (1280, b"the packet", None, None)


def test_nonsense_is_refused_and_a_checksum_needs_addresses() -> None:
    with pytest.raises(PeerError, match="7 of 8"):
        decode_icmpv6(bytes(7))
    with pytest.raises(CallError, match="needs both addresses"):
        encode_icmpv6(Icmpv6(type=128))
    with pytest.raises(CallError):
        encode_icmpv6(Icmpv6(type=128, code=256, checksum=0))


@patient
@given(icmpv6s, v6, v6)
def test_round_trip_with_the_right_checksum(message: Icmpv6, source: Address, destination: Address) -> None:
    data = encode_icmpv6(message, source, destination)
    assert msgspec.structs.replace(decode_icmpv6(data), checksum=None) == message
    assert internet_sum(pseudo_header(source, destination, 58, len(data)) + data) == 0xFFFF


@patient
@given(st.binary(max_size=30))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        message = decode_icmpv6(data)
    except PeerError:
        return
    assert encode_icmpv6(message) == data
