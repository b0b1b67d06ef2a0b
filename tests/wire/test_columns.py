from __future__ import annotations

import dataclasses

import numpy as np

from doorward.wire.columns import COLUMNS, new_columns, part_of, put, put_all, some
from doorward.wire.frames import Decoded


def test_the_table_names_the_columns_of_decoded() -> None:
    assert list(COLUMNS) == [field.name for field in dataclasses.fields(Decoded)]


def test_new_columns_hold_nothing() -> None:
    columns = new_columns(3)
    assert columns["icmp_type"].tolist() == [-1, -1, -1]
    assert columns["source"].shape == (3, 16)
    assert {name: column.dtype.type for name, column in columns.items()} == {name: row[0] for name, row in COLUMNS.items()}
    assert all((column == COLUMNS[name][2]).all() for name, column in columns.items())


def test_values_are_put_into_some_rows_or_all() -> None:
    columns = new_columns(4)
    put(columns["ttl"], np.array([1, 3]), np.array([9, 8]))
    put(columns["family"], np.arange(4), 4)
    wide = np.arange(64, dtype=np.uint8).reshape(2, 32)[:, ::2]
    put_all(columns, np.array([0, 2]), {"source": wide})
    put(columns["nd_mac"], np.array([1]), 7)
    assert columns["ttl"].tolist() == [0, 9, 0, 8]
    assert columns["family"].tolist() == [4, 4, 4, 4]
    assert np.array_equal(columns["source"][[0, 2]], wide)
    assert columns["nd_mac"].tolist()[1] == [7] * 6
    assert not columns["source"][[1, 3]].any()


def test_a_part_is_a_view() -> None:
    columns = new_columns(4)
    part_of(columns, 2, 4)["ttl"][0] = 5
    assert columns["ttl"].tolist() == [0, 0, 5, 0]


def test_some_rows_of_arrays() -> None:
    numbers = np.arange(3)
    assert some(np.array([True, True, True]), numbers)[0] is numbers
    assert [array.tolist() for array in some(np.array([True, False, True]), numbers, numbers * 2)] == [[0, 2], [0, 4]]
