from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.values.addresses import Address
from doorward.wire.arp import Arp, arp_request, decode_arp, encode_arp
from wire_values import half, patient

REQUEST = "0001080006040001" + "020000000001" + "c0000201" + "000000000000" + "c0000202"


def test_a_request() -> None:
    packet = arp_request(b"\2\0\0\0\0\1", Address.parse("192.0.2.1"), Address.parse("192.0.2.2"))
    assert encode_arp(packet).hex() == REQUEST
    assert decode_arp(bytes.fromhex(REQUEST) + bytes(18)) == packet
    assert packet.is_ipv4_over_ethernet
    assert (str(packet.sender), str(packet.target)) == ("192.0.2.1", "192.0.2.2")


def test_other_hardware_keeps_its_addresses_and_names_no_ipv4() -> None:
    packet = Arp(operation=2, sender_hardware=b"a" * 8, sender_protocol=b"bb", target_hardware=b"c" * 8, target_protocol=b"dd", hardware=24)
    assert decode_arp(encode_arp(packet)) == packet
    assert packet.sender is None
    assert packet.target is None


def test_both_ends_have_addresses_of_one_length() -> None:
    with pytest.raises(CallError, match="differ in length"):
        encode_arp(Arp(operation=1, sender_hardware=b"a", sender_protocol=b"b", target_hardware=b"", target_protocol=b"b"))


@pytest.mark.parametrize("size", [0, 7, 8, 27])
def test_a_packet_cut_short_is_refused(size: int) -> None:
    with pytest.raises(PeerError):
        decode_arp(bytes.fromhex(REQUEST)[:size])


addresses = st.integers(0, 12).flatmap(lambda n: st.tuples(*[st.binary(min_size=n, max_size=n)] * 2))


@patient
@given(half, half, addresses, addresses)
def test_round_trip(operation: int, hardware: int, long: tuple[bytes, bytes], short: tuple[bytes, bytes]) -> None:
    packet = Arp(
        operation=operation,
        hardware=hardware,
        sender_hardware=long[0],
        target_hardware=long[1],
        sender_protocol=short[0],
        target_protocol=short[1],
    )
    assert decode_arp(encode_arp(packet)) == packet


@patient
@given(st.one_of(st.binary(max_size=50), st.binary(max_size=24).map(lambda rest: bytes.fromhex(REQUEST)[:8] + rest)))
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        packet = decode_arp(data)
    except PeerError:
        return
    assert data.startswith(encode_arp(packet))
