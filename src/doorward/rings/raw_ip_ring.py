"""A ring whose frames begin with IP: sent through raw sockets, so that the kernel routes and frames them; heard as on any link.

For loopback and for links that have no Ethernet. On ``lo`` a frame from a packet socket reaches IPv6, but IPv4 refuses it: a packet from or
to 127.0.0.0/8 that comes in without having been routed out is a "martian" (``ip_route_input_slow`` in net/ipv4/route.c, unless
``route_localnet`` is set), and so is one from any address of this machine. A raw socket goes through the routing, as a connection does.

All rows of one call go to the kernel in one ``sendmmsg``, whose headers are NumPy arrays too: no step of Python per packet.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import os
import select
import socket
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import CallError, DoorwardBug, PermissionMissing, WorldError
from doorward.rings.af_packet import ETH_P_ALL, PACKET_IGNORE_OUTGOING, SOL_PACKET
from doorward.rings.contract import LinkInfo, RingCounters
from doorward.rings.filters import Word, compile_filter, protocol
from doorward.rings.links import read_link, read_send_drops
from doorward.rings.packet_ring import open_filtered_socket
from doorward.rings.receive_ring import ReceiveRing, ReceiveSettings
from doorward.wire.frames import Frames, LinkType

__all__ = ["RawIpRing", "join_raw_ip_ring", "open_raw_ip_ring", "open_raw_senders"]

_IPV6_HDRINCL: Final = 36  # include/uapi/linux/in6.h, Linux 4.5
_SO_BINDTODEVICE: Final = 25
_LOOPBACK: Final = "lo"
_ETHERNET_BYTES: Final = 14
_SLOTS: Final = 1024
_SLOT_BYTES: Final = 2048
_PATIENCE_S: Final = 0.0001
_TRIES: Final = 2000  # 0.2 s, as the packet ring
_FULL: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM})
_GONE: Final = frozenset({errno.ENETDOWN, errno.ENXIO, errno.ENODEV})

# struct mmsghdr of 64-bit Linux: a msghdr, and how many bytes were sent.
_MESSAGE: Final = np.dtype(
    {
        "names": ["name", "name_bytes", "parts", "part_count", "control", "control_bytes", "flags", "sent"],
        "formats": ["u8", "u4", "u8", "u8", "u8", "u8", "i4", "u4"],
        "offsets": [0, 8, 16, 24, 32, 40, 48, 56],
        "itemsize": 64,
    }
)
_PART: Final = np.dtype([("start", "u8"), ("length", "u8")])  # struct iovec
_NAME: Final = np.dtype([("family", "u2"), ("port", "u2"), ("v4_or_flow", "u4"), ("v6", "u1", (16,)), ("scope", "u4")])  # sockaddr_in, _in6
_NAME_BYTES: Final = {4: 16, 6: 28}
_FAMILIES: Final = {4: socket.AF_INET, 6: socket.AF_INET6}


class RawIpRing:
    """Made by `open_raw_ip_ring`."""

    def __init__(self, link: LinkInfo, senders: dict[int, socket.socket], receiving: ReceiveRing, header_bytes: int) -> None:
        self._link = link
        self._senders = senders
        self._receiving = receiving
        self._header_bytes = header_bytes
        self._library = ctypes.CDLL(None, use_errno=True)
        self._slots: NDArray[np.uint8] = np.zeros((_SLOTS, _SLOT_BYTES), np.uint8)
        self._reserved = 0
        self._sent = self._failures = 0
        self._drops_before = read_send_drops(link.name)
        self._closed = False
        self._gone: WorldError | None = None

    @property
    def link(self) -> LinkInfo:
        """The interface, with frames that begin with IP."""
        return self._link

    def reserve(self, count: int) -> NDArray[np.uint8]:
        """As `Ring.reserve`."""
        self._check_usable()
        self._reserved = min(count, _SLOTS)
        return self._slots[: self._reserved]

    def commit(self, lengths: NDArray[np.uint16]) -> int:
        """As `Ring.commit`."""
        if len(lengths) > self._reserved:
            raise DoorwardBug("send frames on", self._link.name, why=f"{len(lengths)} were to be sent of {self._reserved} reserved")
        self._reserved = 0
        return self.send(self._slots[: len(lengths)], lengths)

    def send(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> int:
        """As `Ring.send`; each packet goes to the destination that its own header names."""
        self._check_usable()
        count = len(lengths)
        if not count:
            return 0
        if int(lengths.min()) < 20 or int(lengths.max()) > self._link.mtu or data.shape[1] < 40:
            why = f"packets here have 20 to {self._link.mtu} bytes in rows of at least 40"
            raise CallError("send packets on", self._link.name, why=why)
        versions = data[:count, 0] >> 4
        changes = [0, *(np.flatnonzero(np.diff(versions)) + 1).tolist(), count]
        done = 0
        for first, end in itertools.pairwise(changes):
            done += self._send_run(int(versions[first]), data[first:end], lengths[first:end])
            if done < end:
                break
        return done

    def _send_run(self, version: int, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> int:
        """Send packets of one IP version; returns how many are dealt with."""
        count = len(lengths)
        if version not in self._senders:
            raise CallError("send packets on", self._link.name, why=f"one begins with the IP version {version}")
        rows = np.ascontiguousarray(data)
        names = self._names(version, rows)
        parts = np.zeros(count, _PART)
        parts["start"] = rows.ctypes.data + np.arange(count, dtype=np.uint64) * np.uint64(rows.shape[1])
        parts["length"] = lengths
        messages = np.zeros(count, _MESSAGE)
        messages["name"] = names.ctypes.data + np.arange(count, dtype=np.uint64) * np.uint64(_NAME.itemsize)
        messages["name_bytes"] = _NAME_BYTES[version]
        messages["parts"] = parts.ctypes.data + np.arange(count, dtype=np.uint64) * np.uint64(_PART.itemsize)
        messages["part_count"] = 1
        return self._push(self._senders[version].fileno(), messages)

    def _names(self, version: int, rows: NDArray[np.uint8]) -> NDArray[np.void]:
        names = np.zeros(len(rows), _NAME)
        names["family"] = _FAMILIES[version]
        if version == 4:
            names["v4_or_flow"] = np.ascontiguousarray(rows[:, 16:20]).view(np.uint32)[:, 0]  # RFC 791 §3.1
        else:
            names["v6"] = rows[:, 24:40]  # RFC 8200 §3
            names["scope"] = np.where((rows[:, 24] == 0xFE) & (rows[:, 25] & 0xC0 == 0x80), self._link.index, 0)
        return names

    def _push(self, descriptor: int, messages: NDArray[np.void]) -> int:
        """Call ``sendmmsg`` until all are dealt with or the device stays full."""
        place, tries, count = 0, 0, len(messages)
        while place < count and tries < _TRIES:
            start = ctypes.c_void_p(messages.ctypes.data + place * _MESSAGE.itemsize)
            sent = self._library.sendmmsg(descriptor, start, min(count - place, 1024), socket.MSG_DONTWAIT)
            if sent > 0:
                place += sent
                self._sent += sent
                continue
            code = ctypes.get_errno()
            if code in _GONE:
                self._gone = WorldError("send on", self._link.name, why="the interface was taken down or is gone")
                raise self._gone
            if code in _FULL:
                tries += 1
                select.select([], [], [], _PATIENCE_S)
            elif code != errno.EINTR:  # no route, forbidden, malformed: this one will never go
                place += 1
                self._failures += 1
        self._failures += count - place
        return place

    def receive(self, wait_s: float) -> Frames:
        """As `Ring.receive`."""
        self._check_usable()
        try:
            frames = self._receiving.receive(wait_s)
        except WorldError as error:
            self._gone = error
            raise
        cut = self._header_bytes
        if not cut or not len(frames):
            return frames
        return Frames(frames.data[:, cut:], frames.lengths - np.uint16(cut), frames.times_ns)

    def counters(self) -> RingCounters:
        """As `Ring.counters`."""
        if self._closed:
            raise DoorwardBug("use a ring", self._link.name, why="it is closed")
        return RingCounters(
            sent=self._sent,
            send_failures=self._failures,
            received=self._receiving.received,
            dropped_by_kernel=self._receiving.dropped(),
            link_send_drops=max(0, read_send_drops(self._link.name) - self._drops_before),
        )

    def close(self) -> None:
        """As `Ring.close`."""
        if not self._closed:
            self._closed = True
            self._receiving.close()
            for sender in self._senders.values():
                sender.close()

    def _check_usable(self) -> None:
        if self._closed:
            raise DoorwardBug("use a ring", self._link.name, why="it is closed")
        if self._gone:
            raise self._gone


def open_raw_ip_ring(name: str, words: Word, *, snap_bytes: int = 256, settings: ReceiveSettings | None = None) -> RawIpRing:
    """Open on any interface; only IP comes in, without the link's header. Raises as `open_packet_ring` does."""
    link = read_link(name)
    header_bytes = _header_bytes(link)
    only_ip = words & (protocol("ip") | protocol("ip6"))
    listener = open_filtered_socket(name, compile_filter(only_ip, link=link.type, snap_bytes=snap_bytes + header_bytes))
    try:
        senders = open_raw_senders(name)
    except WorldError:
        listener.close()
        raise
    return join_raw_ip_ring(link, listener, senders, settings)


def open_raw_senders(name: str) -> dict[int, socket.socket]:
    """Open the two sockets that take whole IP packets, by version; raises `PermissionMissing` or `WorldError`."""
    opened: dict[int, socket.socket] = {}
    try:
        for version, family in _FAMILIES.items():
            opened[version] = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)  # takes whole headers; hears nothing
            if version == 6:
                opened[version].setsockopt(socket.IPPROTO_IPV6, _IPV6_HDRINCL, 1)
            # Bound to lo, the kernel would no longer find this machine's other addresses: their routes name another device.
            if name != _LOOPBACK:
                opened[version].setsockopt(socket.SOL_SOCKET, _SO_BINDTODEVICE, os.fsencode(name))
    except OSError as error:
        for one in opened.values():
            one.close()
        if isinstance(error, PermissionError):
            raise PermissionMissing(
                "open a raw socket on",
                name,
                why="that takes CAP_NET_RAW, which this process doesn't hold",
                remedy="Run as root; or scan with whole connections, which needs no right.",
            ) from None
        raise WorldError("open a raw socket on", name, why=error.strerror or str(error)) from None
    return opened


def join_raw_ip_ring(
    link: LinkInfo, listener: socket.socket, senders: dict[int, socket.socket], settings: ReceiveSettings | None = None
) -> RawIpRing:
    """Make a ring of sockets that somebody opened; the listener is a packet socket with its filter and not bound."""
    try:
        listener.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        receiving = ReceiveRing(listener, settings or ReceiveSettings(), link.name)
        listener.bind((link.name, ETH_P_ALL))
    except OSError as error:
        for one in (listener, *senders.values()):
            one.close()
        raise WorldError("open a ring on", link.name, why=error.strerror or str(error)) from None
    raw = LinkInfo(link.name, link.index, b"", link.mtu, LinkType.RAW)
    return RawIpRing(raw, senders, receiving, _header_bytes(link))


def _header_bytes(link: LinkInfo) -> int:
    return 0 if link.type is LinkType.RAW else _ETHERNET_BYTES
