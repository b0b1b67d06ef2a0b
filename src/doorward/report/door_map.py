"""The picture of an audit: who may knock, the doors, and who stands behind each; places computed here, drawn as SVG by the page.

Three columns, left to right as a caller walks: callers, doors, programs. Lengths are SVG user units (CSS pixels at zoom 1); colours are
not known here: the page's style sheet has those, by the door's attention.
"""

from __future__ import annotations

import zlib
from typing import Final

import msgspec

from doorward.report.audit_view import AuditView, Row
from doorward.values.verdicts import Attention, VerdictKind

__all__ = ["Box", "DoorMap", "Line", "anchor", "draw_map"]

_WIDTH: Final = 1000
_DOOR_HEIGHT: Final = 30
_GAP: Final = 10
_TOP: Final = 42
_BETWEEN: Final = 26  # between the doors of other machines and those of this one
_CALLERS: Final = (0, 190)  # left edge and width of each column
_DOORS: Final = (310, 380)
_PROGRAMS: Final = (790, 210)
#: Characters of 12 px text that fit a box, at 6.6 px a character.
_DOOR_CHARACTERS: Final = 53
_PROGRAM_CHARACTERS: Final = 29


class Box(msgspec.Struct, frozen=True):
    """A box with one or two lines of text; ``kind`` is the style it takes."""

    x: float
    y: float
    width: float
    height: float
    text: str
    kind: str
    below: str = ""
    link: str = ""  #: the id of what it stands for on the page


class Line(msgspec.Struct, frozen=True):
    """A connection from right edge to left edge, as a cubic curve."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str

    @property
    def path(self) -> str:
        """The curve's path data."""
        middle = (self.x1 + self.x2) / 2
        return f"M{self.x1:.0f} {self.y1:.0f} C{middle:.0f} {self.y1:.0f} {middle:.0f} {self.y2:.0f} {self.x2:.0f} {self.y2:.0f}"


class DoorMap(msgspec.Struct, frozen=True):
    """The picture's size and parts."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]


def draw_map(view: AuditView) -> DoorMap:
    """Place callers, doors and programs; doors that take no callers are left out."""
    rows = [row for group in view.groups for row in group.rows if row.kind is not VerdictKind.CONVERSATION]
    outward = _by_program([row for row in rows if not row.doors[0].address.is_loopback])
    inward = _by_program([row for row in rows if row.doors[0].address.is_loopback])
    doors = [_door(row, place, 0) for place, row in enumerate(outward)]
    doors += [_door(row, len(outward) + place, _BETWEEN if outward else 0) for place, row in enumerate(inward)]
    bottom = max((door.y + door.height for door in doors), default=_TOP + _DOOR_HEIGHT)
    callers = [_caller(text, kind, part) for text, kind, part in (
        ("Other machines", "outside", doors[: len(outward)]),
        ("This machine only", "inside", doors[len(outward) :]),
    ) if part]  # fmt: skip
    programs = _programs(outward + inward, doors)
    lines = [
        Line(caller.x + caller.width, caller.y + caller.height / 2, door.x, door.y + door.height / 2, door.kind)
        for caller, part in zip(callers, [p for p in (doors[: len(outward)], doors[len(outward) :]) if p], strict=True)
        for door in part
    ]
    by_name = {program.text: program for program in programs}
    for row, door in zip(outward + inward, doors, strict=True):
        program = by_name[_cut(row.holder, _PROGRAM_CHARACTERS)]
        lines.append(Line(door.x + door.width, door.y + door.height / 2, program.x, program.y + program.height / 2, door.kind))
    height = int(max([bottom, *(p.y + p.height for p in programs)]) + _GAP)
    return DoorMap(_WIDTH, height, callers + doors + programs, lines)


def _by_program(rows: list[Row]) -> list[Row]:
    """Sort so that a program's doors stand together and lines seldom cross: programs by their lowest port, what needs you first."""
    order = {attention: place for place, attention in enumerate(Attention)}
    lowest: dict[tuple[Attention, str], int] = {}
    for row in rows:
        key = (row.attention, row.holder)
        lowest[key] = min(lowest.get(key, row.doors[0].port), row.doors[0].port)
    return sorted(rows, key=lambda r: (order[r.attention], lowest[r.attention, r.holder], r.holder, r.doors[0].port))


def _door(row: Row, place: int, lower: int) -> Box:
    kinds = {Attention.NEEDS_YOU: "needs-you", Attention.UNKNOWN: "unknown", Attention.FINE: "fine"}
    ports = sorted({door.port for door in row.doors})
    shown = f"{row.sign} {row.doors[0].transport} {ports[0]}  {row.what}"
    y = _TOP + lower + place * (_DOOR_HEIGHT + _GAP)
    return Box(_DOORS[0], y, _DOORS[1], _DOOR_HEIGHT, _cut(shown, _DOOR_CHARACTERS), kinds[row.attention], link=anchor(row))


def anchor(row: Row) -> str:
    """The id under which a row stands on the page; made of the door's own numbers, so nothing foreign is in it."""
    door = row.doors[0]
    namespace = zlib.crc32(door.machine.encode())  # two namespaces may hold the same door
    return f"d-{door.transport}-{door.port}-{door.address.packed.hex()}-{namespace:08x}"


def _caller(text: str, kind: str, doors: list[Box]) -> Box:
    top, bottom = doors[0].y, doors[-1].y + doors[-1].height
    height = min(max(_DOOR_HEIGHT * 1.6, (bottom - top) * 0.4), 120)
    return Box(
        _CALLERS[0],
        (top + bottom - height) / 2,
        _CALLERS[1],
        height,
        text,
        kind,
        below=f"{len(doors)} door{'s' if len(doors) != 1 else ''}",
    )


def _programs(rows: list[Row], doors: list[Box]) -> list[Box]:
    """One box per program, at the mean height of its doors, pushed down where two would overlap."""
    heights: dict[str, list[float]] = {}
    for row, door in zip(rows, doors, strict=True):
        heights.setdefault(_cut(row.holder, _PROGRAM_CHARACTERS), []).append(door.y)
    boxes: list[Box] = []
    lowest = float(_TOP)
    for name, places in sorted(heights.items(), key=lambda item: sum(item[1]) / len(item[1])):
        y = max(sum(places) / len(places), lowest)
        boxes.append(Box(_PROGRAMS[0], y, _PROGRAMS[1], _DOOR_HEIGHT, name, "program"))
        lowest = y + _DOOR_HEIGHT + _GAP
    return boxes


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1]}…"
