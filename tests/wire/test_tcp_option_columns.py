from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.wire.options import decode_options, encode_options
from doorward.wire.rows import Rows
from doorward.wire.tcp_option_columns import read_tcp_options
from doorward.wire.tcp_options import hash_option_kinds, linux_syn_options, option_kinds, understand_options
from wire_batches import batch
from wire_values import option_lists, patient

some_options = st.one_of(
    option_lists.map(encode_options),
    st.lists(st.binary(min_size=4, max_size=4), min_size=1, max_size=10).map(b"".join),
    st.lists(st.sampled_from([0, 1, 2, 3, 4, 8, 10]), min_size=4, max_size=40).map(lambda kinds: bytes(kinds[: len(kinds) & ~3])),
).filter(bool)


def compare(options: list[bytes]) -> None:
    laid = batch([b"xyz" + data for data in options])
    rows = Rows(laid.data, laid.lengths)
    at = np.arange(len(options))
    found = read_tcp_options(rows, at, np.full(len(options), 3, np.intp), rows.lengths - 3)
    for row, data in enumerate(options):
        single = decode_options(data)
        known = understand_options(single)
        assert found["tcp_options"][row] == hash_option_kinds(option_kinds(single)), data.hex()
        assert found["mss"][row] == (known.mss or 0)
        assert found["window_scale"][row] == (-1 if known.window_scale is None else known.window_scale)
        assert found["sack_permitted"][row] == known.sack_permitted
        assert found["has_timestamp"][row] == (known.timestamp is not None)
        assert found["timestamp"][row] == (known.timestamp or 0)
        assert found["timestamp_echo"][row] == (known.timestamp_echo or 0)


@patient
@given(st.lists(some_options, min_size=1, max_size=8))
def test_patterns_agree_with_single_values(options: list[bytes]) -> None:
    compare(options)


@patient
@given(st.lists(some_options, min_size=1, max_size=8))
def test_the_walk_agrees_with_single_values(options: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("doorward.wire.tcp_option_columns._MOST_PATTERNS", 0)
        compare(options)


def test_many_rows_of_more_layouts_than_patterns() -> None:
    compare([encode_options(linux_syn_options(mss, scale, mss))[: 4 * (mss % 5 + 1)] for mss in range(500, 560) for scale in (7, 9)])
    compare([bytes((30 + row, 4, row, row)) for row in range(40)])


def test_a_later_option_of_a_kind_holds() -> None:
    compare([bytes.fromhex("020401000204020001010101"), bytes.fromhex("0204010000000000"), bytes.fromhex("0303070303090101")])
