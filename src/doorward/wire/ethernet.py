"""The Ethernet header with up to two VLAN tags: bytes to value and back; knows nothing of what it carries.

 0               6               12      14
+---------------+---------------+-------+------- - -
|  destination  |    source     | type  | payload         IEEE 802.3
+---------------+---------------+-------+------- - -

A tag stands before the type:    +-------+---+-+------------+
                                 | 0x8100| P |D|   number   |      IEEE 802.1Q; P priority, D may be dropped first
                                 +-------+---+-+------------+
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.wire.fields import need, pack

__all__ = [
    "BROADCAST",
    "ETHERTYPE_ARP",
    "ETHERTYPE_IPV4",
    "ETHERTYPE_IPV6",
    "MOST_TAGS",
    "TAG_PROTOCOLS",
    "Ethernet",
    "VlanTag",
    "decode_ethernet",
    "encode_ethernet",
]

# IANA, IEEE 802 Numbers.
ETHERTYPE_IPV4: Final = 0x0800
ETHERTYPE_ARP: Final = 0x0806
ETHERTYPE_IPV6: Final = 0x86DD

#: Types that announce a tag: IEEE 802.1Q, 802.1ad (provider's outer tag), and the 0x9100 that came before the latter.
TAG_PROTOCOLS: Final = (0x8100, 0x88A8, 0x9100)
MOST_TAGS: Final = 2  # IEEE 802.1ad: a provider's and a customer's

BROADCAST: Final = b"\xff" * 6

_ADDRESSES: Final = struct.Struct("!6s6s")
_HALF: Final = struct.Struct("!H")
_TAG: Final = struct.Struct("!HH")


class VlanTag(msgspec.Struct, frozen=True):
    """One tag: ``number`` 0 to 4095 (0: priority only)."""

    number: int
    priority: int = 0
    drop_eligible: bool = False
    protocol: int = 0x8100


class Ethernet(msgspec.Struct, frozen=True, kw_only=True):
    """One frame, without its check sequence, which the hardware keeps to itself."""

    destination: bytes
    source: bytes
    ethertype: int  #: behind the tags; below 0x0600 it is the length of an 802.2 frame
    vlans: tuple[VlanTag, ...] = ()  #: outer first
    payload: bytes = b""


def decode_ethernet(data: bytes) -> Ethernet:
    """Read a frame; raises `PeerError` where it ends before its type."""
    need(data, 14, "Ethernet header")
    destination, source = _ADDRESSES.unpack_from(data)
    (ethertype,) = _HALF.unpack_from(data, 12)
    place = 14
    tags: list[VlanTag] = []
    while ethertype in TAG_PROTOCOLS and len(tags) < MOST_TAGS:
        need(data, place + 4, "VLAN tag")
        control, following = _TAG.unpack_from(data, place)
        tags.append(VlanTag(control & 0x0FFF, control >> 13, bool(control & 0x1000), ethertype))
        ethertype = following
        place += 4
    return Ethernet(destination=destination, source=source, ethertype=ethertype, vlans=tuple(tags), payload=data[place:])


def encode_ethernet(frame: Ethernet) -> bytes:
    """Write a frame, not padded; raises `CallError` for a field that doesn't fit."""
    if len(frame.vlans) > MOST_TAGS:
        raise CallError("write the Ethernet header", why=f"it has {len(frame.vlans)} VLAN tags, and at most {MOST_TAGS} are understood")
    tags = b"".join(_encode_tag(tag) for tag in frame.vlans)
    ends = pack(_ADDRESSES, "Ethernet header", frame.destination, frame.source)
    return ends + tags + pack(_HALF, "Ethernet header", frame.ethertype) + frame.payload


def _encode_tag(tag: VlanTag) -> bytes:
    if not (0 <= tag.number <= 4095 and 0 <= tag.priority <= 7):
        raise CallError("write the VLAN tag", f"{tag.number}", why="a VLAN has a number of 12 bits and a priority of 3")
    return pack(_TAG, "VLAN tag", tag.protocol, tag.priority << 13 | tag.drop_eligible << 12 | tag.number)
