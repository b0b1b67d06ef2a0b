from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorward.wire.crc32c import crc32c, crc32c_rows, differences
from doorward.wire.rows import Rows
from wire_batches import batch
from wire_values import patient


def bit_by_bit(data: bytes) -> int:
    """Long division by 0x1EDC6F41, most significant coefficient last, without any table."""
    register = 0xFFFFFFFF
    for byte in data:
        for bit in range(8):
            carry = (register ^ byte >> bit) & 1
            register = register >> 1 ^ (0x82F63B78 if carry else 0)
    return register ^ 0xFFFFFFFF


def test_known_values() -> None:
    # RFC 3720 appendix B.4.
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(bytes(range(32))) == 0x46DD794E
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(b"") == 0


@patient
@given(st.binary(max_size=60))
def test_it_agrees_with_division_bit_by_bit(data: bytes) -> None:
    assert crc32c(data) == bit_by_bit(data)


@patient
@given(st.lists(st.binary(min_size=2, max_size=40), min_size=1, max_size=6), st.one_of(st.none(), st.integers(0, 12)))
def test_rows_agree_with_single_ones(frames: list[bytes], hole: int | None) -> None:
    laid = batch(frames)
    rows = Rows(laid.data, laid.lengths)
    at = np.arange(len(frames))
    filled = [bytearray(frame[1:]) for frame in frames]
    for data in filled:
        if hole is not None:
            data[hole : hole + 4] = bytes(len(data[hole : hole + 4]))
    found = crc32c_rows(rows, at, np.ones(len(at), np.intp), rows.lengths, hole=hole)
    assert found.tolist() == [crc32c(bytes(data)) for data in filled]


@patient
@given(st.binary(min_size=1, max_size=40), st.integers(0, 255), st.data())
def test_a_changed_byte_changes_the_crc_by_its_table(data: bytes, new: int, draw: st.DataObject) -> None:
    place = draw.draw(st.integers(0, len(data) - 1))
    changed = data[:place] + bytes((new,)) + data[place + 1 :]
    table = differences(len(data) - 1 - place)
    assert crc32c(changed) == crc32c(data) ^ int(table[data[place] ^ new])
