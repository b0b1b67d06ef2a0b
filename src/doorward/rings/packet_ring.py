"""A ring on a Linux interface: opened with CAP_NET_RAW, used without; joins the sending and the receiving half behind the contract.

Two sockets, because one can't wish for a virtio header on what it sends and none on what it hears. The one that sends is bound to no
protocol and so hears nothing. The one that hears gets its filter, locked, before it is bound: not one frame comes unasked.
"""

from __future__ import annotations

import ctypes
import errno
import socket
import struct
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import DoorwardBug, PermissionMissing, WorldError
from doorward.rings.af_packet import ETH_P_ALL, PACKET_IGNORE_OUTGOING, SO_ATTACH_FILTER, SO_LOCK_FILTER, SOL_PACKET
from doorward.rings.contract import LinkInfo, RingCounters
from doorward.rings.filters import Program, Word, compile_filter, encode_program
from doorward.rings.links import read_link, read_send_drops
from doorward.rings.receive_ring import ReceiveRing, ReceiveSettings
from doorward.rings.send_ring import SendRing, SendSettings
from doorward.rings.xdp_send import AF_XDP, XdpSendRing, open_xdp_socket
from doorward.wire.frames import Frames, LinkType

__all__ = ["PacketRing", "RingSettings", "attach_filter", "open_filtered_socket", "open_packet_ring", "open_packet_socket"]

_HEADERS: Final = {LinkType.ETHERNET: 22, LinkType.LOOPBACK: 14, LinkType.RAW: 0}  # Ethernet with room for two VLAN tags
_VERSION_HINT: Final = "Linux 4.20 or newer is needed."


@dataclass(frozen=True, slots=True)
class RingSettings:
    """How big both halves are."""

    sending: SendSettings = field(default_factory=SendSettings)
    receiving: ReceiveSettings = field(default_factory=ReceiveSettings)


class PacketRing:
    """Both halves of one interface, on sockets that somebody opened; the listening one has its filter and neither is bound.

    The sender is a packet socket or an AF_XDP socket.
    """

    def __init__(self, link: LinkInfo, sender: socket.socket, listener: socket.socket, settings: RingSettings | None = None) -> None:
        settings = settings or RingSettings()
        self._link = link
        most = link.mtu + _HEADERS[link.type]
        ethernet = link.type is not LinkType.RAW
        try:
            self._sending: SendRing | XdpSendRing
            if sender.family == AF_XDP:
                self._sending = XdpSendRing(sender, settings.sending, link, most=most)
            else:
                self._sending = SendRing(sender, settings.sending, link.name, most=most, ethernet=ethernet)
                sender.bind((link.name, 0))
            listener.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
            self._receiving = ReceiveRing(listener, settings.receiving, link.name)
            listener.bind((link.name, ETH_P_ALL))
        except OSError as error:
            sender.close()
            listener.close()
            hint = _VERSION_HINT if error.errno == errno.ENOPROTOOPT else ""
            raise WorldError("open a ring on", link.name, why=error.strerror or str(error), remedy=hint) from None
        self._drops_before = read_send_drops(link.name)
        self._closed = False
        self._gone: WorldError | None = None

    @property
    def link(self) -> LinkInfo:
        """The interface as it was when the ring was opened."""
        return self._link

    @property
    def way(self) -> str:
        """How frames go out: ``ring`` or ``xdp``."""
        return "xdp" if isinstance(self._sending, XdpSendRing) else "ring"

    def send(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> int:
        """As `Ring.send`."""
        self._check_usable()
        try:
            return self._sending.send(data, lengths)
        except WorldError as error:
            self._gone = error
            raise

    def reserve(self, count: int) -> NDArray[np.uint8]:
        """As `Ring.reserve`."""
        self._check_usable()
        return self._sending.reserve(count)

    def commit(self, lengths: NDArray[np.uint16]) -> int:
        """As `Ring.commit`."""
        self._check_usable()
        try:
            return self._sending.commit(lengths)
        except WorldError as error:
            self._gone = error
            raise

    def receive(self, wait_s: float) -> Frames:
        """As `Ring.receive`."""
        self._check_usable()
        try:
            return self._receiving.receive(wait_s)
        except WorldError as error:
            self._gone = error
            raise

    def counters(self) -> RingCounters:
        """As `Ring.counters`; the last reading stays readable after the interface is gone."""
        if self._closed:
            raise DoorwardBug("use a ring", self._link.name, why="it is closed")
        return RingCounters(
            sent=self._sending.sent,
            send_failures=self._sending.failures,
            received=self._receiving.received,
            dropped_by_kernel=self._receiving.dropped(),
            link_send_drops=max(0, read_send_drops(self._link.name) - self._drops_before),
        )

    def close(self) -> None:
        """As `Ring.close`."""
        if not self._closed:
            self._closed = True
            self._sending.close()
            self._receiving.close()

    def _check_usable(self) -> None:
        if self._closed:
            raise DoorwardBug("use a ring", self._link.name, why="it is closed")
        if self._gone:
            raise self._gone


def open_packet_ring(name: str, words: Word, *, snap_bytes: int = 256, settings: RingSettings | None = None) -> PacketRing:
    """Open a ring on the interface ``name`` that hears what ``words`` let through, up to ``snap_bytes`` of each frame.

    Raises `PermissionMissing` without CAP_NET_RAW, and `WorldError` when there is no such interface.
    """
    link = read_link(name)
    settings = settings or RingSettings()
    program = compile_filter(words, link=link.type, snap_bytes=snap_bytes)
    way = settings.sending.way
    if way == "xdp" or (way == "auto" and link.type is LinkType.ETHERNET):
        try:
            return PacketRing(link, open_xdp_socket(name), open_filtered_socket(name, program), settings)
        except WorldError:  # an old kernel, a queue that somebody has, too little memory that may be locked
            if way == "xdp":
                raise
    return PacketRing(link, open_packet_socket(name), open_filtered_socket(name, program), settings)


def open_filtered_socket(name: str, program: Program) -> socket.socket:
    """Open a packet socket with its filter, locked; it hears nothing until it is bound."""
    listener = open_packet_socket(name)
    try:
        attach_filter(listener, program)
    except OSError as error:
        listener.close()
        raise WorldError("filter frames on", name, why=error.strerror or str(error)) from None
    return listener


def open_packet_socket(name: str) -> socket.socket:
    """Open a packet socket that hears nothing yet; ``name`` is for the message."""
    try:
        return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except PermissionError:
        raise PermissionMissing(
            "open a packet socket on",
            name,
            why="that takes CAP_NET_RAW, which this process doesn't hold",
            remedy="Run as root, or start the helper that opens them for you (docs/raw-sockets.md).",
        ) from None
    except OSError as error:
        raise WorldError("open a packet socket on", name, why=error.strerror or str(error)) from None


def attach_filter(packet_socket: socket.socket, program: Program) -> None:
    """Give a socket its filter for good: the lock can't be taken off again, whoever holds the socket."""
    code = encode_program(program)
    buffer = ctypes.create_string_buffer(code, len(code))  # the kernel copies it during the call
    packet_socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", len(program), ctypes.addressof(buffer)))
    packet_socket.setsockopt(socket.SOL_SOCKET, SO_LOCK_FILTER, 1)
