"""A keyed hash of (source, destination, ports) by the thousand, so that an answer proves that it answers us; keeps no state.

A scanner that remembers nothing per knock must recognise its own answers by what they carry. The sequence number of a knock is
SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) under a key drawn for each scan, cut to 32 bits: whoever
can't see our knocks guesses it once in 2^32. The hashed message is 40 bytes, so its five words and the length word are all there is:

     0                               16                              32      34      36              40
    +-------------------------------+-------------------------------+-------+-------+---------------+
    |         source address        |      destination address      | s.port| d.port|    protocol   |
    +-------------------------------+-------------------------------+-------+-------+---------------+
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cookies", "siphash"]

Words = NDArray[np.uint64]

_INITIAL: Final = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)  # §2.1 of the paper


def siphash(key: bytes, words: Sequence[Words], length: int) -> Words:
    """SipHash-2-4 of n messages at once; ``key`` has 16 bytes.

    ``words`` are the message's little-endian 64-bit words, each (n,), the last one padded with zeros where ``length`` (bytes, the
    same for all) isn't a multiple of eight; its top byte is filled here.
    """
    low, high = (int(word) for word in np.frombuffer(key, dtype="<u8"))
    shape = words[0].shape if words else (1,)
    state = [np.full(shape, start ^ half, dtype=np.uint64) for start, half in zip(_INITIAL, (low, high, low, high), strict=True)]
    message = [np.asarray(word, dtype=np.uint64) for word in words]
    ending = np.uint64((length & 0xFF) << 56)
    message = [*message[:-1], message[-1] | ending] if length % 8 else [*message, np.full(shape, ending, dtype=np.uint64)]
    spare = np.empty(shape, dtype=np.uint64)
    for word in message:
        state[3] ^= word
        _round(state, spare)
        _round(state, spare)
        state[0] ^= word
    state[2] ^= np.uint64(0xFF)
    for _ in range(4):
        _round(state, spare)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _round(v: list[Words], spare: Words) -> None:
    """SipRound, in place."""
    v[0] += v[1]
    _rotate(v[1], 13, spare)
    v[1] ^= v[0]
    _rotate(v[0], 32, spare)
    v[2] += v[3]
    _rotate(v[3], 16, spare)
    v[3] ^= v[2]
    v[0] += v[3]
    _rotate(v[3], 21, spare)
    v[3] ^= v[0]
    v[2] += v[1]
    _rotate(v[1], 17, spare)
    v[1] ^= v[2]
    _rotate(v[2], 32, spare)


def _rotate(word: Words, bits: int, spare: Words) -> None:
    np.right_shift(word, np.uint64(64 - bits), out=spare)
    np.left_shift(word, np.uint64(bits), out=word)
    np.bitwise_or(word, spare, out=word)


class Cookies:
    """The cookies of one scan: one key, one source address, one protocol."""

    def __init__(self, key: bytes, source: bytes, protocol: int) -> None:
        self._key = key
        self._head = [np.uint64(int(word)) for word in np.frombuffer(source, dtype="<u8")]
        self._protocol = np.uint64(protocol << 32)

    def of(
        self, destinations: NDArray[np.uint8], destination_ports: NDArray[np.uint16], source_ports: NDArray[np.uint16]
    ) -> NDArray[np.uint32]:
        """The cookie of each knock; ``destinations`` are (n, 16)."""
        count = len(destinations)
        halves = np.ascontiguousarray(destinations).view("<u8").reshape(count, 2)
        ports = source_ports.astype(np.uint64) | (destination_ports.astype(np.uint64) << np.uint64(16)) | self._protocol
        head = [np.full(count, word, dtype=np.uint64) for word in self._head]
        hashed = siphash(self._key, [*head, halves[:, 0], halves[:, 1], ports], 40)
        return (hashed & np.uint64(0xFFFFFFFF)).astype(np.uint32)
