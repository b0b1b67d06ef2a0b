"""A batch of frames as arrays, and everything a scanner or tracer asks of them as columns; knows no ring, no socket, no single packet.

One row is one frame. `decode_frames` never raises because of what the frames hold: a header that isn't there in full is flagged
``truncated`` and one that contradicts itself ``malformed``; the columns of that header and of all behind it keep their "nothing" then.
"""

from __future__ import annotations

import dataclasses
import enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.wire.columns import new_columns, part_of
from doorward.wire.layers import read_layers
from doorward.wire.rows import Rows

__all__ = ["Decoded", "Frames", "LinkType", "decode_frames"]

#: Rows read together: all that is gathered from them stays in a core's cache.
_TOGETHER: Final = 8192


class LinkType(enum.StrEnum):
    """What a frame begins with."""

    ETHERNET = "ethernet"  #: an Ethernet header, VLAN tags included
    LOOPBACK = "loopback"  #: Linux's ``lo``: an Ethernet header whose two addresses are zero
    RAW = "raw"  #: the IPv4 or IPv6 header itself (tunnels, point-to-point links); the version nibble tells which


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Frames:
    """n frames. The arrays may be views into a ring, valid until that ring's next call: decode first, keep `Decoded` (it is all copies)."""

    data: NDArray[np.uint8]  #: (n, slot): each row one frame from its first byte; what lies behind ``lengths`` is never looked at
    lengths: NDArray[np.uint16]  #: (n,) bytes of each frame held in ``data``; at most ``slot``
    times_ns: NDArray[np.int64]  #: (n,) when the kernel received it (CLOCK_REALTIME), 0 where unknown

    def __len__(self) -> int:
        return len(self.lengths)


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Decoded:
    """n frames as columns of n values, all in host order; addresses are (n, 16) in network order, IPv4 as ::ffff:a.b.c.d.

    A column that doesn't apply to a row holds 0, or -1 where 0 could be meant (signed types). Offsets count from the row's first byte.
    """

    truncated: NDArray[np.bool_]  #: the frame ends inside a header (or its options): nothing of that header and behind it is told
    malformed: NDArray[np.bool_]  #: a header contradicts itself (length, version, too many extension headers): as above
    bad_checksum: NDArray[
        np.bool_
    ]  #: only with ``verify``: of the IPv4 header, TCP, UDP, ICMP, ICMPv6 or SCTP; whole packets alone are judged
    # Link
    source_mac: NDArray[np.uint8]  #: (n, 6)
    destination_mac: NDArray[np.uint8]  #: (n, 6)
    vlan: NDArray[np.int16]  #: number of the outer VLAN, -1 without a tag
    inner_vlan: NDArray[np.int16]  #: number of the second one, -1 without
    ethertype: NDArray[np.uint16]  #: behind all tags: 0x0800 IPv4, 0x86dd IPv6, 0x0806 ARP
    # Internet
    family: NDArray[np.uint8]  #: 4, 6, or 0: neither, or its header couldn't be read
    protocol: NDArray[np.uint8]  #: the upper protocol, behind all IPv6 extension headers: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6, 132 SCTP
    source: NDArray[np.uint8]  #: (n, 16)
    destination: NDArray[np.uint8]  #: (n, 16)
    ttl: NDArray[np.uint8]  #: time to live, hop limit
    traffic_class: NDArray[np.uint8]  #: DSCP and ECN (type of service)
    ip_id: NDArray[np.uint32]  #: IPv4 identification; the 32 bits of an IPv6 fragment header
    dont_fragment: NDArray[np.bool_]  #: IPv4's DF
    more_fragments: NDArray[np.bool_]  #: a fragment, and not the last
    fragment: NDArray[np.bool_]  #: a later fragment (offset > 0): no transport header inside, none is told
    missing_bytes: NDArray[np.uint16]  #: bytes that the IP length promises and the frame doesn't hold (a short capture), payload or header
    # TCP, UDP, SCTP
    source_port: NDArray[np.uint16]  #:
    destination_port: NDArray[np.uint16]  #:
    tcp_flags: NDArray[np.uint16]  #: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128, AE 256
    sequence: NDArray[np.uint32]  #: TCP sequence number; SCTP verification tag
    acknowledgment: NDArray[np.uint32]  #:
    window: NDArray[np.uint16]  #: as on the wire, not scaled
    tcp_options: NDArray[np.uint64]  #: `hash_option_kinds` of the kinds in their order, 0 without options or where they can't be read
    mss: NDArray[np.uint16]  #: 0 without the option
    window_scale: NDArray[np.int16]  #: -1 without the option
    sack_permitted: NDArray[np.bool_]  #:
    has_timestamp: NDArray[np.bool_]  #:
    timestamp: NDArray[np.uint32]  #: the sender's own (TSval)
    timestamp_echo: NDArray[np.uint32]  #: the one it answers (TSecr)
    sctp_chunk: NDArray[np.int16]  #: type of the first chunk, -1 without
    sctp_initiate_tag: NDArray[np.uint32]  #: of an INIT or INIT ACK in the first chunk
    payload_offset: NDArray[
        np.uint16
    ]  #: where the transport's payload begins (of ICMP: behind its 8 bytes); of unread protocols: behind IP
    payload_length: NDArray[np.uint16]  #: bytes of it held in the frame, without padding of the link
    # ICMP and ICMPv6
    icmp_type: NDArray[np.int16]  #: -1 where there is no ICMP
    icmp_code: NDArray[np.int16]  #: -1 where there is no ICMP
    icmp_id: NDArray[np.uint16]  #: of echo, timestamp, information and mask messages
    icmp_sequence: NDArray[np.uint16]  #: of the same
    icmp_mtu: NDArray[np.uint32]  #: of "fragmentation needed" and "packet too big"
    # The packet that an ICMP error quotes: ours, as it was when it failed
    quoted_family: NDArray[np.uint8]  #: 4 or 6; 0 where nothing is quoted or it can't be read
    quoted_protocol: NDArray[np.uint8]  #:
    quoted_source: NDArray[np.uint8]  #: (n, 16)
    quoted_destination: NDArray[np.uint8]  #: (n, 16)
    quoted_ttl: NDArray[np.uint8]  #: what was left of it
    quoted_ip_id: NDArray[np.uint32]  #:
    quoted_source_port: NDArray[np.uint16]  #: TCP, UDP, SCTP
    quoted_destination_port: NDArray[np.uint16]  #:
    quoted_sequence: NDArray[np.uint32]  #: TCP sequence number; SCTP verification tag
    quoted_icmp_type: NDArray[np.int16]  #: -1 where no ICMP is quoted
    quoted_icmp_id: NDArray[np.uint16]  #:
    quoted_icmp_sequence: NDArray[np.uint16]  #:
    # Neighbours
    arp_operation: NDArray[np.uint16]  #: 1 request, 2 reply; 0 where there is no ARP for IPv4 over Ethernet
    arp_sender_mac: NDArray[np.uint8]  #: (n, 6)
    arp_sender: NDArray[np.uint8]  #: (n, 4)
    arp_target_mac: NDArray[np.uint8]  #: (n, 6)
    arp_target: NDArray[np.uint8]  #: (n, 4)
    nd_target: NDArray[np.uint8]  #: (n, 16) of a neighbour solicitation or advertisement (``icmp_type`` 135, 136)
    nd_mac: NDArray[np.uint8]  #: (n, 6) its link-layer address option, also of router messages; zero without
    nd_flags: NDArray[np.uint8]  #: of an advertisement: router 4, solicited 2, override 1

    def __len__(self) -> int:
        return len(self.truncated)


def decode_frames(frames: Frames, link: LinkType = LinkType.ETHERNET, *, verify: bool = False) -> Decoded:
    """Decode every frame; with ``verify`` the checksums too (frames seen on their sender's own machine often have none yet: offload)."""
    count = len(frames)
    columns = new_columns(count)
    for begin in range(0, count, _TOGETHER):
        end = min(begin + _TOGETHER, count)
        rows = Rows(frames.data[begin:end], frames.lengths[begin:end])
        read_layers(rows, part_of(columns, begin, end), raw=link is LinkType.RAW, verify=verify)
    return Decoded(**columns)
