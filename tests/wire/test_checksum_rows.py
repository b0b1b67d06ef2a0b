from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorward.values.addresses import Address
from doorward.wire.checksum_rows import complement, fold, pseudo_sums, row_sums, swap_bytes, update_checksums, word_sums
from doorward.wire.checksums import internet_checksum, internet_sum, pseudo_header, update_checksum
from doorward.wire.rows import Rows
from wire_batches import batch, mapped
from wire_values import patient

NUMBERS = np.array([0, 1, 0xFFFF, 0x10000, 0x1FFFE, 0x12345678, 0xFFFFFFFF], np.uint32)


def modulo(number: int) -> int:
    return number % 0xFFFF or (0xFFFF if number else 0)


def test_folding_is_arithmetic_modulo_65535() -> None:
    assert fold(NUMBERS).tolist() == [modulo(int(number)) for number in NUMBERS]
    assert complement(NUMBERS).tolist() == [modulo(int(number)) ^ 0xFFFF for number in NUMBERS]
    assert swap_bytes(np.array([0x1234], np.uint32)).tolist() == [0x3412]


@patient
@given(st.lists(st.binary(max_size=50), min_size=1, max_size=8), st.data())
def test_any_part_of_any_row_agrees_with_the_single_sum(frames: list[bytes], draw: st.DataObject) -> None:
    shift = draw.draw(st.integers(0, 3))
    laid = batch(frames, slot=53)
    wide = np.full((len(frames), 64), 0x5A, np.uint8)
    wide[:, shift : shift + 53] = laid.data
    rows = Rows(wide[:, shift : shift + 53], laid.lengths)
    order = np.array(draw.draw(st.permutations(range(len(frames)))), np.intp)
    starts = np.array([draw.draw(st.integers(0, len(frames[row]))) for row in order], np.intp)
    ends = np.array([draw.draw(st.integers(start, len(frames[row]))) for row, start in zip(order, starts, strict=True)], np.intp)
    want = [internet_sum(frames[row][start:end]) for row, start, end in zip(order, starts, ends, strict=True)]
    assert row_sums(rows, order, starts, ends).tolist() == want


def test_the_last_byte_of_the_last_row_counts() -> None:
    for size in range(5):
        rows = Rows(np.full((2, 4), 0xFF, np.uint8), np.array([4, size]))
        sums = row_sums(rows, np.array([1]), np.array([0]), np.array([size]))
        assert sums.tolist() == [internet_sum(b"\xff" * size)]


def test_one_sum_serves_the_pseudo_headers_of_both_families() -> None:
    pairs = [("192.0.2.1", "198.51.100.255"), ("2001:db8::1", "fe80::ffff"), ("0.0.0.0", "0.0.0.0"), ("::", "::1")]
    ends = [(Address.parse(a), Address.parse(b)) for a, b in pairs]
    source, destination = (np.frombuffer(b"".join(mapped(pair[side]) for pair in ends), np.uint8).reshape(-1, 16) for side in (0, 1))
    lengths = np.array([20, 1480, 65535, 8])
    sums = fold(pseudo_sums(source, destination, 6, lengths))
    assert sums.tolist() == [internet_sum(pseudo_header(a, b, 6, int(n))) for (a, b), n in zip(ends, lengths, strict=True)]
    assert fold(word_sums(source))[1] == internet_sum(ends[1][0].packed)


@patient
@given(st.lists(st.tuples(*[st.integers(0, 0xFFFF)] * 3), min_size=1, max_size=9))
def test_updates_agree_with_the_single_one(words: list[tuple[int, int, int]]) -> None:
    checksums, old, new = (np.array(column, np.uint16) for column in zip(*words, strict=True))
    assert update_checksums(checksums, old, new).tolist() == [update_checksum(*row) for row in words]
    assert int(update_checksums(np.array([internet_checksum(b"\1\2\3\4")]), 0x0102, 0x0506)[0]) == internet_checksum(b"\5\6\3\4")
