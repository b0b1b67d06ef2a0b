"""Frames out through AF_XDP in copy mode: the same slots and promises as `send_ring`, another door into the kernel.

Measured 15 to 19 % faster than the ring on a veth pair (WHY.md), so it is taken where it can be had. Copy mode alone: asking a driver for
zero copy can take a queue from the kernel and reset the link, which no scan is worth.

The slots are memory of ours (UMEM). A ring of descriptors says which to send; the kernel sends at most a batch of them per call and tells
through a second ring which slots are free again, in any order. Layouts: ``include/uapi/linux/if_xdp.h``.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import select
import socket
import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import CallError, DoorwardBug, PermissionMissing, WorldError
from doorward.rings.contract import LinkInfo
from doorward.rings.send_ring import SendSettings

__all__ = ["AF_XDP", "XdpSendRing", "open_xdp_socket"]

AF_XDP: Final = 44
_SOL_XDP: Final = 283
_MMAP_OFFSETS, _TX_RING, _UMEM_REG, _FILL_RING, _COMPLETION_RING, _TX_BUDGET = 1, 3, 4, 5, 6, 9
_COPY: Final = 2  # XDP_COPY
_TX_AT, _COMPLETIONS_AT = 0x8000_0000, 0x1_8000_0000  # XDP_PGOFF_TX_RING, XDP_UMEM_PGOFF_COMPLETION_RING
_LEAST_CHUNK: Final = 2048  # XDP_UMEM_MIN_CHUNK_SIZE
_DESCRIPTOR: Final = np.dtype([("start", "u8"), ("length", "u4"), ("options", "u4")])  # struct xdp_desc
_PATIENCE_S: Final = 0.0001
_BIND_TRIES, _BIND_PATIENCE_S = 100, 0.001  # the kernel lets go of a closed socket's queue some milliseconds later
_GONE: Final = frozenset({errno.ENETDOWN, errno.ENXIO, errno.ENODEV})
_FULL: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM})


class XdpSendRing:
    """The sending half, as `SendRing` is, on an AF_XDP socket that is not bound yet."""

    def __init__(self, xdp_socket: socket.socket, settings: SendSettings, link: LinkInfo, *, most: int) -> None:
        self._socket = xdp_socket
        self._name = link.name
        self._width = max(settings.slot_bytes, _LEAST_CHUNK)
        self._least, self._most = 14, min(most, self._width)
        self._tries = max(1, int(settings.send_wait_s / _PATIENCE_S))
        count = settings.slots
        self._memory = mmap.mmap(-1, count * self._width)
        self._frames: NDArray[np.uint8] = np.frombuffer(self._memory, np.uint8).reshape(count, self._width)
        registration = struct.pack("=QQIIII", self._frames.ctypes.data, count * self._width, self._width, 0, 0, 0)
        xdp_socket.setsockopt(_SOL_XDP, _UMEM_REG, registration)
        for ring in (_FILL_RING, _COMPLETION_RING, _TX_RING):
            xdp_socket.setsockopt(_SOL_XDP, ring, count)
        with contextlib.suppress(OSError):
            xdp_socket.setsockopt(_SOL_XDP, _TX_BUDGET, count)  # Linux 6.17; before, 32 frames per call
        # struct xdp_mmap_offsets: producer, consumer, descriptors, flags of rx, tx, fill, completion
        offsets = struct.unpack("=16Q", xdp_socket.getsockopt(_SOL_XDP, _MMAP_OFFSETS, 128))
        self._tx_map = mmap.mmap(xdp_socket.fileno(), offsets[6] + count * _DESCRIPTOR.itemsize, offset=_TX_AT)
        self._done_map = mmap.mmap(xdp_socket.fileno(), offsets[14] + count * 8, offset=_COMPLETIONS_AT)
        self._produced, self._consumed = (np.frombuffer(self._tx_map, np.uint32, 1, place) for place in offsets[4:6])
        self._descriptors = np.frombuffer(self._tx_map, _DESCRIPTOR, count, offsets[6])
        self._finished, self._reaped = (np.frombuffer(self._done_map, np.uint32, 1, place) for place in offsets[12:14])
        self._completions = np.frombuffer(self._done_map, np.uint64, count, offsets[14])
        self._bind(link.index)
        self._busy = np.zeros(count, np.bool_)
        self._head = 0
        self._reserved = self._refused = 0
        self.sent = 0
        self.failures = 0

    def _bind(self, index: int) -> None:
        address = struct.pack("=HHIII", AF_XDP, _COPY, index, 0, 0)  # struct sockaddr_xdp, which Python can't write: queue 0
        library = ctypes.CDLL(None, use_errno=True)
        buffer = ctypes.create_string_buffer(address, len(address))
        for _ in range(_BIND_TRIES):
            if not library.bind(self._socket.fileno(), buffer, len(address)):
                return
            if ctypes.get_errno() != errno.EBUSY:
                break
            select.select([], [], [], _BIND_PATIENCE_S)
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))

    def reserve(self, count: int) -> NDArray[np.uint8]:
        """As `SendRing.reserve`."""
        free = 0
        for _ in range(self._tries):
            self._reap()
            busy = self._busy[self._head : self._head + count]
            free = int(busy.argmax()) if busy.any() else len(busy)
            if free or not count:
                break
            self._kick()
            select.select([], [], [], _PATIENCE_S)
        self._reserved = free
        return self._frames[self._head : self._head + free]

    def _reap(self) -> None:
        """Take back the slots whose frames are out."""
        first, last = int(self._reaped[0]), int(self._finished[0])
        count = (last - first) & 0xFFFFFFFF
        if count:
            places = (first + np.arange(count)) % len(self._completions)
            self._busy[self._completions[places] // self._width] = False
            self._reaped[0] = last

    def commit(self, lengths: NDArray[np.uint16]) -> int:
        """As `SendRing.commit`."""
        count = len(lengths)
        if count > self._reserved:
            raise DoorwardBug("send frames on", self._name, why=f"{count} were to be sent of {self._reserved} reserved")
        self._reserved = 0
        if not count:
            return 0
        self._check(lengths)
        first = int(self._produced[0])
        slots = np.arange(self._head, self._head + count)
        places = (first + np.arange(count)) % len(self._descriptors)
        self._descriptors["start"][places] = slots * self._width
        self._descriptors["length"][places] = lengths
        self._busy[slots] = True
        self._produced[0] = (first + count) & 0xFFFFFFFF
        try:
            self._push()
        finally:
            left = (int(self._produced[0]) - int(self._consumed[0])) & 0xFFFFFFFF
            taken = count - left
            self._produced[0] = self._consumed[0]  # the kernel reads it in our own calls only, so what it left is ours again
            self._busy[slots[taken:]] = False
            self._head = (self._head + taken) % len(self._busy)
            self.sent += taken - self._refused
            self.failures += left + self._refused
            self._refused = 0
        return taken

    def _check(self, lengths: NDArray[np.uint16]) -> None:
        least, most = int(lengths.min()), int(lengths.max())
        if least < self._least or most > self._most:
            why = f"frames here have {self._least} to {self._most} bytes, and one has {least if least < self._least else most}"
            raise CallError("send frames on", self._name, why=why)

    def _push(self) -> None:
        tries = 0
        while tries < self._tries:
            before = int(self._consumed[0])
            self._kick()
            if self._consumed[0] == self._produced[0]:
                return
            if int(self._consumed[0]) == before:
                tries += 1
                self._reap()  # a full completion ring holds the sending up
                select.select([], [], [], _PATIENCE_S)

    def _kick(self) -> None:
        try:
            self._socket.send(b"", socket.MSG_DONTWAIT)
        except OSError as error:
            if error.errno in _FULL:
                return
            if error.errno == errno.EBUSY:  # the device dropped the last frame taken (no carrier): net/xdp/xsk.c, NET_XMIT_DROP
                self._refused += 1
                return
            why = "the interface was taken down or is gone" if error.errno in _GONE else (error.strerror or str(error))
            raise WorldError("send on", self._name, why=why) from None

    def send(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> int:
        """As `SendRing.send`."""
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
        self._socket.close()
        del self._frames, self._descriptors, self._completions, self._produced, self._consumed, self._finished, self._reaped
        for memory in (self._tx_map, self._done_map, self._memory):
            with contextlib.suppress(BufferError):
                memory.close()


def open_xdp_socket(name: str) -> socket.socket:
    """Open an AF_XDP socket; raises `PermissionMissing` or `WorldError`, also where the kernel has none."""
    try:
        return socket.socket(AF_XDP, socket.SOCK_RAW, 0)
    except PermissionError:
        raise PermissionMissing("open an AF_XDP socket on", name, why="that takes CAP_NET_RAW", remedy="Send through the ring.") from None
    except OSError as error:
        raise WorldError("open an AF_XDP socket on", name, why=error.strerror or str(error), remedy="Send through the ring.") from None
