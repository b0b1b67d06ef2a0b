from __future__ import annotations

import numpy as np
import pytest

from doorward.wire.rows import Rows

LAYOUT = np.dtype([("a", "u1"), ("b", ">u2")])


def made(rows: int = 5, slot: int = 8) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.arange(rows * slot, dtype=np.uint8).reshape(rows, slot)


def test_a_record_is_read_at_another_place_of_each_row() -> None:
    rows = Rows(made(), np.full(5, 8))
    found = rows.read(LAYOUT, np.array([0, 2, 4]), np.array([0, 3, 5]))
    assert found["a"].tolist() == [0, 19, 37]
    assert found["b"].tolist() == [0x0102, 20 << 8 | 21, 38 << 8 | 39]
    assert len(rows) == 5


@pytest.mark.parametrize(
    "view", [np.s_[:, 2:6], np.s_[::2, 1:5], np.s_[::-1], np.s_[:, ::2]], ids=["inside", "every other", "backwards", "gaps"]
)
def test_any_view_is_read_like_its_copy(view: tuple[slice, ...]) -> None:
    data = made(6)[view]
    rows = Rows(data, np.full(len(data), data.shape[1]))
    at = np.arange(len(data))
    for offset in range(data.shape[1] - 2):
        assert np.array_equal(rows.bytes_at(3, at, offset), data[:, offset : offset + 3])


def test_a_view_with_side_by_side_bytes_is_not_copied() -> None:
    data = made()
    rows = Rows(data[1:, 2:], np.full(4, 6))
    data[1, 2] = 250
    assert rows.bytes_at(1, np.array([0]), 0)[0, 0] == 250
    assert np.shares_memory(rows.flat, data)


def test_no_length_reaches_behind_the_slot() -> None:
    assert Rows(made(), np.array([1, 8, 9, 65535, 0], np.uint16)).lengths.tolist() == [1, 8, 8, 8, 0]


@pytest.mark.parametrize("shape", [(0, 8), (3, 0), (0, 0)])
def test_nothing_is_read_from_nothing(shape: tuple[int, int]) -> None:
    rows = Rows(np.zeros(shape, np.uint8), np.zeros(shape[0], np.uint16))
    assert len(rows.read(LAYOUT, np.zeros(0, np.intp), 0)) == 0
    assert rows.bytes_at(4, np.zeros(0, np.intp), 0).shape == (0, 4)
