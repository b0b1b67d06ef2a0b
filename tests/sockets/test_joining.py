"""Pairs of inode and process: against a plain dictionary."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorward.sockets.joining import Holdings

Pairs = st.lists(st.tuples(st.integers(0, 20) | st.integers(2**31, 2**32 - 1), st.integers(1, 2**22 - 1) | st.integers(1, 5)), max_size=40)


def columns(
    pairs: list[tuple[int, int]],
) -> tuple["np.ndarray[tuple[int], np.dtype[np.uint64]]", "np.ndarray[tuple[int], np.dtype[np.int32]]"]:
    return np.array([inode for inode, _ in pairs], np.uint64), np.array([pid for _, pid in pairs], np.int32)


@given(Pairs, Pairs)
def test_against_a_dictionary(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    holdings = Holdings(*columns(first))
    holdings.add(*columns(second))
    plain: dict[int, set[int]] = {}
    for inode, pid in first + second:
        plain.setdefault(inode, set()).add(pid)
    inodes = np.array([0, 3, 9, 2**31, *plain], np.uint64)
    expected = [min(plain[i]) if i in plain and i else -1 for i in inodes.tolist()]
    assert holdings.pids(inodes).tolist() == expected
    shared = {inode: tuple(sorted(pids)) for inode, pids in plain.items() if len(pids) > 1}
    assert holdings.shared(inodes) == shared


def test_forgetting() -> None:
    holdings = Holdings(*columns([(1, 10), (1, 11), (2, 11), (3, 12)]))
    holdings.keep_pids([11, 12])
    assert holdings.pids(np.array([1, 2, 3], np.uint64)).tolist() == [11, 11, 12]
    holdings.keep_inodes(np.array([3], np.uint64))
    assert len(holdings) == 1
    assert holdings.pids(np.array([1, 2, 3], np.uint64)).tolist() == [-1, -1, 12]


def test_nothing() -> None:
    assert Holdings().pids(np.array([1], np.uint64)).tolist() == [-1]
    assert Holdings().shared(np.array([1], np.uint64)) == {}
