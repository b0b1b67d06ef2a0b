"""Address resolution: which hardware address belongs to an address; bytes to value and back, of any hardware and protocol.

 0               2               4       5       6               8
+---------------+---------------+-------+-------+---------------+
|   hardware    |   protocol    | hlen  | plen  |   operation   |      RFC 826
+---------------+---------------+-------+-------+---------------+
| sender hardware (hlen) | sender protocol (plen) |
+------------------------+------------------------+
| target hardware (hlen) | target protocol (plen) |
+------------------------+------------------------+
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.wire.ethernet import ETHERTYPE_IPV4
from doorward.wire.fields import need, pack, unpack

__all__ = ["HARDWARE_ETHERNET", "REPLY", "REQUEST", "Arp", "arp_request", "decode_arp", "encode_arp"]

# RFC 826; IANA, ARP Parameters.
HARDWARE_ETHERNET: Final = 1
REQUEST: Final = 1
REPLY: Final = 2

_HEAD: Final = struct.Struct("!HHBBH")


class Arp(msgspec.Struct, frozen=True, kw_only=True):
    """One packet; sender and target have hardware and protocol addresses of one length each."""

    operation: int
    sender_hardware: bytes
    sender_protocol: bytes
    target_hardware: bytes
    target_protocol: bytes
    hardware: int = HARDWARE_ETHERNET
    protocol: int = ETHERTYPE_IPV4

    @property
    def is_ipv4_over_ethernet(self) -> bool:
        """Whether it is the usual kind, so that ``sender`` and ``target`` mean something."""
        kind = (self.hardware, self.protocol, len(self.sender_hardware), len(self.sender_protocol))
        return kind == (HARDWARE_ETHERNET, ETHERTYPE_IPV4, 6, 4)

    @property
    def sender(self) -> Address | None:
        """The sender's IPv4 address; ``None`` for other protocols."""
        return Address(self.sender_protocol) if self.is_ipv4_over_ethernet else None

    @property
    def target(self) -> Address | None:
        """The IPv4 address asked for; ``None`` for other protocols."""
        return Address(self.target_protocol) if self.is_ipv4_over_ethernet else None


def arp_request(sender_mac: bytes, sender: Address, target: Address) -> Arp:
    """Return the question who has ``target``."""
    return Arp(
        operation=REQUEST,
        sender_hardware=sender_mac,
        sender_protocol=sender.packed,
        target_hardware=bytes(6),
        target_protocol=target.packed,
    )


def decode_arp(data: bytes) -> Arp:
    """Read a packet; raises `PeerError` where it is cut short. Bytes behind it (padding of the link) are left."""
    hardware, protocol, long, short, operation = unpack(_HEAD, data, "ARP packet")
    need(data, _HEAD.size + 2 * (long + short), "ARP packet")
    fields = []
    place = _HEAD.size
    for size in (long, short, long, short):
        fields.append(data[place : place + size])
        place += size
    return Arp(
        operation=operation,
        sender_hardware=fields[0],
        sender_protocol=fields[1],
        target_hardware=fields[2],
        target_protocol=fields[3],
        hardware=hardware,
        protocol=protocol,
    )


def encode_arp(packet: Arp) -> bytes:
    """Write a packet; raises `CallError` where sender's and target's addresses differ in length."""
    long, short = len(packet.sender_hardware), len(packet.sender_protocol)
    if (len(packet.target_hardware), len(packet.target_protocol)) != (long, short):
        raise CallError("write the ARP packet", why="the sender's and the target's addresses differ in length")
    head = pack(_HEAD, "ARP packet", packet.hardware, packet.protocol, long, short, packet.operation)
    return head + packet.sender_hardware + packet.sender_protocol + packet.target_hardware + packet.target_protocol
