"""An ICMP error as Linux hands it to the socket it concerns, decoded; knows bytes, no sockets.

Linux lets an unprivileged connecting socket read the ICMP message that ended it (IP_RECVERR, recvmsg with MSG_ERRQUEUE; for TCP in
SYN-SENT since Linux 5.8). So a connect scan can tell a RST from a packet filter's "port unreachable", which both arrive as ECONNREFUSED,
and can name the machine that said so. The control message (linux/errqueue.h, struct sock_extended_err), host byte order:

     0               4       5       6       7       8               12              16
    +---------------+-------+-------+-------+-------+---------------+---------------+------------------
    |     errno     | origin| type  | code  |  pad  |     info      |     data      | sockaddr of sender
    +---------------+-------+-------+-------+-------+---------------+---------------+------------------
"""

from __future__ import annotations

import enum
import struct
from typing import Final

import msgspec

from doorward.errors import PeerError
from doorward.values.addresses import Address

__all__ = ["IcmpError", "Refusal", "decode_extended_error"]


class Refusal(enum.StrEnum):
    """What an ICMP error refuses, the same words for both families."""

    NET = "net"
    HOST = "host"
    PROTOCOL = "protocol"
    PORT = "port"
    PROHIBITED = "prohibited"
    OTHER = "other"


class IcmpError(msgspec.Struct, frozen=True):
    """One ICMP (``family`` 4) or ICMPv6 (6) error; ``sender`` is who sent it, ``None`` when the kernel didn't say."""

    family: int
    type: int
    code: int
    sender: Address | None

    @property
    def refusal(self) -> Refusal:
        """What it refuses."""
        return (_V4 if self.family == 4 else _V6).get((self.type, self.code), Refusal.OTHER)


# RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1: type 3 is "destination unreachable".
_V4: Final = {
    (3, code): refusal
    for refusal, codes in {
        Refusal.NET: (0, 5, 6, 11),
        Refusal.HOST: (1, 7, 8, 12),
        Refusal.PROTOCOL: (2,),
        Refusal.PORT: (3,),
        Refusal.PROHIBITED: (9, 10, 13),
    }.items()
    for code in codes
}
# RFC 4443 §3.1 (type 1, destination unreachable) and §3.4 (type 4 code 1, next header unknown).
_V6: Final = {
    (1, 0): Refusal.NET,
    (1, 1): Refusal.PROHIBITED,
    (1, 2): Refusal.NET,
    (1, 3): Refusal.HOST,
    (1, 4): Refusal.PORT,
    (1, 5): Refusal.PROHIBITED,
    (1, 6): Refusal.NET,
    (4, 1): Refusal.PROTOCOL,
}

_HEAD: Final = struct.Struct("=IBBBBII")
_ORIGIN_ICMP: Final = 2  # linux/errqueue.h, SO_EE_ORIGIN_ICMP
_ORIGIN_ICMP6: Final = 3
_AF_INET: Final = 2  # linux/socket.h
_AF_INET6: Final = 10


def decode_extended_error(data: bytes) -> IcmpError | None:
    """Read one control message; ``None`` when it isn't about ICMP. Raises `PeerError` when it is too short."""
    if len(data) < _HEAD.size:
        raise PeerError("read the kernel's error message", why=f"it has {len(data)} bytes, and at least {_HEAD.size} are needed")
    _, origin, kind, code, _, _, _ = _HEAD.unpack_from(data)
    if origin not in (_ORIGIN_ICMP, _ORIGIN_ICMP6):
        return None
    return IcmpError(family=4 if origin == _ORIGIN_ICMP else 6, type=kind, code=code, sender=_sender(data[_HEAD.size :]))


def _sender(sockaddr: bytes) -> Address | None:
    """The address in a sockaddr_in or sockaddr_in6; anything else, or one cut short, is nobody."""
    family = int.from_bytes(sockaddr[:2], _HOST_ORDER)
    if family == _AF_INET and len(sockaddr) >= 8:
        return Address(sockaddr[4:8])
    if family == _AF_INET6 and len(sockaddr) >= 24:
        return Address(sockaddr[8:24]).unmapped
    return None


_HOST_ORDER: Final = "little" if struct.pack("=H", 1) == b"\x01\x00" else "big"
