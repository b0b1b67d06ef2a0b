"""The blocks of pcapng: sections, interfaces, packets; all other blocks are stepped over; opens no file.

Format: draft-ietf-opsawg-pcapng. Every block is type, length, body, length again::

    0       4        8                                            length-4
    +-------+--------+--------------------------------------------+--------+
    | type  | length | body (padded to a multiple of four)        | length |
    +-------+--------+--------------------------------------------+--------+
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from doorward.rings.capture_records import LINK_TYPES, MAX_RECORD_BYTES, Found, broken
from doorward.wire.frames import LinkType

__all__ = ["Sections"]

_SECTION: Final = 0x0A0D0D0A
_INTERFACE: Final = 1
_OLD_PACKET: Final = 2  # obsolete, still found in old files
_SIMPLE_PACKET: Final = 3
_PACKET: Final = 6
_OPTION_END: Final = 0
_OPTION_RESOLUTION: Final = 9
_OPTION_OFFSET: Final = 14
_LEAST_BLOCK: Final = 12
_MAX_BLOCK: Final = 16 << 20  # far beyond any block that a tool writes; what claims more is no capture
_MAX_INTERFACES: Final = 65536


@dataclass(frozen=True, slots=True)
class _Interface:
    link: LinkType
    snap_bytes: int
    units_per_s: int
    offset_s: int


class Sections:
    """Locates packets; ``link`` is that of the first interface, and all others must agree."""

    def __init__(self) -> None:
        self.link: LinkType | None = None
        self._order = "<"
        self._interfaces: list[_Interface] = []

    def locate(self, buffer: bytes, found: Found) -> None:
        """Add every whole packet block to ``found``; raises `PeerError`."""
        while found.used + _LEAST_BLOCK <= len(buffer):
            place = found.used
            if buffer[place : place + 4] == b"\x0a\x0d\x0d\x0a":  # reads the same in both orders
                self._order = _byte_order(buffer[place + 8 : place + 12])
            kind, length = struct.unpack_from(f"{self._order}II", buffer, place)
            if length < _LEAST_BLOCK or length > _MAX_BLOCK or length & 3:
                raise broken(f"the block at byte {found.before + place} claims {length} bytes")
            if place + length > len(buffer):
                return
            if struct.unpack_from(f"{self._order}I", buffer, place + length - 4)[0] != length:
                raise broken(f"the block at byte {found.before + place} tells two lengths")
            self._read(kind, buffer, place + 8, place + length - 4, found)
            found.used = place + length

    def _read(self, kind: int, buffer: bytes, start: int, end: int, found: Found) -> None:
        if kind == _SECTION:
            self._interfaces = []
        elif kind == _INTERFACE:
            self._add_interface(buffer[start:end])
        elif kind in (_PACKET, _OLD_PACKET):
            self._add_packet(kind, buffer, start, end, found)
        elif kind == _SIMPLE_PACKET:
            (size,) = self._unpack("I", buffer, start, end)
            snap = self._interface(0).snap_bytes or size
            found.add(start + 4, min(size, snap, end - start - 4), 0)

    def _add_packet(self, kind: int, buffer: bytes, start: int, end: int, found: Found) -> None:
        if kind == _PACKET:
            number, high, low, caught, _ = self._unpack("5I", buffer, start, end)
        else:
            number, _, high, low, caught, _ = self._unpack("HH4I", buffer, start, end)
        if caught > end - start - 20 or caught > MAX_RECORD_BYTES:
            raise broken(f"a packet near byte {found.before + start} claims {caught} bytes")
        told = self._interface(number)
        time_ns = ((high << 32) | low) * 1_000_000_000 // told.units_per_s + told.offset_s * 1_000_000_000
        found.add(start + 20, caught, time_ns)

    def _interface(self, number: int) -> _Interface:
        if number >= len(self._interfaces):
            raise broken(f"a packet came by interface {number}, which was never described")
        return self._interfaces[number]

    def _add_interface(self, body: bytes) -> None:
        number, _, snap = self._unpack("HHI", body, 0, len(body))
        if number not in LINK_TYPES:
            raise broken(f"its frames are of link type {number}, which Doorward can't read")
        link = LINK_TYPES[number]
        if self.link not in (None, link):
            raise broken("its interfaces have links of different kinds")
        if len(self._interfaces) >= _MAX_INTERFACES:
            raise broken("it describes more interfaces than any machine has")
        self.link = link
        units, offset = self._options(body)
        self._interfaces.append(_Interface(link, snap, units, offset))

    def _options(self, body: bytes) -> tuple[int, int]:
        """Return units per second (by default a million) and the offset in seconds."""
        units, offset, place = 1_000_000, 0, 8
        while place + 4 <= len(body):
            code, size = struct.unpack_from(f"{self._order}HH", body, place)
            value = body[place + 4 : place + 4 + size]
            if code == _OPTION_END or len(value) < size:
                break
            if code == _OPTION_RESOLUTION and size:
                power = value[0] & 0x7F
                units = 1 << power if value[0] & 0x80 else 10 ** min(power, 30)
            elif code == _OPTION_OFFSET and size >= 8:
                (offset,) = struct.unpack_from(f"{self._order}q", value)
            place += 4 + (size + 3) // 4 * 4
        return units, offset

    def _unpack(self, layout: str, buffer: bytes, start: int, end: int) -> tuple[int, ...]:
        reader = struct.Struct(self._order + layout)
        if end - start < reader.size:
            raise broken("a block is too short for what it must hold")
        return reader.unpack_from(buffer, start)


def _byte_order(magic: bytes) -> str:
    if magic == b"\x1a\x2b\x3c\x4d":
        return ">"
    if magic == b"\x4d\x3c\x2b\x1a":
        return "<"
    raise broken(f"a section begins with the byte order {magic.hex(' ')}")
