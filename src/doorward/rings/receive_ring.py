"""Frames in: a ``PACKET_RX_RING`` of blocks (TPACKET_V3) read as arrays; knows the kernel's layout and nothing of what a frame says.

The kernel fills a block and hands it over when it is full or `block_timeout_ms` old. A block of one kind of answer is handed on as it
stands, as a view; several blocks, or frames of different sizes, are gathered into one array first, eight bytes at a time, so that the
caller decodes thousands of rows at once and not a few hundred.

Many small blocks, not few large ones: with an answer now and then every block is handed over nearly empty, and the time that we may be
busy elsewhere before the kernel drops is blocks x timeout (64 x 2 ms), whatever the bytes.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import select
import socket
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from doorward.errors import WorldError
from doorward.rings.af_packet import (
    PACKET_RESERVE,
    PACKET_RX_RING,
    PACKET_STATISTICS,
    PACKET_VERSION,
    RING_REQUEST_V3,
    SOL_PACKET,
    STATISTICS_V3,
    TP_STATUS_USER,
    TP_STATUS_VLAN_TPID_VALID,
    TP_STATUS_VLAN_VALID,
    TPACKET_V3,
)
from doorward.rings.block_walk import FRAMES_WORD, STATUS_WORD, locate_frames
from doorward.wire.frames import Frames

__all__ = ["NO_FRAMES", "ReceiveRing", "ReceiveSettings"]

#: Room that moves an Ethernet frame's first byte to a multiple of eight: headers 68 + 16, rounded to 96, less 14, plus 6.
_RESERVE_BYTES: Final = 6
_LEAST_SLOT: Final = 2048  # tp_frame_size has no meaning for blocks but must divide them
#: Frames gathered by one call at most, so that its answer stays some megabytes.
_BATCH_FRAMES: Final = 16384

NO_FRAMES: Final = Frames(np.zeros((0, 0), np.uint8), np.zeros(0, np.uint16), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class ReceiveSettings:
    """The ring's size; 16 MiB take 0.1 s of a million answers a second."""

    blocks: int = 64
    block_bytes: int = 262144  #: a power of two, at least a page
    block_timeout_ms: int = 2


class ReceiveRing:
    """The receiving half, on a packet socket that is not bound yet; ``name`` is for messages."""

    def __init__(self, packet_socket: socket.socket, settings: ReceiveSettings, name: str) -> None:
        self._socket = packet_socket
        self._name = name
        packet_socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V3)
        packet_socket.setsockopt(SOL_PACKET, PACKET_RESERVE, _RESERVE_BYTES)
        bytes_all = settings.blocks * settings.block_bytes
        slots = bytes_all // _LEAST_SLOT
        request = RING_REQUEST_V3.pack(settings.block_bytes, settings.blocks, _LEAST_SLOT, slots, settings.block_timeout_ms, 0, 0)
        packet_socket.setsockopt(SOL_PACKET, PACKET_RX_RING, request)
        self._map = mmap.mmap(packet_socket.fileno(), bytes_all)
        self._bytes: NDArray[np.uint8] = np.frombuffer(self._map, np.uint8)
        self._words = self._bytes.view(np.uint32)
        self._longs = self._bytes.view(np.uint64)
        self._blocks = self._words.reshape(settings.blocks, -1)
        self._statuses = self._blocks[:, STATUS_WORD]
        self._next = 0
        self._held: list[int] = []
        self._poll = select.poll()
        self._poll.register(packet_socket, select.POLLIN | select.POLLERR)
        self.received = 0
        self._dropped = 0

    def receive(self, wait_s: float) -> Frames:
        """Return what has come, or after ``wait_s`` what is there then; raises `WorldError` when the interface is gone."""
        self._give_back()
        if not self._statuses[self._next] & TP_STATUS_USER:
            self._wait(wait_s)
        places = self._take()
        if not places:
            return NO_FRAMES
        frames = self._view(places[0]) if len(places) == 1 else self._gather(np.concatenate(places))
        self.received += len(frames)
        return frames

    def _wait(self, wait_s: float) -> None:
        for _, events in self._poll.poll(max(0.0, wait_s * 1000)):
            if events & (select.POLLERR | select.POLLNVAL):
                code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code == errno.ENETDOWN:
                    raise WorldError("receive from", self._name, why="the interface was taken down or is gone")
                if code:
                    raise WorldError("receive from", self._name, why=errno.errorcode.get(code, str(code)))

    def _take(self) -> list[NDArray[np.int64]]:
        """Take the blocks that are ready; returns where their frames begin, in words of the whole ring."""
        places: list[NDArray[np.int64]] = []
        count = 0
        while count < _BATCH_FRAMES and len(self._held) < len(self._blocks):
            number = self._next
            if not self._statuses[number] & TP_STATUS_USER:
                break
            block = self._blocks[number]
            found = locate_frames(block) + number * len(block)
            self._held.append(number)
            self._next = (number + 1) % len(self._blocks)
            count += int(block[FRAMES_WORD])
            if len(found):
                places.append(found)
        return places

    def _view(self, places: NDArray[np.int64]) -> Frames:
        """Frames of one block: in place when they stand at equal distances and none has lost a tag."""
        steps = np.diff(places)
        flags = self._words[places + 5]
        if (len(steps) and bool((steps != steps[0]).any())) or bool((flags & TP_STATUS_VLAN_VALID).any()):
            return self._gather(places)
        caught = self._words[places + 3]
        start = (int(places[0]) << 2) + self._start_of(places)
        stride = int(steps[0]) << 2 if len(steps) else 0
        data = as_strided(self._bytes[start:], (len(places), int(caught.max())), (stride, 1))
        return Frames(data, caught.astype(np.uint16), self._times(places))

    def _gather(self, places: NDArray[np.int64]) -> Frames:
        """Copy frames of any places and sizes into one array, and give their blocks back at once."""
        caught = self._words[places + 3]
        flags = self._words[places + 5]
        tagged = np.flatnonzero(flags & TP_STATUS_VLAN_VALID)
        width = int(caught.max()) + (4 if len(tagged) else 0)
        byte_places = (places << 2) + self._start_of(places)
        if int(byte_places[0]) & 7:  # a link whose header is not Ethernet's
            columns = np.arange(width)
            data = self._bytes.take(byte_places[:, None] + columns, mode="clip")
        else:
            columns = np.arange((width + 7) >> 3)
            data = self._longs.take((byte_places >> 3)[:, None] + columns, mode="clip").view(np.uint8)
        lengths = caught.astype(np.uint16)
        times = self._times(places)
        if len(tagged):
            self._put_tags_back(data, lengths, tagged, places[tagged], flags[tagged])
        self._give_back()
        return Frames(data, lengths, times)

    def _start_of(self, places: NDArray[np.int64]) -> int:
        """``tp_mac``: where a frame begins behind its header; the same for all frames of a link."""
        return int(self._words[places[0] + 6]) & 0xFFFF

    def _times(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._words[places + 1] * np.int64(1_000_000_000) + self._words[places + 2]

    def _put_tags_back(
        self,
        data: NDArray[np.uint8],
        lengths: NDArray[np.uint16],
        rows: NDArray[np.int64],
        places: NDArray[np.int64],
        flags: NDArray[np.uint32],
    ) -> None:
        """Write the VLAN tags, which the kernel took off, between addresses and EtherType (IEEE 802.1Q)."""
        tags = np.empty((len(rows), 2), ">u2")
        tags[:, 0] = np.where(flags & TP_STATUS_VLAN_TPID_VALID, self._words[places + 9] & 0xFFFF, 0x8100)
        tags[:, 1] = self._words[places + 8]
        data[rows, 16:] = data[rows, 12:-4]
        data[rows, 12:16] = tags.view(np.uint8)
        lengths[rows] += 4

    def _give_back(self) -> None:
        """Hand the held blocks to the kernel; views into them end here."""
        for number in self._held:
            self._statuses[number] = 0
        self._held.clear()

    def dropped(self) -> int:
        """Return how many frames found the ring full since it was opened (the kernel counts from its last reading)."""
        with contextlib.suppress(OSError):
            _, drops, _ = STATISTICS_V3.unpack(self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, STATISTICS_V3.size))
            self._dropped += drops
        return self._dropped

    def close(self) -> None:
        """Let go of the memory; it is unmapped with the last view of it."""
        del self._bytes, self._words, self._longs, self._blocks, self._statuses
        self._held.clear()
        with contextlib.suppress(BufferError):
            self._map.close()
        self._socket.close()
