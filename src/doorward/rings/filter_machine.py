"""Runs a frame filter on one frame as the kernel would; knows the machine of classic BPF, not what a frame is.

For the rings that have no kernel behind them (memory, capture files) and as the second reader in tests. One frame takes some
microseconds here, so nothing on the wire's way calls it.
"""

from __future__ import annotations

from doorward.errors import DoorwardBug
from doorward.rings.filters import (
    AND,
    INTERFACE,
    JUMP_ANY_BIT,
    JUMP_AT_LEAST,
    JUMP_EQUAL,
    JUMP_GREATER,
    LOAD_BYTE,
    LOAD_HALF,
    LOAD_HALF_INDEXED,
    LOAD_HEADER_LENGTH,
    LOAD_WORD,
    RETURN,
    Program,
)

__all__ = ["run_filter"]

_SIZES = {LOAD_WORD: 4, LOAD_HALF: 2, LOAD_BYTE: 1, LOAD_HALF_INDEXED: 2}


def run_filter(program: Program, frame: bytes, *, interface: int = 0) -> int:
    """Return how many bytes of ``frame`` to keep, 0 to refuse it; raises `DoorwardBug` for a program that the kernel would refuse."""
    accumulator = index = place = 0
    while place < len(program):  # every step goes forward, so this ends
        step = program[place]
        place += 1
        if step.code == RETURN:
            return min(step.operand, len(frame))
        if step.code in _SIZES:
            if step.operand == INTERFACE:
                accumulator = interface
                continue
            start = step.operand + (index if step.code == LOAD_HALF_INDEXED else 0)
            if start + _SIZES[step.code] > len(frame):
                return 0
            accumulator = int.from_bytes(frame[start : start + _SIZES[step.code]])
        elif step.code == LOAD_HEADER_LENGTH:
            if step.operand >= len(frame):
                return 0
            index = 4 * (frame[step.operand] & 15)
        elif step.code == AND:
            accumulator &= step.operand
        else:
            place += step.jump_true if _holds(step.code, accumulator, step.operand) else step.jump_false
    raise DoorwardBug("run a frame filter", why="its program ends without a verdict")


def _holds(code: int, value: int, operand: int) -> bool:
    if code == JUMP_EQUAL:
        return value == operand
    if code == JUMP_GREATER:
        return value > operand
    if code == JUMP_AT_LEAST:
        return value >= operand
    if code == JUMP_ANY_BIT:
        return bool(value & operand)
    raise DoorwardBug("run a frame filter", why=f"it holds the unknown instruction {code:#x}")
