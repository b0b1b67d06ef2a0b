"""Neighbour discovery inside ICMPv6: the five messages and their options as values; unknown options survive.

Behind type, code and checksum (RFC 4861 §4):

    router solicitation   133  | reserved (4) |                                                           | options
    router advertisement  134  | hop limit (1) | M O and others (1) | lifetime (2) | reachable (4) | retransmit (4) | options
    neighbour solicitation 135 | reserved (4) | target (16)                                               | options
    neighbour advertisement 136| R S O, reserved (4) | target (16)                                        | options
    redirect              137  | reserved (4) | target (16) | destination (16)                            | options

     0               8              16
    +---------------+---------------+---------------- - -
    |     Type      |  Length in 8s |  value                 an option; its length counts all of it
    +---------------+---------------+---------------- - -
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.fields import need, nonsense, pack, unpack
from doorward.wire.icmpv6 import Icmpv6

__all__ = [
    "NEIGHBOUR_ADVERTISEMENT",
    "NEIGHBOUR_SOLICITATION",
    "REDIRECT",
    "ROUTER_ADVERTISEMENT",
    "ROUTER_SOLICITATION",
    "SOURCE_LINK_ADDRESS",
    "TARGET_LINK_ADDRESS",
    "NdOption",
    "NeighbourAdvertisement",
    "NeighbourSolicitation",
    "PrefixInformation",
    "Redirect",
    "RouterAdvertisement",
    "RouterSolicitation",
    "decode_nd",
    "encode_nd",
    "link_address",
    "prefixes",
    "solicited_node",
]

ROUTER_SOLICITATION: Final = 133
ROUTER_ADVERTISEMENT: Final = 134
NEIGHBOUR_SOLICITATION: Final = 135
NEIGHBOUR_ADVERTISEMENT: Final = 136
REDIRECT: Final = 137

# RFC 4861 §4.6.
SOURCE_LINK_ADDRESS: Final = 1
TARGET_LINK_ADDRESS: Final = 2
_PREFIX_INFORMATION: Final = 3

_WHAT: Final = "neighbour message"
_ADVERTISED: Final = struct.Struct("!II")
_PREFIX: Final = struct.Struct("!BBIII16s")


class NdOption(msgspec.Struct, frozen=True):
    """One option; type and length excluded, ``value`` has 6, 14, 22… bytes."""

    kind: int
    value: bytes


class PrefixInformation(msgspec.Struct, frozen=True, kw_only=True):
    """What a router says of a prefix (RFC 4861 §4.6.2): whether it is on the link, and whether hosts make addresses of it."""

    prefix: Address
    length: int
    on_link: bool
    autonomous: bool
    valid_s: int
    preferred_s: int


class RouterSolicitation(msgspec.Struct, frozen=True, kw_only=True):
    """Are there routers?"""

    options: tuple[NdOption, ...] = ()
    reserved: int = 0


class RouterAdvertisement(msgspec.Struct, frozen=True, kw_only=True):
    """Here is a router; ``lifetime_s`` 0: not one to send everything to. Zero in the others: it doesn't say."""

    hop_limit: int = 0
    managed: bool = False  #: addresses come from DHCPv6
    other: bool = False  #: other settings come from DHCPv6
    lifetime_s: int = 0
    reachable_ms: int = 0
    retransmit_ms: int = 0
    options: tuple[NdOption, ...] = ()
    reserved: int = 0  #: six bits, of which later RFCs use some (preference: RFC 4191)


class NeighbourSolicitation(msgspec.Struct, frozen=True, kw_only=True):
    """Who has ``target``?"""

    target: Address
    options: tuple[NdOption, ...] = ()
    reserved: int = 0


class NeighbourAdvertisement(msgspec.Struct, frozen=True, kw_only=True):
    """I have ``target``."""

    target: Address
    router: bool = False
    solicited: bool = False
    override: bool = False
    options: tuple[NdOption, ...] = ()
    reserved: int = 0  #: 29 bits


class Redirect(msgspec.Struct, frozen=True, kw_only=True):
    """``destination`` is reached through ``target``."""

    target: Address
    destination: Address
    options: tuple[NdOption, ...] = ()
    reserved: int = 0


NeighbourMessage = RouterSolicitation | RouterAdvertisement | NeighbourSolicitation | NeighbourAdvertisement | Redirect


def solicited_node(target: Address) -> Address:
    """Return the group in which the holder of ``target`` listens (RFC 4291 §2.7.1): ff02::1:ff and its last three bytes."""
    return Address(bytes.fromhex("ff0200000000000000000001ff") + target.packed[13:])


def link_address(message: NeighbourMessage) -> bytes | None:
    """Return the Ethernet address that a message brings, in the option that is its type's; ``None`` without."""
    about_target = isinstance(message, NeighbourAdvertisement | Redirect)
    wanted = TARGET_LINK_ADDRESS if about_target else SOURCE_LINK_ADDRESS
    return next((option.value for option in message.options if option.kind == wanted and len(option.value) == 6), None)


def prefixes(message: RouterAdvertisement) -> tuple[PrefixInformation, ...]:
    """Return what a router says of its prefixes."""
    found = []
    for option in message.options:
        if option.kind == _PREFIX_INFORMATION and len(option.value) == _PREFIX.size:
            length, flags, valid, preferred, _, prefix = _PREFIX.unpack(option.value)
            on_link, autonomous = bool(flags & 0x80), bool(flags & 0x40)
            found.append(
                PrefixInformation(
                    prefix=Address(prefix),
                    length=length,
                    on_link=on_link,
                    autonomous=autonomous,
                    valid_s=valid,
                    preferred_s=preferred,
                )
            )
    return tuple(found)


def decode_nd(message: Icmpv6) -> NeighbourMessage:
    """Read what an ICMPv6 message of type 133 to 137 says; raises `PeerError` for others, and where it is cut short."""
    body, word = message.body, message.word
    match message.type:
        case 133:
            return RouterSolicitation(options=_options(body), reserved=word)
        case 134:
            reachable, retransmit = unpack(_ADVERTISED, body, _WHAT)
            flags = word >> 16 & 0xFF
            return RouterAdvertisement(
                hop_limit=word >> 24,
                managed=bool(flags & 0x80),
                other=bool(flags & 0x40),
                lifetime_s=word & 0xFFFF,
                reachable_ms=reachable,
                retransmit_ms=retransmit,
                options=_options(body[8:]),
                reserved=flags & 0x3F,
            )
        case 135:
            return NeighbourSolicitation(target=_address(body), options=_options(body[16:]), reserved=word)
        case 136:
            flags = word >> 29
            return NeighbourAdvertisement(
                target=_address(body),
                router=bool(flags & 4),
                solicited=bool(flags & 2),
                override=bool(flags & 1),
                options=_options(body[16:]),
                reserved=word & 0x1FFFFFFF,
            )
        case 137:
            target, destination = _address(body), _address(body[16:])
            return Redirect(target=target, destination=destination, options=_options(body[32:]), reserved=word)
    raise nonsense(_WHAT, f"ICMPv6 type {message.type} is none")


def encode_nd(message: NeighbourMessage) -> Icmpv6:
    """Return the ICMPv6 message that says it; raises `CallError` for a field that doesn't fit."""
    options = b"".join(_encode_option(option) for option in message.options)
    match message:
        case RouterSolicitation():
            return Icmpv6(type=133, word=message.reserved, body=options)
        case RouterAdvertisement():
            flags = message.managed << 7 | message.other << 6 | message.reserved
            word = message.hop_limit << 24 | flags << 16 | message.lifetime_s
            return Icmpv6(type=134, word=word, body=pack(_ADVERTISED, _WHAT, message.reachable_ms, message.retransmit_ms) + options)
        case NeighbourSolicitation():
            return Icmpv6(type=135, word=message.reserved, body=_packed(message.target) + options)
        case NeighbourAdvertisement():
            flags = message.router << 2 | message.solicited << 1 | message.override
            return Icmpv6(type=136, word=flags << 29 | message.reserved, body=_packed(message.target) + options)
        case Redirect():
            return Icmpv6(type=137, word=message.reserved, body=_packed(message.target) + _packed(message.destination) + options)


def _address(data: bytes) -> Address:
    need(data, 16, _WHAT)
    return Address(data[:16])


def _packed(address: Address) -> bytes:
    if address.family != 6:
        raise CallError(f"write the {_WHAT}", str(address), why="it must be an IPv6 address")
    return address.packed


def _options(data: bytes) -> tuple[NdOption, ...]:
    """Read options; a length of zero condemns the whole message (RFC 4861 §4.6)."""
    options = []
    while data:
        need(data, 2, "neighbour option")
        size = data[1] * 8
        if size == 0:
            raise nonsense("neighbour option", "its length is zero")
        need(data, size, "neighbour option")
        options.append(NdOption(data[0], data[2:size]))
        data = data[size:]
    return tuple(options)


def _encode_option(option: NdOption) -> bytes:
    size = len(option.value) + 2
    if size % 8 or not 0 < size // 8 <= 255:
        raise CallError("write the neighbour option", why=f"{len(option.value)} bytes and two more are no multiple of 8")
    return bytes((option.kind, size // 8)) + option.value
