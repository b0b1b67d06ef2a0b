"""Frames out: a ``PACKET_TX_RING`` as a table of slots; knows the kernel's layout and nothing of what a frame says.

The caller writes frames into free slots, the kernel takes all of them at one call. Two choices make it fast (WHY.md has the figures):
the queueing discipline is passed by, and a virtio header before each frame says "this much is header", which makes the kernel copy the
frame into one piece instead of lending the slot's page out. The copy is cheaper than the lending, and safe where lending is not: on
a veth pair the kernel calls a slot free while the peer still reads its page.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import select
import socket
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from doorward.errors import CallError, DoorwardBug, WorldError
from doorward.rings.af_packet import (
    PACKET_LOSS,
    PACKET_QDISC_BYPASS,
    PACKET_TX_RING,
    PACKET_VERSION,
    PACKET_VNET_HDR,
    RING_REQUEST,
    SEND_HEADER_BYTES,
    SO_SNDBUFFORCE,
    SOL_PACKET,
    TP_STATUS_AVAILABLE,
    TP_STATUS_SEND_REQUEST,
    TPACKET_V2,
    VIRTIO_HEADER_BYTES,
)

__all__ = ["SendRing", "SendSettings"]

_BLOCK_BYTES: Final = 65536
_FRAME_START: Final = SEND_HEADER_BYTES + VIRTIO_HEADER_BYTES  # 42: behind 14 of Ethernet, IP starts at a multiple of eight
_BUFFER_BYTES: Final = 16 << 20  # of frames that the device has not sent yet; without the right to it, the kernel's own limit stays
_PATIENCE_S: Final = 0.0001  # between two tries at a full device; a gigabit link sends 150 small frames in it
_LEAST_FRAME: Final = {True: 14, False: 20}  # an Ethernet header; an IPv4 one
_GONE: Final = frozenset({errno.ENETDOWN, errno.ENXIO, errno.ENODEV})
_FULL: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM})


@dataclass(frozen=True, slots=True)
class SendSettings:
    """The ring's size and patience."""

    slots: int = 2048
    slot_bytes: int = 2048  #: a power of two from 256; 42 of it are the kernel's
    send_wait_s: float = 0.2  #: how long a call may wait for a full device
    way: Literal["auto", "ring", "xdp"] = "auto"  #: through this file, or `xdp_send` (Ethernet only); auto: the latter where it can be had


class SendRing:
    """The sending half, on a packet socket; ``name`` is for messages, ``most`` and ``ethernet`` bound what a frame may be."""

    def __init__(self, packet_socket: socket.socket, settings: SendSettings, name: str, *, most: int, ethernet: bool) -> None:
        self._socket = packet_socket
        self._name = name
        self._least, self._most = _LEAST_FRAME[ethernet], min(most, settings.slot_bytes - _FRAME_START)
        self._tries = max(1, int(settings.send_wait_s / _PATIENCE_S))
        with contextlib.suppress(OSError):
            packet_socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
            packet_socket.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, _BUFFER_BYTES)
        packet_socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
        packet_socket.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        packet_socket.setsockopt(
            SOL_PACKET, PACKET_LOSS, 1
        )  # a frame that the kernel finds malformed is skipped, and doesn't block the rest
        packet_socket.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
        bytes_all = settings.slots * settings.slot_bytes
        block_bytes = min(_BLOCK_BYTES, bytes_all)
        request = RING_REQUEST.pack(block_bytes, bytes_all // block_bytes, settings.slot_bytes, settings.slots)
        packet_socket.setsockopt(SOL_PACKET, PACKET_TX_RING, request)
        self._map = mmap.mmap(packet_socket.fileno(), bytes_all)
        self._table: NDArray[np.uint8] = np.frombuffer(self._map, np.uint8).reshape(settings.slots, settings.slot_bytes)
        header = self._table[:, :SEND_HEADER_BYTES].view(np.uint32)
        self._statuses, self._lengths = header[:, 0], header[:, 1]
        self._table[:, SEND_HEADER_BYTES:_FRAME_START] = 0  # virtio_net_hdr: no offload asked for
        self._copied = self._table[:, SEND_HEADER_BYTES:_FRAME_START].view(np.uint16)[:, 1]  # its hdr_len
        self._frames = self._table[:, _FRAME_START:]
        self._head = 0
        self._reserved = 0
        self.sent = 0
        self.failures = 0

    def reserve(self, count: int) -> NDArray[np.uint8]:
        """Return up to ``count`` free slots; when none is free, wait a little for one."""
        for _ in range(self._tries):
            free = self._free(count)
            if free or not count:
                break
            self._kick()
            select.select([], [], [], _PATIENCE_S)
        self._reserved = free
        return self._frames[self._head : self._head + free]

    def _free(self, count: int) -> int:
        taken = self._statuses[self._head : self._head + count] != TP_STATUS_AVAILABLE
        return int(taken.argmax()) if taken.any() else len(taken)

    def commit(self, lengths: NDArray[np.uint16]) -> int:
        """Hand over the first slots reserved and return how many the kernel took; raises `WorldError` when the interface is gone."""
        count = len(lengths)
        if count > self._reserved:
            raise DoorwardBug("send frames on", self._name, why=f"{count} were to be sent of {self._reserved} reserved")
        self._reserved = 0
        if not count:
            return 0
        self._check(lengths)
        rows = slice(self._head, self._head + count)
        self._lengths[rows] = lengths
        self._lengths[rows] += VIRTIO_HEADER_BYTES
        self._copied[rows] = lengths
        statuses = self._statuses[rows]
        statuses[:] = TP_STATUS_SEND_REQUEST  # last: it makes the slot the kernel's
        try:
            self._push(statuses)
        finally:
            taken = self._take_back(statuses)
        return taken

    def _check(self, lengths: NDArray[np.uint16]) -> None:
        least, most = int(lengths.min()), int(lengths.max())
        if least < self._least or most > self._most:
            wrong = least if least < self._least else most
            why = f"frames here have {self._least} to {self._most} bytes, and one has {wrong}"
            raise CallError("send frames on", self._name, why=why)

    def _push(self, statuses: NDArray[np.uint32]) -> None:
        """Ask the kernel to send until it has taken all or the device stays full."""
        for _ in range(self._tries):
            self._kick()
            if not (statuses == TP_STATUS_SEND_REQUEST).any():
                return
            select.select([], [], [], _PATIENCE_S)

    def _kick(self) -> None:
        try:
            self._socket.send(b"", socket.MSG_DONTWAIT)
        except OSError as error:
            if error.errno in _FULL:
                return
            why = "the interface was taken down or is gone" if error.errno in _GONE else (error.strerror or str(error))
            raise WorldError("send on", self._name, why=why) from None

    def _take_back(self, statuses: NDArray[np.uint32]) -> int:
        """Free what the kernel left, which is always a tail, and stand where it stands."""
        left = statuses == TP_STATUS_SEND_REQUEST
        taken = int(left.argmax()) if left.any() else len(statuses)
        statuses[taken:] = TP_STATUS_AVAILABLE
        self._head = (self._head + taken) % len(self._statuses)
        self.sent += taken
        self.failures += len(statuses) - taken
        return taken

    def send(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> int:
        """Copy rows into slots and hand them over; returns how many were taken, from the first on."""
        total = len(lengths)
        if total:
            self._check(lengths)
        done = 0
        while done < total:
            slots = self.reserve(total - done)
            count = len(slots)
            if not count:
                self.failures += total - done
                break
            width = min(data.shape[1], slots.shape[1])
            slots[:, :width] = data[done : done + count, :width]
            taken = self.commit(lengths[done : done + count])
            done += taken
            if taken < count:
                self.failures += total - done - (count - taken)  # offered too, and not even tried
                break
        return done

    def close(self) -> None:
        """Let go of the memory; it is unmapped with the last view of it."""
        del self._table, self._statuses, self._lengths, self._copied, self._frames
        with contextlib.suppress(BufferError):
            self._map.close()
        self._socket.close()
