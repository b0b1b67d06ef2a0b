from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from doorward.rings.block_walk import FRAMES_WORD, STATUS_WORD, locate_frames

BLOCK_BYTES = 65536
MAC, NET = 88, 102


def block_of(sizes: list[int], payload: bytes = b"") -> tuple[NDArray[np.uint32], list[int]]:
    """A block as the kernel fills it, and where each frame's header stands, in words."""
    data = bytearray(BLOCK_BYTES)
    place, places = 48, []
    for number, size in enumerate(sizes):
        step = (MAC + size + 7) & ~7
        last = number == len(sizes) - 1
        struct.pack_into("=6I2H", data, place, 0 if last else step, 1, 2, size, size, 1, MAC, NET)
        content = (payload * size)[:size] if payload else bytes([number & 255]) * size
        data[place + MAC : place + MAC + size] = content
        places.append(place // 4)
        place += step
    struct.pack_into("=6I", data, 0, 1, 48, 1, len(sizes), 48, place)
    return np.frombuffer(bytes(data), np.uint32), places


@pytest.mark.parametrize(
    "sizes",
    [[], [60], [60, 60], [60] * 400, [54, 60], [54, 58, 58, 54, 74] * 50, [60] * 30 + [1200], [1, 2, 3], [0, 0, 60]],
    ids=str,
)
def test_frames_are_located(sizes: list[int]) -> None:
    block, places = block_of(sizes)
    assert block[FRAMES_WORD] == len(sizes)
    assert block[STATUS_WORD] == 1
    assert locate_frames(block).tolist() == places


def test_a_payload_that_looks_like_a_header_changes_nothing() -> None:
    imitation = struct.pack("=6I2HIII8x", 64, 1, 2, 60, 60, 1, MAC, NET, 0, 0, 0)
    block, places = block_of([600, 60, 96, 96, 600, 8], imitation)
    assert locate_frames(block).tolist() == places


@settings(deadline=None)
@given(
    sizes=st.lists(st.integers(0, 300), min_size=1, max_size=100),
    payload=st.one_of(st.just(b""), st.binary(max_size=64), st.just(struct.pack("=2HI", MAC, NET, 0))),
)
def test_any_sizes_and_any_payload(sizes: list[int], payload: bytes) -> None:
    block, places = block_of(sizes, payload)
    assert locate_frames(block).tolist() == places
