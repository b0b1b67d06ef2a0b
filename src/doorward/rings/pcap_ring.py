"""A ring on capture files: receives what one holds, sends into another; knows files, and leaves their formats to `captures`.

Time stands still: ``receive`` never waits, and the frames bear the times that the file tells. At the file's end it gives no frames and
`finished` is true. A damaged file gives everything before the damage, then `PeerError` once.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import CallError, DoorwardBug, PeerError, WorldError
from doorward.rings.captures import CaptureDecoder, encode_capture_header, encode_capture_records
from doorward.rings.contract import LinkInfo, RingCounters
from doorward.rings.filter_machine import run_filter
from doorward.rings.filters import Program
from doorward.values.clocks import Clock, SystemClock
from doorward.values.printable import printable
from doorward.wire.frames import Frames, LinkType

__all__ = ["PcapRing", "open_pcap_ring"]

_PIECE_BYTES: Final = 1 << 20
_MOST_BYTES: Final = 65535
_SLOTS: Final = 1024
_SLOT_BYTES: Final = 2048


class PcapRing:
    """Made by `open_pcap_ring`."""

    def __init__(
        self,
        link: LinkInfo,
        decoder: CaptureDecoder,
        *,
        reader: BinaryIO | None,
        writer: BinaryIO | None,
        program: Program | None,
        clock: Clock,
    ) -> None:
        self._link, self._reader, self._writer = link, reader, writer
        self._decoder, self._program, self._clock = decoder, program, clock
        self._slots: NDArray[np.uint8] = np.zeros((_SLOTS, _SLOT_BYTES), np.uint8)
        self._reserved = 0
        self._sent = self._failures = self._received = 0
        self._closed = False
        self.finished = reader is None  #: nothing more will come
        if writer is not None:
            try:
                self._write(encode_capture_header(link.type))
            except WorldError:
                self.close()
                raise

    @property
    def link(self) -> LinkInfo:
        """The file's name and the kind of its frames."""
        return self._link

    def receive(self, wait_s: float) -> Frames:  # noqa: ARG002  # a file has nothing to wait for
        """Return the next frames; raises `PeerError` once where the file is damaged or cut off."""
        self._check_usable()
        while True:
            frames = self._decoder.take()
            if not len(frames) and not self.finished:
                self._read_on()
                continue
            if self._program is not None and len(frames):
                frames = _filtered(self._program, frames)
                if not len(frames):
                    continue
            self._received += len(frames)
            return frames

    def _read_on(self) -> None:
        assert self._reader is not None
        try:
            piece = self._reader.read(_PIECE_BYTES)
        except OSError as error:
            raise WorldError("read the capture", self._link.name, why=error.strerror or str(error)) from None
        if piece and self._decoder.failure is None:
            self._decoder.feed(piece)
            return
        self.finished = True
        try:
            self._decoder.finish()
        except PeerError as error:
            raise PeerError("read the capture", self._link.name, why=error.why) from None

    def reserve(self, count: int) -> NDArray[np.uint8]:
        """As `Ring.reserve`."""
        self._check_usable()
        self._reserved = min(count, _SLOTS)
        return self._slots[: self._reserved]

    def commit(self, lengths: NDArray[np.uint16]) -> int:
        """As `Ring.commit`."""
        if len(lengths) > self._reserved:
            raise DoorwardBug("send frames into", self._link.name, why=f"{len(lengths)} were to be sent of {self._reserved} reserved")
        self._reserved = 0
        return self.send(self._slots[: len(lengths)], lengths)

    def send(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> int:
        """Write all frames with the present time; none is taken where no file was given to write into."""
        self._check_usable()
        if self._writer is None:
            self._failures += len(lengths)
            return 0
        least = 20 if self._link.type is LinkType.RAW else 14
        if len(lengths) and int(lengths.min()) < least:
            raise CallError("send frames into", self._link.name, why=f"frames here have at least {least} bytes, and one has not")
        now_ns = round(self._clock.now().timestamp() * 1e6) * 1000
        frames = Frames(data[: len(lengths)], lengths, np.full(len(lengths), now_ns, np.int64))
        self._write(encode_capture_records(frames))
        self._sent += len(lengths)
        return len(lengths)

    def _write(self, data: bytes) -> None:
        assert self._writer is not None
        try:
            self._writer.write(data)
            self._writer.flush()
        except OSError as error:
            raise WorldError("write the capture", self._link.name, why=error.strerror or str(error)) from None

    def counters(self) -> RingCounters:
        """As `Ring.counters`."""
        self._check_usable()
        return RingCounters(self._sent, self._failures, self._received)

    def close(self) -> None:
        """As `Ring.close`."""
        self._closed = True
        for file in (self._reader, self._writer):
            if file is not None:
                with contextlib.suppress(OSError):  # what could not be written was told when it was sent
                    file.close()

    def _check_usable(self) -> None:
        if self._closed:
            raise DoorwardBug("use a ring", self._link.name, why="it is closed")


def _filtered(program: Program, frames: Frames) -> Frames:
    rows = zip(frames.data, frames.lengths, strict=True)
    kept = np.array([run_filter(program, row[:length].tobytes()) for row, length in rows], np.uint16)
    chosen = kept > 0
    return Frames(frames.data[chosen], kept[chosen], frames.times_ns[chosen])


def open_pcap_ring(
    source: Path | None = None,
    target: Path | None = None,
    *,
    link: LinkType = LinkType.ETHERNET,
    program: Program | None = None,
    clock: Clock | None = None,
) -> PcapRing:
    """Receive from ``source`` (pcap or pcapng), send into ``target`` (pcap, written anew); ``link`` counts where no source tells one.

    Raises `WorldError` for files that can't be opened and `PeerError` when ``source`` is no capture.
    """
    decoder = CaptureDecoder()
    reader = _open(source, "rb") if source else None
    if reader and source:
        while decoder.link is None and decoder.failure is None and (piece := reader.read(_PIECE_BYTES)):
            decoder.feed(piece)
        if decoder.link is None:
            reader.close()
            why = decoder.failure.why if decoder.failure else "it ends before it says what it holds"
            raise PeerError("read the capture", printable(str(source)), why=why)
    kind = decoder.link or link
    try:
        writer = _open(target, "wb") if target else None
    except WorldError:
        if reader:
            reader.close()
        raise
    name = printable(str(source or target or "nothing"))
    info = LinkInfo(name, 0, b"" if kind is LinkType.RAW else bytes(6), _MOST_BYTES, kind)
    return PcapRing(info, decoder, reader=reader, writer=writer, program=program, clock=clock or SystemClock())


def _open(path: Path, mode: str) -> BinaryIO:
    try:
        return path.open(mode)  # type: ignore[return-value]  # both modes are binary
    except OSError as error:
        raise WorldError("open the capture", printable(str(path)), why=error.strerror or str(error)) from None
