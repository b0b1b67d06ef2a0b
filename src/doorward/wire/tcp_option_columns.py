"""The TCP options of many segments at once; what they mean for one segment stands in `tcp_options`.

Options are read in order, each saying where the next one begins. Among a million answers there are a handful of layouts, so the first
unread row's kinds and lengths are taken as a pattern, all rows with the same bytes at the same places are read by it with plain columns,
and so on with what is left. What has no common layout (or is made to have none) is walked option by option, in step.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.wire.options import END, NO_OPERATION
from doorward.wire.rows import Places, Rows
from doorward.wire.tcp_options import GARBLED, KIND_MSS, KIND_SACK_PERMITTED, KIND_TIMESTAMP, KIND_WINDOW_SCALE, hash_option_kinds

__all__ = ["read_tcp_options"]

#: Patterns tried for one length of options before the rest is walked.
_MOST_PATTERNS: Final = 8

_HASH_START: Final = np.uint64(0xCBF29CE484222325)  # as in `hash_option_kinds`
_HASH_PRIME: Final = np.uint64(0x100000001B3)

#: (kind, length) → what its value fills, from the place of the kind: column, offset, bytes.
_VALUES: Final[dict[tuple[int, int], tuple[tuple[str, int, int], ...]]] = {
    (KIND_MSS, 4): (("mss", 2, 2),),
    (KIND_WINDOW_SCALE, 3): (("window_scale", 2, 1),),
    (KIND_SACK_PERMITTED, 2): (("sack_permitted", 0, 0),),
    (KIND_TIMESTAMP, 10): (("has_timestamp", 0, 0), ("timestamp", 2, 4), ("timestamp_echo", 6, 4)),
}

Found = dict[str, NDArray[Any]]


def read_tcp_options(rows: Rows, at: Places, starts: Places, sizes: Places) -> Found:
    """Return the columns of the options, ``sizes`` bytes (4 to 40, whole words) at ``starts`` of each row in ``at``."""
    count = len(at)
    found: Found = {
        "tcp_options": np.zeros(count, np.uint64),
        "mss": np.zeros(count, np.uint16),
        "window_scale": np.full(count, -1, np.int16),
        "sack_permitted": np.zeros(count, np.bool_),
        "has_timestamp": np.zeros(count, np.bool_),
        "timestamp": np.zeros(count, np.uint32),
        "timestamp_echo": np.zeros(count, np.uint32),
    }
    for words in range(1, 11):
        which = np.flatnonzero(sizes == 4 * words)
        if len(which):
            _read_alike(rows.bytes_at(4 * words, at[which], starts[which]), which, found)
    return found


def _read_alike(block: NDArray[np.uint8], which: Places, found: Found) -> None:
    """Read options that all have one length: (m, length) bytes, of the places ``which`` of the columns."""
    for _ in range(_MOST_PATTERNS):
        kinds, places, fields = _pattern(block[0].tobytes())
        same = (block[:, places] == block[0, places]).all(axis=1)
        everywhere = bool(same.all())
        taken, targets = (block, which) if everywhere else (block[same], which[same])
        found["tcp_options"][targets] = np.uint64(hash_option_kinds(kinds))
        for column, place, size in fields:
            found[column][targets] = _number(taken, place, size) if size else True
        if everywhere:
            return
        block, which = block[~same], which[~same]
    _walk(block, which, found)


def _pattern(options: bytes) -> tuple[tuple[int, ...], list[int], list[tuple[str, int, int]]]:
    """Return the kinds of one row's options, the places of its kinds and lengths, and which columns its values fill."""
    kinds: list[int] = []
    places: list[int] = []
    fields: list[tuple[str, int, int]] = []
    place = 0
    while place < len(options):
        kind = options[place]
        places.append(place)
        if kind in (END, NO_OPERATION):
            kinds.append(kind)
            if kind == END:
                break
            place += 1
            continue
        if place + 1 < len(options):
            places.append(place + 1)
        size = options[place + 1] if place + 1 < len(options) else 0
        if size < 2 or place + size > len(options):
            kinds.append(GARBLED)
            break
        kinds.append(kind)
        fields += [(column, place + offset, width) for column, offset, width in _VALUES.get((kind, size), ())]
        place += size
    return tuple(kinds), places, fields


def _number(block: NDArray[np.uint8], place: int, size: int) -> NDArray[np.uint32]:
    number = np.zeros(len(block), np.uint32)
    for byte in range(size):
        number = number << np.uint32(8) | block[:, place + byte]
    return number


def _walk(block: NDArray[np.uint8], which: Places, found: Found) -> None:
    """Read option by option; each step passes at least one byte of every row still under way."""
    count, width = block.shape
    padded = np.zeros((count, width + 12), np.uint8)  # so that a length and ten bytes of value can be looked at behind any kind
    padded[:, :width] = block
    row = np.arange(count)
    place = np.zeros(count, np.intp)
    hashes = np.full(count, _HASH_START)
    for _ in range(width):
        kind = padded[row, place]
        single = kind <= NO_OPERATION
        size = np.where(single, 1, padded[row, place + 1]).astype(np.intp)
        garbled = ~single & ((size < 2) | (place + size > width) | (place + 1 >= width))
        hashes[row] = (hashes[row] ^ np.where(garbled, np.uint64(GARBLED), kind.astype(np.uint64))) * _HASH_PRIME
        for (wanted, length), fields in _VALUES.items():
            hit = np.flatnonzero((kind == wanted) & (size == length) & ~garbled)
            for column, offset, wide in fields if len(hit) else ():
                value = padded[row[hit, None], place[hit, None] + offset + np.arange(wide)]
                found[column][which[row[hit]]] = _number(value, 0, wide) if wide else True
        going = (kind != END) & ~garbled & (place + size < width)
        row, place = row[going], (place + size)[going]
        if not len(row):
            break
    found["tcp_options"][which] = hashes
