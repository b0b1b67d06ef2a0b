from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import DoorwardBug
from doorward.rings import filters
from doorward.rings.filter_machine import run_filter
from doorward.rings.filters import Instruction, answers, compile_filter
from doorward.values.addresses import Address
from ring_frames import FRAMES, OURS
from ring_places import shared_places

RETURN_ALL = Instruction(filters.RETURN, 65535)
RETURN_NONE = Instruction(filters.RETURN, 0)


def judged(*steps: Instruction, frame: bytes = bytes(range(40))) -> int:
    return run_filter((*steps, RETURN_ALL, RETURN_NONE), frame)


@pytest.mark.parametrize(
    ("load", "offset", "value"),
    [(filters.LOAD_BYTE, 3, 3), (filters.LOAD_HALF, 1, 0x0102), (filters.LOAD_WORD, 36, 0x24252627)],
)
def test_loads_are_big_endian(load: int, offset: int, value: int) -> None:
    assert judged(Instruction(load, offset), Instruction(filters.JUMP_EQUAL, value, 0, 1)) == 40
    assert judged(Instruction(load, offset), Instruction(filters.JUMP_EQUAL, value + 1, 0, 1)) == 0


@pytest.mark.parametrize(
    ("load", "offset"), [(filters.LOAD_BYTE, 40), (filters.LOAD_HALF, 39), (filters.LOAD_WORD, 37), (filters.LOAD_HEADER_LENGTH, 40)]
)
def test_a_load_behind_the_end_refuses(load: int, offset: int) -> None:
    assert judged(Instruction(load, offset)) == 0


@pytest.mark.parametrize(
    ("jump", "operand", "taken"),
    [
        (filters.JUMP_EQUAL, 7, True),
        (filters.JUMP_GREATER, 7, False),
        (filters.JUMP_GREATER, 6, True),
        (filters.JUMP_AT_LEAST, 7, True),
        (filters.JUMP_AT_LEAST, 8, False),
        (filters.JUMP_ANY_BIT, 4, True),
        (filters.JUMP_ANY_BIT, 8, False),
    ],
)
def test_jumps(jump: int, operand: int, taken: bool) -> None:
    assert (judged(Instruction(filters.LOAD_BYTE, 7), Instruction(jump, operand, 0, 1)) > 0) is taken


def test_the_header_length_moves_the_load() -> None:
    steps = (
        Instruction(filters.LOAD_HEADER_LENGTH, 5),
        Instruction(filters.LOAD_HALF_INDEXED, 2),
        Instruction(filters.JUMP_EQUAL, 0x1617, 0, 1),
    )
    assert judged(*steps) == 40


def test_what_the_kernel_would_refuse_is_a_bug() -> None:
    with pytest.raises(DoorwardBug, match="without a verdict"):
        run_filter((Instruction(filters.LOAD_BYTE, 0),), b"x")
    with pytest.raises(DoorwardBug, match="unknown instruction"):
        run_filter((Instruction(0x99, 0), RETURN_ALL), b"x")


@settings(deadline=None)
@given(frame=st.binary(max_size=120))
def test_any_frame_gets_a_verdict(frame: bytes) -> None:
    program = compile_filter(answers((Address.parse("10.0.0.1"), Address.parse("fe80::1")), 1, 65535), snap_bytes=64)
    assert 0 <= run_filter(program, frame) <= 64


def test_the_kernel_judges_every_frame_alike() -> None:
    """The same frames through a veth pair: what its own filter lets through is what the machine here lets through."""
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(), there.packet_ring(OURS, 256)
        whole = [frame for frame in FRAMES.values() if len(frame) >= 14]
        data = np.zeros((len(whole), 128), np.uint8)
        for row, frame in zip(data, whole, strict=True):
            row[: len(frame)] = np.frombuffer(frame, np.uint8)
        assert sender.send(data, np.array([len(frame) for frame in whole], np.uint16)) == len(whole)
        arrived = []
        while len(frames := listener.receive(0.3)):
            arrived += [row[:length].tobytes() for row, length in zip(frames.data, frames.lengths, strict=True)]
        program = compile_filter(OURS)
        assert arrived == [frame for frame in whole if run_filter(program, frame)]
        sender.close()
        listener.close()
