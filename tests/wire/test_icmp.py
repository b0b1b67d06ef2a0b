from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.wire.checksums import internet_sum
from doorward.wire.icmp import DESTINATION_UNREACHABLE, ECHO_REQUEST, FRAGMENTATION_NEEDED, Icmp, decode_icmp, encode_icmp
from wire_values import icmps, patient


def test_an_echo_request() -> None:
    data = encode_icmp(Icmp(type=ECHO_REQUEST, word=0x12340007, body=b"ping"))
    message = decode_icmp(data)
    assert data[:2].hex() == "0800"
    assert (message.identifier, message.sequence, message.mtu, message.quoted) == (0x1234, 7, None, None)
    assert internet_sum(data) == 0xFFFF


def test_fragmentation_needed_names_the_mtu_and_quotes() -> None:
    message = Icmp(type=DESTINATION_UNREACHABLE, code=FRAGMENTATION_NEEDED, word=1400, body=b"the packet")
    assert (message.mtu, message.quoted, message.identifier, message.sequence) == (1400, b"the packet", None, None)


def test_nonsense_is_refused_and_what_does_not_fit_not_written() -> None:
    with pytest.raises(PeerError, match="7 of 8"):
        decode_icmp(bytes(7))
    with pytest.raises(CallError):
        encode_icmp(Icmp(type=256))


@patient
@given(icmps)
def test_round_trip(message: Icmp) -> None:
    assert msgspec.structs.replace(decode_icmp(encode_icmp(message)), checksum=None) == message


@patient
@given(st.binary(max_size=30))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        message = decode_icmp(data)
    except PeerError:
        return
    assert encode_icmp(message) == data
