"""What the kernel says of an interface: number, address, size, kind, and how much it dropped; changes nothing and needs no right."""

from __future__ import annotations

import errno
import fcntl
import ipaddress
import socket
import struct
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]  # ships no types

from doorward.errors import WorldError
from doorward.rings.af_packet import ARPHRD_ETHER, ARPHRD_LOOPBACK, ARPHRD_RAW_KINDS
from doorward.rings.contract import LinkInfo
from doorward.values.printable import printable
from doorward.wire.frames import LinkType

__all__ = ["read_addresses", "read_link", "read_send_drops"]

# include/uapi/linux/sockios.h; each takes a struct ifreq: 16 bytes of name, then a union.
_SIOCGIFFLAGS: Final = 0x8913
_SIOCGIFMTU: Final = 0x8921
_SIOCGIFHWADDR: Final = 0x8927
_SIOCGIFINDEX: Final = 0x8933
_IFREQ: Final = struct.Struct("=16s24s")
_NAME_BYTES: Final = 15  # IFNAMSIZ less its zero
_IFF_UP: Final = 1

_COUNTERS: Final = Path("/proc/thread-self/net/dev")


def read_link(name: str) -> LinkInfo:
    """Read an interface of this network namespace; raises `WorldError` when there is none, it is down, or of a kind we can't speak on."""
    encoded = name.encode("utf-8", "surrogateescape")
    if not encoded or len(encoded) > _NAME_BYTES or b"\0" in encoded:
        raise WorldError("use the interface", printable(name, 40), why="no interface can have this name")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            index, mtu, flags = (_ask_number(asker, what, encoded) for what in (_SIOCGIFINDEX, _SIOCGIFMTU, _SIOCGIFFLAGS))
            kind, mac = struct.unpack_from("=H6s", _ask(asker, _SIOCGIFHWADDR, encoded))
    except OSError as error:
        why = "there is no such interface" if error.errno == errno.ENODEV else (error.strerror or str(error))
        raise WorldError("use the interface", printable(name), why=why, remedy="`ip link` lists them.") from None
    if not flags & _IFF_UP:
        raise WorldError("use the interface", printable(name), why="it is down", remedy=f"Set it up: ip link set {printable(name)} up")
    link = _link_type(kind)
    if link is None:
        raise WorldError("use the interface", printable(name), why=f"its frames are of a kind (ARPHRD {kind}) that Doorward can't read")
    return LinkInfo(name, index, mac if link is LinkType.ETHERNET else b"", mtu, link)


def _link_type(kind: int) -> LinkType | None:
    if kind == ARPHRD_ETHER:
        return LinkType.ETHERNET
    if kind == ARPHRD_LOOPBACK:
        return LinkType.LOOPBACK
    return LinkType.RAW if kind in ARPHRD_RAW_KINDS else None


def _ask(asker: socket.socket, what: int, name: bytes) -> bytes:
    return fcntl.ioctl(asker, what, _IFREQ.pack(name, b""))[16:]


def _ask_number(asker: socket.socket, what: int, name: bytes) -> int:
    answer = _ask(asker, what, name)
    number: int = struct.unpack_from("=H" if what == _SIOCGIFFLAGS else "=i", answer)[0]
    return number


def read_addresses(name: str) -> frozenset[bytes]:
    """Return the addresses of an interface, packed; empty when it has none or isn't there."""
    found = set()
    for one in psutil.net_if_addrs().get(name, []):
        if one.family in (socket.AF_INET, socket.AF_INET6):
            found.add(ipaddress.ip_address(one.address.partition("%")[0]).packed)
    return frozenset(found)


def read_send_drops(name: str) -> int:
    """Return how many frames the interface has dropped on their way out since it was made; 0 where that can't be known."""
    try:
        for line in _COUNTERS.read_text(errors="replace").splitlines():
            label, mark, numbers = line.rpartition(":")
            if mark and label.strip() == name:
                return int(numbers.split()[11])  # receive: 8 columns; transmit: bytes, packets, errors, drops
    except (OSError, ValueError, IndexError):
        pass
    return 0
