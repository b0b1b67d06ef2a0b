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
