from __future__ import annotations

import numpy as np
import pytest

from doorward.scan.raw.cookies import Cookies, siphash

KEY = bytes(range(16))
# The reference vectors of the SipHash authors (vectors.h of the C reference, SipHash-2-4, 64 bits): message 00 01 02 … of each length.
VECTORS = {
    0: 0x726FDB47DD0E0E31,
    1: 0x74F839C593DC67FD,
    7: 0xAB0200F58B01D137,
    8: 0x93F5F5799A932462,
    15: 0xA129CA6149BE45E5,
    16: 0x3F2ACC7F57C29BDB,
}


def words_of(message: bytes) -> list[np.ndarray[tuple[int], np.dtype[np.uint64]]]:
    padded = message + bytes(-len(message) % 8)
    return [np.array([int.from_bytes(padded[place : place + 8], "little")], dtype=np.uint64) for place in range(0, len(padded), 8)]


@pytest.mark.parametrize(("length", "expected"), VECTORS.items())
def test_the_reference_vectors(length: int, expected: int) -> None:
    assert int(siphash(KEY, words_of(bytes(range(length))), length)[0]) == expected


def test_many_messages_are_hashed_as_each_alone() -> None:
    many = [np.arange(50, dtype=np.uint64) * np.uint64(0x0123456789ABCDEF), np.arange(50, dtype=np.uint64)]
    together = siphash(KEY, many, 16)
    assert [int(siphash(KEY, [word[place : place + 1] for word in many], 16)[0]) for place in range(50)] == together.tolist()


def test_every_part_of_a_knock_changes_its_cookie() -> None:
    there = np.zeros((1, 16), dtype=np.uint8)
    elsewhere = there.copy()
    elsewhere[0, 15] = 1
    one, two = np.array([1], dtype=np.uint16), np.array([2], dtype=np.uint16)
    cookies = Cookies(KEY, bytes(16), 6)
    values = {
        int(found[0])
        for found in (
            cookies.of(there, one, one),
            cookies.of(elsewhere, one, one),
            cookies.of(there, two, one),
            cookies.of(there, one, two),
            Cookies(KEY, bytes(15) + b"\x01", 6).of(there, one, one),
            Cookies(KEY, bytes(16), 17).of(there, one, one),
            Cookies(KEY[::-1], bytes(16), 6).of(there, one, one),
        )
    }
    assert len(values) == 7


def test_the_hash_is_that_of_the_drawn_message() -> None:
    source, there = bytes(range(16)), bytes(range(16, 32))
    message = source + there + (61000).to_bytes(2, "little") + (443).to_bytes(2, "little") + (6).to_bytes(4, "little")
    expected = int(siphash(KEY, words_of(message), 40)[0]) & 0xFFFFFFFF
    found = Cookies(KEY, source, 6).of(
        np.frombuffer(there, dtype=np.uint8).reshape(1, 16), np.array([443], dtype=np.uint16), np.array([61000], dtype=np.uint16)
    )
    assert int(found[0]) == expected


def slow_siphash(key: bytes, message: bytes) -> int:
    """SipHash-2-4 of one message, written from the paper's section 2 a second time."""
    low, high = (int.from_bytes(half, "little") for half in (key[:8], key[8:]))
    word64 = (1 << 64) - 1
    v = [low ^ 0x736F6D6570736575, high ^ 0x646F72616E646F6D, low ^ 0x6C7967656E657261, high ^ 0x7465646279746573]

    def turned(word: int, bits: int) -> int:
        return (word << bits | word >> (64 - bits)) & word64

    def rounds(count: int) -> None:
        for _ in range(count):
            v[0] = (v[0] + v[1]) & word64
            v[1] = turned(v[1], 13) ^ v[0]
            v[0] = turned(v[0], 32)
            v[2] = (v[2] + v[3]) & word64
            v[3] = turned(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & word64
            v[3] = turned(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & word64
            v[1] = turned(v[1], 17) ^ v[2]
            v[2] = turned(v[2], 32)

    padded = message + bytes(7 - len(message) % 8) + bytes([len(message) & 0xFF])
    for place in range(0, len(padded), 8):
        word = int.from_bytes(padded[place : place + 8], "little")
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 0xFF
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


@pytest.mark.parametrize("length", range(65))
def test_arrays_and_single_values_agree_at_every_length(length: int) -> None:
    message = bytes(place * 7 & 0xFF for place in range(length))
    assert int(siphash(KEY, words_of(message), length)[0]) == slow_siphash(KEY, message)


def test_one_bit_of_an_address_changes_half_the_cookie() -> None:
    there = np.random.default_rng(1).integers(0, 256, (2000, 16), dtype=np.uint8)
    nudged = there ^ np.array([0] * 15 + [1], dtype=np.uint8)
    ports = np.zeros(2000, dtype=np.uint16)
    cookies = Cookies(KEY, bytes(16), 6)
    differing = cookies.of(there, ports, ports) ^ cookies.of(nudged, ports, ports)
    assert np.unpackbits(differing.view(np.uint8)).sum() / 2000 == pytest.approx(16, abs=0.4)
