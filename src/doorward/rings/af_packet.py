"""Linux's names for packet sockets: option numbers and layouts of the two rings; opens nothing.

Sources: ``include/uapi/linux/if_packet.h``, ``if_arp.h``, ``asm-generic/socket.h``, Documentation/networking/packet_mmap.rst.

A sending slot (TPACKET_V2; we ask for the virtio header, see `send_ring`)::

    0        4        8        12   14   16    20     24      26       32            42
    +--------+--------+--------+----+----+-----+------+-------+--------+-------------+-------------
    | status | length | caught | mac| net| sec | nsec | vlan  | (room) | virtio      | frame ...
    +--------+--------+--------+----+----+-----+------+-------+--------+-------------+-------------

A received block (TPACKET_V3) starts with 48 bytes: version, offset to private area, **status** (8), **frames** (12), **first** (16),
used bytes (20), … and each frame in it with 48 bytes more::

    0       4     8      12       16     20       24    26    28       32     36     38     48
    +-------+-----+------+--------+------+--------+-----+-----+--------+------+------+------+-------------
    | next  | sec | nsec | caught | wire | status | mac | net | rxhash | vlan | tpid | room | sender, frame at "mac"
    +-------+-----+------+--------+------+--------+-----+-----+--------+------+------+------+-------------
"""

from __future__ import annotations

import struct
from typing import Final

__all__: list[str] = []

SOL_PACKET: Final = 263
PACKET_RX_RING: Final = 5
PACKET_STATISTICS: Final = 6
PACKET_RESERVE: Final = 12
PACKET_VERSION: Final = 10
PACKET_TX_RING: Final = 13
PACKET_LOSS: Final = 14
PACKET_VNET_HDR: Final = 15
PACKET_QDISC_BYPASS: Final = 20
PACKET_IGNORE_OUTGOING: Final = 23  # Linux 4.20

ETH_P_ALL: Final = 0x0003
SO_ATTACH_FILTER: Final = 26
SO_LOCK_FILTER: Final = 44
SO_SNDBUFFORCE: Final = 32
SO_RCVBUFFORCE: Final = 33

TPACKET_V2: Final = 1
TPACKET_V3: Final = 2

TP_STATUS_AVAILABLE: Final = 0
TP_STATUS_SEND_REQUEST: Final = 1
TP_STATUS_USER: Final = 1
TP_STATUS_VLAN_VALID: Final = 1 << 4
TP_STATUS_VLAN_TPID_VALID: Final = 1 << 6

#: Bytes of a sending slot before the data: TPACKET2_HDRLEN less its ``sockaddr_ll``.
SEND_HEADER_BYTES: Final = 32
VIRTIO_HEADER_BYTES: Final = 10  # struct virtio_net_hdr

RING_REQUEST: Final = struct.Struct("=4I")  # tpacket_req: block bytes, blocks, slot bytes, slots
RING_REQUEST_V3: Final = struct.Struct("=7I")  # tpacket_req3: … block timeout in ms, private bytes, features
STATISTICS_V3: Final = struct.Struct("=3I")  # packets, drops, freezes; the kernel sets them to zero at every reading

#: What an interface is (``ARPHRD_*``), as `links` reads it.
ARPHRD_ETHER: Final = 1
ARPHRD_LOOPBACK: Final = 772
ARPHRD_RAW_KINDS: Final = frozenset({65534, 519, 512, 768, 769, 776, 778})  # none (tun, WireGuard), rawip, ppp, and tunnels over IP
