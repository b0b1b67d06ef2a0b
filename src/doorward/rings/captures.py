"""Capture files as bytes: pcap and pcapng in, pcap out, a stream of any size piece by piece; opens no file.

Formats: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. Both are chains of records, each saying its length, in the byte order of the
machine that wrote them. A record is located by one step of Python; times and contents are then taken for all records at once.

What a file claims is not believed: a record longer than any capture tool writes, a length that doesn't fit, an interface never
described end the reading with `PeerError`, after everything before that place has been handed out.
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import PeerError
from doorward.rings.capture_records import LINK_TYPES, MAX_RECORD_BYTES, Found, broken
from doorward.rings.pcapng_blocks import Sections
from doorward.wire.frames import Frames, LinkType

__all__ = ["CaptureDecoder", "encode_capture_header", "encode_capture_records"]

_MAGIC_BYTES: Final = 4
_FILE_HEADER_BYTES: Final = 24
_RECORD_HEADER_BYTES: Final = 16
#: Magic number as the four bytes stand in the file → byte order for ``struct``, nanoseconds per unit of the second time field.
_MAGICS: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}
_PCAPNG: Final = b"\x0a\x0d\x0d\x0a"
_WRITTEN_LINKS: Final = {LinkType.ETHERNET: 1, LinkType.LOOPBACK: 1, LinkType.RAW: 101}
_ROWS_BYTES: Final = 16 << 20  # one batch: rows x the longest of them


class CaptureDecoder:
    """Reads a capture as it is fed: `feed` bytes, `take` frames until there are none, at the end `finish`."""

    def __init__(self) -> None:
        self.link: LinkType | None = None  #: known after the file's header, or its first interface
        self.failure: PeerError | None = None  #: what ended the reading; frames found before it can still be taken
        self._buffer = b""
        self._found = Found()
        self._records: _Records | Sections | None = None

    def feed(self, data: bytes) -> None:
        """Take the next piece of the file. Frames not taken before are kept."""
        if self.failure is not None:
            return
        rest = self._found.drop_used(self._buffer) if self._buffer else b""
        self._buffer = rest + data
        try:
            if self._records is None:
                self._recognise()
            if self._records is not None:
                self._records.locate(self._buffer, self._found)
        except PeerError as error:
            self.failure = error
        if self._records is not None and self._records.link is not None:
            self.link = self._records.link

    def _recognise(self) -> None:
        magic = self._buffer[:_MAGIC_BYTES]
        if len(magic) < _MAGIC_BYTES:
            return
        if magic == _PCAPNG:
            self._records = Sections()
        elif magic not in _MAGICS:
            raise broken(f"it begins with {magic.hex(' ')}, which is neither pcap nor pcapng")
        elif len(self._buffer) >= _FILE_HEADER_BYTES:
            self._records = _Records(self._buffer)
            self._found.used = _FILE_HEADER_BYTES

    def take(self, most: int = 16384) -> Frames:
        """Return the next frames located, at most ``most``; none when more must be fed. The arrays are copies."""
        count = self._found.fitting(most, _ROWS_BYTES)
        starts, lengths, times = self._found.pop(count)
        width = int(lengths.max(initial=0))
        content = np.frombuffer(self._buffer, np.uint8)
        data = content.take(starts[:, None] + np.arange(width), mode="clip") if count else np.zeros((0, 0), np.uint8)
        return Frames(data, lengths.astype(np.uint16), times)

    def finish(self) -> None:
        """Say that the file ends here; raises what ended the reading, or that the file is cut off."""
        if self.failure is not None:
            raise self.failure
        left = len(self._buffer) - self._found.used
        if self._records is None or left:
            raise broken(f"it is cut off: {left} bytes of an unfinished record are left at its end")


class _Records:
    """The records of classic pcap."""

    def __init__(self, header: bytes) -> None:
        self._order, self._unit_ns = _MAGICS[header[:_MAGIC_BYTES]]
        number = struct.unpack_from(f"{self._order}I", header, 20)[0] & 0xFFFF  # above: length of the frame check sequence
        if number not in LINK_TYPES:
            raise broken(f"its frames are of link type {number}, which Doorward can't read")
        self.link: LinkType | None = LINK_TYPES[number]
        self._header = struct.Struct(f"{self._order}4I")

    def locate(self, buffer: bytes, found: Found) -> None:
        place, unpack, unit_ns = found.used, self._header.unpack_from, self._unit_ns
        end = len(buffer)
        while place + _RECORD_HEADER_BYTES <= end:
            seconds, fraction, caught, _ = unpack(buffer, place)
            if caught > MAX_RECORD_BYTES:
                raise broken(f"the record at byte {found.before + place} claims {caught} bytes")
            after = place + _RECORD_HEADER_BYTES + caught
            if after > end:
                break
            found.add(place + _RECORD_HEADER_BYTES, caught, seconds * 1_000_000_000 + fraction * unit_ns)
            place = found.used = after


def encode_capture_header(link: LinkType, snap_bytes: int = 65535) -> bytes:
    """Encode the header of a pcap file with times in nanoseconds, in little-endian order."""
    return struct.pack("<4sHHiIII", b"\x4d\x3c\xb2\xa1", 2, 4, 0, 0, snap_bytes, _WRITTEN_LINKS[link])


def encode_capture_records(frames: Frames) -> bytes:
    """Encode frames as pcap records, all at once."""
    count = len(frames)
    if not count:
        return b""
    width = int(frames.lengths.max())
    rows = np.zeros((count, _RECORD_HEADER_BYTES + width), np.uint8)
    headers: NDArray[np.uint32] = np.empty((count, 4), "<u4")
    headers[:, 0], headers[:, 1] = np.divmod(frames.times_ns, 1_000_000_000)
    headers[:, 2] = headers[:, 3] = frames.lengths
    rows[:, :_RECORD_HEADER_BYTES] = headers.view(np.uint8)
    rows[:, _RECORD_HEADER_BYTES:] = frames.data[:, :width]
    used = np.arange(_RECORD_HEADER_BYTES + width) < (frames.lengths.astype(np.int64) + _RECORD_HEADER_BYTES)[:, None]
    return rows[used].tobytes()
