from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.wire.crc32c import crc32c
from doorward.wire.sctp import SctpPacket, decode_sctp, encode_sctp
from doorward.wire.sctp_chunks import COOKIE_ACK, OtherChunk
from wire_values import patient, sctp_packets


def test_the_header_as_drawn() -> None:
    packet = SctpPacket(source_port=7, destination_port=5060, verification_tag=0xDEADBEEF, chunks=(OtherChunk(kind=COOKIE_ACK),))
    data = encode_sctp(packet)
    assert data[:8].hex() == "0007" + "13c4" + "deadbeef"
    assert data[12:].hex() == "0b000004"
    assert int.from_bytes(data[8:12], "little") == crc32c(data[:8] + bytes(4) + data[12:])


def test_nonsense_is_refused_and_what_does_not_fit_not_written() -> None:
    with pytest.raises(PeerError, match="11 of 12"):
        decode_sctp(bytes(11))
    with pytest.raises(PeerError):
        decode_sctp(bytes(14))
    with pytest.raises(CallError):
        encode_sctp(SctpPacket(source_port=-1, destination_port=0, verification_tag=0))


@patient
@given(sctp_packets)
def test_round_trip(packet: SctpPacket) -> None:
    assert msgspec.structs.replace(decode_sctp(encode_sctp(packet)), checksum=None) == packet


@patient
@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        packet = decode_sctp(data)
    except PeerError:
        return
    assert decode_sctp(encode_sctp(packet)) == packet
