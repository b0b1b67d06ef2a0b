from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.values.addresses import Address
from doorward.wire.icmpv6 import Icmpv6
from doorward.wire.neighbour_discovery import (
    NdOption,
    NeighbourAdvertisement,
    NeighbourMessage,
    NeighbourSolicitation,
    PrefixInformation,
    RouterAdvertisement,
    decode_nd,
    encode_nd,
    link_address,
    prefixes,
    solicited_node,
)
from wire_values import neighbour_messages, patient, word

TARGET = Address.parse("fe80::12:3456:789a")
MAC = b"\2\0\0\0\0\1"


def test_a_solicitation_and_its_group() -> None:
    message = encode_nd(NeighbourSolicitation(target=TARGET, options=(NdOption(1, MAC),)))
    assert (message.type, message.word) == (135, 0)
    assert message.body == TARGET.packed + b"\1\1" + MAC
    assert str(solicited_node(TARGET)) == "ff02::1:ff56:789a"
    assert link_address(decode_nd(message)) == MAC


def test_an_advertisement_with_its_flags() -> None:
    said = NeighbourAdvertisement(target=TARGET, router=True, override=True, options=(NdOption(1, b"source"), NdOption(2, MAC)))
    message = encode_nd(said)
    assert message.word == 0xA0000000
    assert decode_nd(message) == said
    assert link_address(said) == MAC
    assert link_address(NeighbourAdvertisement(target=TARGET)) is None


def test_a_router_and_its_prefix() -> None:
    value = bytes((64, 0xC0)) + (86400).to_bytes(4, "big") + (14400).to_bytes(4, "big") + bytes(4) + Address.parse("2001:db8::").packed
    said = RouterAdvertisement(
        hop_limit=64, managed=True, lifetime_s=1800, reserved=0x08, options=(NdOption(3, value), NdOption(3, b"short!"))
    )
    assert encode_nd(said).word == 64 << 24 | 0x88 << 16 | 1800
    assert prefixes(said) == (
        PrefixInformation(prefix=Address.parse("2001:db8::"), length=64, on_link=True, autonomous=True, valid_s=86400, preferred_s=14400),
    )


@pytest.mark.parametrize(
    "message",
    [
        Icmpv6(type=128),
        Icmpv6(type=134, body=bytes(7)),
        Icmpv6(type=135, body=bytes(15)),
        Icmpv6(type=137, body=bytes(31)),
        Icmpv6(type=133, body=b"\1\0"),
        Icmpv6(type=133, body=b"\1\2" + bytes(8)),
        Icmpv6(type=133, body=b"\1"),
    ],
    ids=repr,
)
def test_nonsense_is_refused(message: Icmpv6) -> None:
    with pytest.raises(PeerError):
        decode_nd(message)


def test_faults_of_the_caller() -> None:
    with pytest.raises(CallError, match="must be an IPv6 address"):
        encode_nd(NeighbourSolicitation(target=Address.parse("192.0.2.1")))
    with pytest.raises(CallError, match="no multiple of 8"):
        encode_nd(NeighbourSolicitation(target=TARGET, options=(NdOption(1, b"12345"),)))


@patient
@given(neighbour_messages)
def test_round_trip(message: NeighbourMessage) -> None:
    assert decode_nd(encode_nd(message)) == message


@patient
@given(st.integers(133, 137), word, st.binary(max_size=60))
def test_any_bytes_give_a_value_or_the_peers_error(kind: int, second: int, body: bytes) -> None:
    message = Icmpv6(type=kind, word=second, body=body)
    try:
        said = decode_nd(message)
    except PeerError:
        return
    assert encode_nd(said) == message
