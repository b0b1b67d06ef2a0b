"""How far a scan has come, as a value that survives the process: what is asked, in which order, and how many doors are settled.

A scan asks its doors in an order that a key makes out of nothing (`shuffle`), so "how far" is one number: all doors whose place in that
order lies below `ScanState.settled` have their result. Answers come out of order; `Settling` turns them into that number and keeps
only what lies beyond it. A scan that goes on begins at that number: a few doors are asked twice, none is left out.

Two files: the *state* (one JSON document, replaced as a whole) and, beside it, the *found doors* (JSON Lines, appended as they are found
and before any state counts them). Knows neither files nor clocks. Any scan may use it that has a numbered order and a name for each reason.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Final, Literal

import msgspec

from doorward.errors import CallError
from doorward.scan.answer import DoorLine
from doorward.scan.targets import TargetSet
from doorward.values.portsets import PortSet
from doorward.values.records import decode_json, encode_json

__all__ = ["ScanState", "Settling", "decode_found", "decode_state", "encode_found", "encode_state", "identity_of", "refuse_another_scan"]

_BLOCK: Final = 4096
_MOST_REASONS: Final = 255  # one byte each


class ScanState(msgspec.Struct, frozen=True, kw_only=True):
    """All that a scan must know to go on after it was killed."""

    schema: Literal["doorward/scan-state/1"] = "doorward/scan-state/1"
    identity: dict[str, str]  #: what is asked, part by part; a scan that asks anything else is another scan
    key: int  #: of the order
    doors: int
    settled: int = 0  #: doors at the beginning of the order that have their result
    reasons: dict[str, int] = {}  #: the results of these, counted
    counters: dict[str, int] = {}  #: whatever else the engine counts: packets sent, rounds
    seconds: float = 0.0  #: spent until now, over all attempts


def identity_of(targets: TargetSet, ports: PortSet, *, kind: str, **rest: str) -> dict[str, str]:
    """Name what a scan asks; equal for two calls that ask the same doors in the same way, however the targets were written.

    Speed is no part of it: a scan may go on faster or slower than it began.
    """
    spans = hashlib.blake2b(digest_size=16)
    for span in targets.spans:
        spans.update(f"{span.family} {span.scope} {span.first} {span.last}\n".encode())
    return {"targets": spans.hexdigest(), "ports": str(ports), "kind": kind, **rest}


def refuse_another_scan(state: ScanState, identity: dict[str, str], name: str) -> None:
    """Raise `CallError` that says in what this call differs from the one that wrote the state called ``name``."""
    differing = [part for part in sorted(state.identity.keys() | identity.keys()) if state.identity.get(part) != identity.get(part)]
    if differing:
        why = f"it was begun with other {' and '.join(differing)}"
        raise CallError("continue the scan in", name, why=why, remedy="Repeat the call that began it, or name another file for a new scan.")


def encode_state(state: ScanState) -> bytes:
    """Write a state."""
    return encode_json(state).encode() + b"\n"


def decode_state(data: bytes, name: str) -> ScanState:
    """Read a state; raises `CallError` for anything that isn't one."""
    try:
        state = decode_json(data, ScanState)
    except CallError:
        state = None
    if state is None or not 0 <= state.settled <= state.doors or sum(state.reasons.values()) != state.settled:
        why = "it holds no state of a scan"
        raise CallError("continue the scan in", name, why=why, remedy="Name the file that --resume wrote, or one that isn't there yet.")
    return state


def encode_found(door: DoorLine) -> bytes:
    """Write one found door as a line."""
    return encode_json(door).encode() + b"\n"


def decode_found(data: bytes) -> tuple[list[DoorLine], int]:
    """Read found doors; returns them and how many bytes of ``data`` are whole lines of doors: a kill may tear the last one."""
    doors: list[DoorLine] = []
    end = 0
    for line in data.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break
        try:
            doors.append(decode_json(line, DoorLine))
        except CallError:
            break
        end += len(line)
    return doors, end


class Settling:
    """Turns results that come out of order into "everything before here is done"; holds one byte for each that came early."""

    __slots__ = ("_blocks", "_codes", "_names", "doors", "reasons", "settled")

    def __init__(self, doors: int, settled: int = 0, reasons: dict[str, int] | None = None) -> None:
        self.doors: Final = doors
        self.settled = settled  #: all places below this one have their result
        self.reasons: Final = Counter(reasons or {})  #: the results of these
        self._blocks: dict[int, bytearray] = {}
        self._names: list[str] = []
        self._codes: dict[str, int] = {}

    def note(self, place: int, reason: str) -> None:
        """Take in the result of the door at ``place`` of the order; one that is settled already is passed over."""
        if not self.settled <= place < self.doors:
            return
        code = self._codes.get(reason)
        if code is None:
            code = self._new_code(reason)
        block = self._blocks.get(place // _BLOCK)
        if block is None:
            block = self._blocks[place // _BLOCK] = bytearray(_BLOCK)
        block[place % _BLOCK] = code
        if place == self.settled:
            self._advance()

    def _new_code(self, reason: str) -> int:
        if len(self._names) >= _MOST_REASONS:
            raise CallError("count the reason", reason, why=f"a scan has at most {_MOST_REASONS} of them")
        self._names.append(reason)
        code = self._codes[reason] = len(self._names)
        return code

    def _advance(self) -> None:
        """Go on to the first place without a result, counting what is passed."""
        block = self._blocks.get(self.settled // _BLOCK)
        while block is not None:
            inside = self.settled % _BLOCK
            end = block.find(0, inside)
            passed = block[inside : end if end >= 0 else _BLOCK]
            for code, count in Counter(passed).items():
                self.reasons[self._names[code - 1]] += count
            self.settled += len(passed)
            if end >= 0:
                return
            del self._blocks[self.settled // _BLOCK - 1]
            block = self._blocks.get(self.settled // _BLOCK)
