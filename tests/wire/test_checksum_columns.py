from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorward.values.addresses import Address
from doorward.wire.checksums import internet_sum, pseudo_header
from doorward.wire.crc32c import crc32c
from doorward.wire.frames import LinkType, decode_frames
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.ipv6 import IPv6, encode_ipv6
from doorward.wire.ipv6_extensions import Routing, encode_extensions
from doorward.wire.tcp import Segment, encode_tcp
from doorward.wire.udp import Datagram, encode_udp
from wire_batches import batch
from wire_values import patient, whole_frames

A, B = Address.parse("192.0.2.1"), Address.parse("192.0.2.2")
A6, B6 = Address.parse("2001:db8::1"), Address.parse("2001:db8::2")


def bad(packets: list[bytes]) -> list[bool]:
    return [bool(wrong) for wrong in decode_frames(batch(packets), LinkType.RAW, verify=True).bad_checksum]


@patient
@given(st.lists(whole_frames(), min_size=1, max_size=5))
def test_what_is_right_is_never_called_wrong(frames: list[bytes]) -> None:
    assert not decode_frames(batch(frames), verify=True).bad_checksum.any()


def test_one_flipped_bit_is_seen_anywhere_in_a_segment() -> None:
    packet = encode_ipv4(
        IPv4(source=A, destination=B, protocol=6, payload=encode_tcp(Segment(source_port=1, destination_port=2, payload=b"odd"), A, B))
    )
    assert bad([packet, packet + bytes(6)]) == [False, False]
    flipped = []
    for place in [*range(1, 2), *range(8, 20), *range(20, 32), *range(33, len(packet))]:
        damaged = bytearray(packet)
        damaged[place] ^= 0x10
        if place != 9:
            flipped.append(bytes(damaged))
    assert all(bad(flipped))


def test_what_cannot_be_judged_is_not() -> None:
    datagram = encode_udp(Datagram(source_port=1, destination_port=2, payload=b"abc", checksum=0))
    wrong = encode_udp(Datagram(source_port=1, destination_port=2, payload=b"abc", checksum=1))
    plain = IPv4(source=A, destination=B, protocol=17, payload=wrong)
    first, data = encode_extensions((Routing(type=0, segments_left=1, data=bytes(20)),), 17)
    packets = [
        encode_ipv4(IPv4(source=A, destination=B, protocol=17, payload=datagram)),
        encode_ipv4(plain)[:30],
        encode_ipv4(IPv4(source=A, destination=B, protocol=17, payload=wrong, more_fragments=True)),
        encode_ipv4(IPv4(source=A, destination=B, protocol=17, payload=wrong, fragment_offset=8)),
        encode_ipv4(IPv4(source=A, destination=B, protocol=17, payload=wrong, total_length=0)),
        encode_ipv6(IPv6(source=A6, destination=B6, next_header=first, payload=data + wrong)),
        encode_ipv4(plain),
    ]
    assert bad(packets) == [False] * 6 + [True]
    assert not decode_frames(batch(packets), LinkType.RAW).bad_checksum.any()


def test_the_arrays_agree_with_single_sums_on_damage() -> None:
    random = np.random.default_rng(1)
    segment = encode_tcp(Segment(source_port=1, destination_port=2, payload=b"some payload"), A6, B6)
    packets, want = [], []
    for _ in range(300):
        damaged = bytearray(segment)
        for place in random.integers(13, len(segment), random.integers(0, 3)):
            damaged[place] ^= int(random.integers(0, 256))
        damaged[12] = 0x50
        packets.append(encode_ipv6(IPv6(source=A6, destination=B6, next_header=6, payload=bytes(damaged))))
        want.append(internet_sum(pseudo_header(A6, B6, 6, len(damaged)) + bytes(damaged)) != 0xFFFF)
    assert bad(packets) == want
    assert 0 < sum(want) < 300


def test_sctp_has_its_own() -> None:
    body = bytes.fromhex("0001000200000003") + bytes(4) + bytes.fromhex("0b000004")
    right = body[:8] + crc32c(body).to_bytes(4, "little") + body[12:]
    wrong = body[:8] + crc32c(body).to_bytes(4, "big") + body[12:]
    assert bad([encode_ipv4(IPv4(source=A, destination=B, protocol=132, payload=payload)) for payload in (right, wrong)]) == [False, True]
