"""One kind of frame stamped into many rows of bytes: where its fields are, and what they add to its checksums; knows no protocol.

The template's bytes are copied into every row and the fields that differ are written over them. A checksum is the template's own sum,
less what a field held, plus what it holds now (RFC 1624 §3), so nothing but the changed fields is ever summed. SCTP's CRC32c is linear
as well: each changed byte costs one look-up in a table made for its place (`crc32c.differences`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from doorward.errors import CallError
from doorward.wire.checksum_rows import complement, fold, swap_bytes
from doorward.wire.checksums import internet_sum
from doorward.wire.crc32c import crc32c, differences

__all__ = ["Checksum", "Crc", "Numbers", "Place", "Template"]

#: One number for all rows, or one per row.
Numbers = NDArray[Any] | int

#: Rows stamped together: they and the arrays beside them stay in a core's cache.
_TOGETHER: Final = 4096

_DTYPES: Final[dict[int, np.dtype[Any]]] = {1: np.dtype("u1"), 2: np.dtype(">u2"), 4: np.dtype(">u4")}


class Place(msgspec.Struct, frozen=True):
    """Where a field's bytes stand: ``size`` bytes at ``offset``, counted in these checksums; of addresses, bytes from ``begin`` on."""

    offset: int
    size: int
    checksums: tuple[int, ...] = ()  #: indices into the template's checksums
    begin: int = 0


class Checksum(msgspec.Struct, frozen=True):
    """An internet checksum: where it stands, and the sum over all that it covers while its own field is zero.

    Everything covered begins at an even offset of the frame, so whether a byte is the high half of a word is seen from its offset.
    """

    offset: int
    total: int
    zero_is_sent_as_ones: bool = False  #: UDP's, where 0 means that there is none (RFC 768)


class Crc(msgspec.Struct, frozen=True):
    """SCTP's CRC32c over the frame from ``start`` on, standing at ``offset``."""

    offset: int
    start: int


class Template:
    """One kind of frame; made by the functions of `templates`. Immutable, so that one may serve several rings."""

    __slots__ = ("_bytes", "_checksums", "_crc", "_crc_total", "_fields", "_name", "_tables", "length")

    length: int  #: bytes of every frame

    def __init__(
        self, name: str, frame: bytes, fields: Mapping[str, Sequence[Place]], checksums: Sequence[Checksum] = (), crc: Crc | None = None
    ) -> None:
        self.length = len(frame)
        self._name = name
        self._bytes = np.frombuffer(frame, np.uint8)
        self._fields = {field: tuple(places) for field, places in fields.items()}
        self._checksums = tuple(checksums)
        self._crc = crc
        self._crc_total = 0
        self._tables: dict[int, NDArray[np.uint32]] = {}
        if crc is not None:
            self._crc_total = crc32c(frame[crc.start :])
            for place in (place for places in self._fields.values() for place in places if place.offset >= crc.start):
                for offset in range(place.offset, place.offset + place.size):
                    self._tables[offset] = differences(len(frame) - 1 - offset)

    def stamp(
        self,
        out: NDArray[np.uint8],
        *,
        destinations: NDArray[np.uint8] | None = None,
        destination_ports: Numbers | None = None,
        source_ports: Numbers | None = None,
        sequences: Numbers | None = None,
        acknowledgments: Numbers | None = None,
        ip_ids: Numbers | None = None,
        hop_limits: Numbers | None = None,
        timestamps: Numbers | None = None,
        destination_macs: NDArray[np.uint8] | None = None,
    ) -> NDArray[np.uint16]:
        """Write one frame into each row of ``out`` (n, slot) uint8, and return their lengths (n,).

        ``out`` may be a strided view into a ring (rows need not touch each other); nothing behind a frame's length is written.
        Each value is one for all rows or one per row; ``None`` keeps the template's own. Numbers wrap at their field's width. Raises
        `CallError` where this kind has no such field, a value has another shape, or ``out`` is too narrow.

        Args:
            out: the rows to fill; the bytes of a row must lie side by side.
            destinations: (n, 4), (n, 16), (4,) or (16,) in network order; IPv4 may be mapped. Of ARP and ND: who is asked for.
            destination_ports: TCP, UDP, SCTP.
            source_ports: TCP, UDP, SCTP; of ICMP messages: their identifier.
            sequences: 32 bits: TCP sequence number, SCTP initiate tag, UDP the payload's cookie where it has a place for one; of
                ICMP messages the lower 16 bits: their sequence number.
            acknowledgments: TCP.
            ip_ids: IPv4 identification.
            hop_limits: time to live.
            timestamps: TCP's TSval, where the options have a timestamp.
            destination_macs: (n, 6), where each row goes to another neighbour.
        """
        rows = self._checked(out)
        numbers: dict[str, Numbers | None] = {
            "destination_ports": destination_ports,
            "source_ports": source_ports,
            "sequences": sequences,
            "acknowledgments": acknowledgments,
            "ip_ids": ip_ids,
            "hop_limits": hop_limits,
            "timestamps": timestamps,
        }
        texts = {"destinations": destinations, "destination_macs": destination_macs}
        columns = {name: self._number(name, value, rows) for name, value in numbers.items() if value is not None}
        columns |= {name: self._text(name, value, rows) for name, value in texts.items() if value is not None}
        for begin in range(0, rows, _TOGETHER):
            part = slice(begin, min(begin + _TOGETHER, rows))
            self._stamp_some(out[part], {name: column[part] for name, column in columns.items()})
        return np.full(rows, self.length, np.uint16)

    def _checked(self, out: NDArray[np.uint8]) -> int:
        if out.ndim != 2 or out.dtype != np.uint8 or out.shape[1] < self.length or (out.strides[1] != 1 and len(out)):
            why = (
                f"rows of at least {self.length} bytes side by side are needed, not {out.dtype} of shape {out.shape}, strides {out.strides}"
            )
            raise CallError(f"stamp {self._name} frames", why=why)
        return len(out)

    def _places(self, field: str) -> tuple[Place, ...]:
        if field not in self._fields:
            raise CallError(f"stamp {self._name} frames with", field, why="they have no such field")
        return self._fields[field]

    def _number(self, field: str, value: Numbers, rows: int) -> NDArray[Any]:
        """Return one number per row, in the field's own width."""
        dtype = np.dtype(f"u{self._places(field)[0].size}")
        numbers = np.asarray(value & ((1 << 8 * dtype.itemsize) - 1) if isinstance(value, int) else value).astype(dtype, copy=False)
        return self._per_row(field, numbers, (rows,))

    def _text(self, field: str, value: NDArray[np.uint8], rows: int) -> NDArray[Any]:
        """Return one address per row, of as many bytes as the field needs: of a mapped IPv4 address the last four."""
        places = self._places(field)
        wanted = max(place.begin + place.size for place in places)
        if value.shape[-1:] == (16,) and wanted == 4:
            value = value[..., 12:]
        if value.dtype != np.uint8 or value.shape[-1:] != (wanted,):
            raise CallError(
                f"stamp {self._name} frames with", field, why=f"{wanted} bytes are needed, not {value.dtype} of shape {value.shape}"
            )
        return self._per_row(field, value, (rows, wanted))

    def _per_row(self, field: str, values: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        try:
            return np.broadcast_to(values, shape)
        except ValueError:
            why = f"{values.shape} is neither one value nor one for each of {shape[0]} rows"
            raise CallError(f"stamp {self._name} frames with", field, why=why) from None

    def _stamp_some(self, out: NDArray[np.uint8], columns: dict[str, NDArray[Any]]) -> None:
        out[:, : self.length] = self._bytes
        totals: list[NDArray[np.uint32]] = [np.full(len(out), checksum.total, np.uint32) for checksum in self._checksums]
        for field, values in columns.items():
            for place in self._fields[field]:
                target = out[:, place.offset : place.offset + place.size]
                part = values if values.ndim == 1 else values[:, place.begin : place.begin + place.size]
                if values.ndim == 1:
                    target.view(_DTYPES[place.size])[:, 0] = part
                else:
                    target[:] = part
                if place.checksums:
                    held = self._bytes[place.offset : place.offset + place.size].tobytes()
                    change = _sums(part, place) + np.uint32(internet_sum(bytes(place.offset & 1) + held) ^ 0xFFFF)
                    for index in place.checksums:
                        totals[index] += change
        for checksum, total in zip(self._checksums, totals, strict=True):
            found = complement(total)
            if checksum.zero_is_sent_as_ones:
                found[found == 0] = 0xFFFF
            out[:, checksum.offset : checksum.offset + 2].view(">u2")[:, 0] = found
        if self._crc is not None:
            self._stamp_crc(out, self._crc, columns)

    def _stamp_crc(self, out: NDArray[np.uint8], crc: Crc, columns: dict[str, NDArray[Any]]) -> None:
        registers = np.full(len(out), self._crc_total, np.uint32)
        for place in (place for field in columns for place in self._fields[field]):
            for offset in range(place.offset, place.offset + place.size):
                if offset in self._tables:
                    registers ^= self._tables[offset][out[:, offset] ^ self._bytes[offset]]
        out[:, crc.offset : crc.offset + 4].view("<u4")[:, 0] = registers


def _sums(values: NDArray[Any], place: Place) -> NDArray[np.uint32]:
    """Return what the values add to a sum, folded enough to be added to others."""
    if values.ndim == 2:
        return _text_sums(values, place.offset & 1)
    numbers = values.astype(np.uint32)
    if place.size == 1:
        return numbers if place.offset & 1 else numbers << np.uint32(8)
    if place.size == 4:
        numbers = (numbers & np.uint32(0xFFFF)) + (numbers >> np.uint32(16))
    return swap_bytes(fold(numbers)) if place.offset & 1 else numbers


def _text_sums(values: NDArray[np.uint8], parity: int) -> NDArray[np.uint32]:
    sums = np.zeros(len(values), np.uint32)
    for column in range(values.shape[1]):
        byte = values[:, column].astype(np.uint32)
        sums += byte if (column + parity) & 1 else byte << np.uint32(8)
    return sums
