"""Internet checksums of many packets at once, each with its own place and length; knows headers only as bytes to sum.

The sum of each row is one segment of one pass over all memory (``np.add.reduceat``), in the machine's own byte order: swapping the bytes
of every word swaps the bytes of the sum (RFC 1071 §2 B), so it is turned once at the end. Segments that begin at an odd address are
summed over the same memory one byte further on.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.wire.rows import Places, Rows

__all__ = ["Sums", "complement", "fold", "pseudo_sums", "row_sums", "swap_bytes", "update_checksums", "word_sums"]

#: Sums of 16-bit words, folded or not yet: less than 2^16 words of packet fit into 32 bits.
Sums = NDArray[np.uint32]

_LITTLE: Final = sys.byteorder == "little"


def fold(sums: NDArray[np.unsignedinteger]) -> Sums:
    """Bring the carries back in, until 16 bits are left."""
    folded = (sums & 0xFFFF) + (sums >> 16)
    folded = (folded & 0xFFFF) + (folded >> 16)
    folded = (folded & 0xFFFF) + (folded >> 16)
    sums16: Sums = folded.astype(np.uint32, copy=False)
    return sums16


def complement(sums: NDArray[np.unsignedinteger]) -> NDArray[np.uint16]:
    """Return the checksums that belong to unfolded sums."""
    return (fold(sums) ^ 0xFFFF).astype(np.uint16)


def swap_bytes(folded: Sums) -> Sums:
    """Return folded sums as if every byte had stood one place further on (RFC 1071 §2 B)."""
    swapped: Sums = (folded & np.uint32(0xFF)) << np.uint32(8) | folded >> np.uint32(8)
    return swapped


def word_sums(columns: NDArray[np.uint8]) -> Sums:
    """Return the unfolded sums of (n, 2k) bytes, each row wholly."""
    high: Sums = columns[:, 0::2].sum(axis=1, dtype=np.uint32)
    low: Sums = columns[:, 1::2].sum(axis=1, dtype=np.uint32)
    sums: Sums = (high << np.uint32(8)) + low
    return sums


def pseudo_sums(source: NDArray[np.uint8], destination: NDArray[np.uint8], protocol: NDArray[Any] | int, lengths: NDArray[Any]) -> Sums:
    """Return the unfolded sums of pseudo-headers; addresses (n, 16), IPv4 as ::ffff:a.b.c.d.

    The 0xffff before a mapped address is zero in this arithmetic, and both families' pseudo-headers have the same words otherwise: one
    sum serves both.
    """
    return word_sums(source) + word_sums(destination) + np.asarray(protocol, np.uint32) + np.asarray(lengths, np.uint32)


def row_sums(rows: Rows, at: Places, starts: Places, ends: Places) -> Sums:
    """Return the folded sum of bytes ``starts`` to ``ends`` (exclusive) of each row in ``at``; within the row's length."""
    sums = np.zeros(len(at), np.uint32)
    first = rows.starts(at, starts)
    for parity in (0, 1):
        chosen = np.flatnonzero((first & 1 == parity) & (ends > starts))
        if len(chosen):
            sums[chosen] = _aligned_sums(rows.flat, first[chosen], (ends - starts)[chosen], parity)
    return sums


def _aligned_sums(flat: NDArray[np.uint8], first: Places, sizes: Places, parity: int) -> Sums:
    words = flat[parity : len(flat) - (len(flat) - parity) % 2].view(np.uint16)
    sums = np.zeros(len(first), np.uint32)
    whole = np.flatnonzero(sizes >= 2)  # reduceat gives one word where there is none to sum
    if len(whole):
        bounds = np.empty((len(whole), 2), np.intp)
        bounds[:, 0] = (first[whole] - parity) >> 1
        bounds[:, 1] = bounds[:, 0] + (sizes[whole] >> 1)
        at_end = bounds[:, 1] == len(words)  # no bound may lie behind the last word: it is added by hand
        bounds[at_end, 1] -= 1
        total = np.add.reduceat(words, bounds.reshape(-1), dtype=np.uint32)[0::2]
        total[at_end & (bounds[:, 0] == bounds[:, 1])] = 0
        total[at_end] += words[-1]
        sums[whole] = fold(total)
    if _LITTLE:
        sums = swap_bytes(sums)
    odd = sizes & 1 == 1
    sums[odd] += flat[(first + sizes - 1)[odd]].astype(np.uint32) << 8
    return fold(sums)


def update_checksums(checksums: NDArray[Any], old: NDArray[Any] | int, new: NDArray[Any] | int) -> NDArray[np.uint16]:
    """Return checksums after one 16-bit word of each packet has changed from ``old`` to ``new`` (RFC 1624 §3, equation 3)."""
    kept = np.asarray(checksums, np.uint32) ^ 0xFFFF
    return complement(kept + (np.asarray(old, np.uint32) ^ 0xFFFF) + np.asarray(new, np.uint32))
