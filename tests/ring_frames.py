"""Frames for filters, each with a name, and those of them that are answers to a scan of ours."""

from __future__ import annotations

import struct

from doorward.rings.filters import answers
from doorward.values.addresses import Address

__all__ = ["FRAMES", "OURS", "PACKETS", "V4", "V4_OTHER", "V6", "V6_OTHER", "WANTED"]

V4, V4_OTHER = Address.parse("192.0.2.1"), Address.parse("192.0.2.2")
V6, V6_OTHER = Address.parse("2001:db8::1"), Address.parse("2001:db8::2")
ETHERNET = b"\2\0\0\0\0\1\2\0\0\0\0\2"


def ipv4(number: int, payload: bytes, *, source: Address = V4_OTHER, target: Address = V4, fragment: int = 0, options: int = 0) -> bytes:
    header = struct.pack("!BBHHHBBH", 0x45 + options, 0, 20 + 4 * options + len(payload), 7, fragment, 64, number, 0)
    return header + source.packed + target.packed + b"\1" * (4 * options) + payload


def ipv6(number: int, payload: bytes, *, source: Address = V6_OTHER, target: Address = V6) -> bytes:
    return struct.pack("!IHBB", 0x60000000, len(payload), number, 64) + source.packed + target.packed + payload


def upper(source: int, target: int) -> bytes:
    return struct.pack("!HH", source, target) + bytes(16)


PACKETS = {
    "tcp": ipv4(6, upper(80, 40000)),
    "tcp with options": ipv4(6, upper(80, 40000), options=3),
    "tcp first port": ipv4(6, upper(80, 39999)),
    "tcp past the range": ipv4(6, upper(80, 41000)),
    "tcp to another": ipv4(6, upper(80, 40000), target=V4_OTHER),
    "tcp later fragment": ipv4(6, upper(80, 40000), fragment=100),
    "tcp first fragment": ipv4(6, upper(80, 40000), fragment=0x2000),
    "udp": ipv4(17, upper(53, 40500)),
    "sctp": ipv4(132, upper(53, 40500)),
    "icmp": ipv4(1, b"\3\3" + bytes(30)),
    "icmp to another": ipv4(1, b"\3\3" + bytes(30), target=V4_OTHER),
    "gre": ipv4(47, bytes(30)),
    "tcp6": ipv6(6, upper(443, 40999)),
    "tcp6 to another": ipv6(6, upper(443, 40999), target=V6_OTHER),
    "udp6": ipv6(17, upper(53, 50000)),
    "icmp6": ipv6(58, b"\x88" + bytes(30)),
    "hop by hop": ipv6(0, bytes(40)),
    "destination options": ipv6(60, bytes(40)),
    "fragment header": ipv6(44, bytes(40)),
    "cut off in ports": ipv4(6, b"\0\x50\x9c"),
    "cut off in ip": ipv4(6, b"")[:15],
}
FRAMES = {name: ETHERNET + (b"\x08\0" if packet[0] >> 4 == 4 else b"\x86\xdd") + packet for name, packet in PACKETS.items()}
FRAMES |= {
    "arp": ETHERNET + b"\x08\x06" + bytes(28),
    "unknown": ETHERNET + b"\x88\xb5" + bytes(40),
    "ipv4 in name only": ETHERNET + b"\x08\0" + bytes(40),
    "short": ETHERNET + b"\x08",
    "ipv4 as ipv6": ETHERNET + b"\x86\xdd" + PACKETS["tcp"],
}
OURS = answers((V4, V6), 40000, 40999)
WANTED = {
    "tcp", "tcp with options", "tcp first fragment", "udp", "sctp", "icmp", "tcp6", "icmp6", "hop by hop", "destination options",
    "fragment header", "arp",
}  # fmt: skip
