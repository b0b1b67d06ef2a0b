"""The kernel's table of neighbours on the link, decoded; knows netlink's bytes, no sockets.

A host that doesn't exist and a host that drops every knock are both silent. On one's own link the kernel knows the difference: for the
first, nobody answers its ARP or neighbour discovery. Each message (linux/rtnetlink.h, struct ndmsg), host byte order:

     0       1       2-3     4               8       10      11      12
    +-------+-------+-------+---------------+-------+-------+-------+------------------------
    | family|  pad  |  pad  |    ifindex    | state | flags | type  | attributes (len, type, value)
    +-------+-------+-------+---------------+-------+-------+-------+------------------------
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import msgspec

from doorward.errors import PeerError
from doorward.values.addresses import Address

__all__ = ["Neighbour", "decode_neighbours", "encode_question", "is_last"]

_HEADER: Final = struct.Struct("=IHHII")  # linux/netlink.h, struct nlmsghdr: length, type, flags, sequence, port
_BODY: Final = struct.Struct("=BBHiHBB")
_ATTRIBUTE: Final = struct.Struct("=HH")
_DONE: Final = 3  # NLMSG_DONE
_ERROR: Final = 2  # NLMSG_ERROR
_NEW_NEIGHBOUR: Final = 28  # RTM_NEWNEIGH
_GET_NEIGHBOUR: Final = 30  # RTM_GETNEIGH
_REQUEST_DUMP: Final = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
_DESTINATION: Final = 1  # NDA_DST
_INCOMPLETE_OR_FAILED: Final = 0x01 | 0x20  # NUD_INCOMPLETE, NUD_FAILED (linux/neighbour.h)


class Neighbour(msgspec.Struct, frozen=True):
    """One address on a link; ``is_absent``: it has been asked for, and nobody has answered."""

    address: Address
    interface: int
    is_absent: bool


def encode_question() -> bytes:
    """The request for the whole table, both families."""
    return _HEADER.pack(_HEADER.size + _BODY.size, _GET_NEIGHBOUR, _REQUEST_DUMP, 1, 0) + _BODY.pack(0, 0, 0, 0, 0, 0, 0)


def decode_neighbours(data: bytes) -> list[Neighbour]:
    """Read the messages of one datagram; raises `PeerError` for lengths that can't be."""
    found = []
    for kind, body in _messages(data):
        if kind == _NEW_NEIGHBOUR and len(body) >= _BODY.size:
            _, _, _, interface, state, _, _ = _BODY.unpack_from(body)
            found += [
                Neighbour(Address(value), interface, bool(state & _INCOMPLETE_OR_FAILED))
                for attribute, value in _attributes(body[_BODY.size :])
                if attribute == _DESTINATION and len(value) in (4, 16)
            ]
    return found


def is_last(data: bytes) -> bool:
    """Whether this datagram ends the answer."""
    return any(kind in (_DONE, _ERROR) for kind, _ in _messages(data))


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + _HEADER.size <= len(data):
        length, kind, _, _, _ = _HEADER.unpack_from(data, place)
        if not _HEADER.size <= length <= len(data) - place:
            raise PeerError("read the kernel's neighbours", why=f"a message says it has {length} bytes, {len(data) - place} are left")
        yield kind, data[place + _HEADER.size : place + length]
        place += -(-length // 4) * 4  # NLMSG_ALIGN


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + _ATTRIBUTE.size <= len(data):
        length, kind = _ATTRIBUTE.unpack_from(data, place)
        if not _ATTRIBUTE.size <= length <= len(data) - place:
            raise PeerError("read a neighbour's attributes", why=f"one says it has {length} bytes, {len(data) - place} are left")
        yield kind & 0x3FFF, data[place + _ATTRIBUTE.size : place + length]  # the upper two bits are flags (NLA_TYPE_MASK)
        place += -(-length // 4) * 4
