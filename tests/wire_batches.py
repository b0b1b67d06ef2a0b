"""What tests of the room ``wire`` share: batches made of bytes, and one row of a batch compared with the single values of its frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from doorward.errors import PeerError
from doorward.values.addresses import Address
from doorward.wire.frames import Decoded, Frames
from doorward.wire.icmp import Icmp
from doorward.wire.icmpv6 import Icmpv6
from doorward.wire.ipv4 import IPv4
from doorward.wire.neighbour_discovery import NeighbourAdvertisement, NeighbourSolicitation, decode_nd, link_address
from doorward.wire.packet import Packet, Quoted, decode_packet, decode_quoted
from doorward.wire.sctp import PROTOCOL_SCTP, SctpPacket
from doorward.wire.sctp_chunks import InitChunk
from doorward.wire.tcp import Segment
from doorward.wire.tcp_options import hash_option_kinds, option_kinds, understand_options
from doorward.wire.udp import Datagram


def batch(frames: Sequence[bytes], slot: int | None = None, garbage: int = 0xA5) -> Frames:
    """Lay frames into rows; what stands behind each frame is ``garbage``, which nobody may read."""
    slot = slot or max((len(frame) for frame in frames), default=1) or 1
    data = np.full((len(frames), slot), garbage, np.uint8)
    for row, frame in zip(data, frames, strict=True):
        row[: len(frame)] = np.frombuffer(frame, np.uint8)
    lengths = np.array([len(frame) for frame in frames], np.uint16)
    return Frames(data, lengths, np.zeros(len(frames), np.int64))


def mapped(address: Address) -> bytes:
    """Return an address as the columns have it."""
    return address.packed if address.family == 6 else bytes(10) + b"\xff\xff" + address.packed


Facts = dict[str, int | bytes]


def told(decoded: Decoded, row: int, names: Sequence[str]) -> Facts:
    """Return one row of some columns as plain values."""
    facts: Facts = {}
    for name in names:
        value = getattr(decoded, name)[row]
        facts[name] = value.tobytes() if getattr(value, "ndim", 0) else int(value)
    return facts


def expected(data: bytes, *, raw: bool = False) -> Facts | None:
    """Return what the columns must hold for a frame, by the single-value readers; ``None`` where those refuse it."""
    try:
        packet = decode_packet(data, raw=raw)
    except PeerError:
        return None
    facts: Facts = {"malformed": 0, "truncated": 0}
    if packet.ethernet is not None:
        numbers = [tag.number for tag in packet.ethernet.vlans] + [-1, -1]
        link: Facts = {
            "source_mac": packet.ethernet.source,
            "destination_mac": packet.ethernet.destination,
            "ethertype": packet.ethernet.ethertype,
            "vlan": numbers[0],
            "inner_vlan": numbers[1],
        }
        facts |= link
    facts |= _arp(packet) | _internet(packet)
    transport = packet.transport
    if isinstance(transport, Icmp | Icmpv6):
        facts |= _icmp(transport)
    else:
        facts |= _ported(transport)
        facts |= {"icmp_type": -1, "icmp_code": -1, "quoted_family": 0, "nd_mac": bytes(6)}
    return facts


def _arp(packet: Packet) -> Facts:
    arp = packet.arp
    if arp is None or not arp.is_ipv4_over_ethernet:
        return {"arp_operation": 0, "arp_sender": bytes(4)}
    return {
        "arp_operation": arp.operation,
        "arp_sender_mac": arp.sender_hardware,
        "arp_sender": arp.sender_protocol,
        "arp_target_mac": arp.target_hardware,
        "arp_target": arp.target_protocol,
    }


def _internet(packet: Packet) -> Facts:
    internet = packet.internet
    if internet is None:
        return {"family": 0, "protocol": 0, "source": bytes(16), "ttl": 0}
    header = internet.header
    facts: Facts = {
        "family": header.source.family,
        "protocol": internet.protocol,
        "source": mapped(header.source),
        "destination": mapped(header.destination),
        "traffic_class": header.traffic_class,
        "fragment": internet.is_later_fragment,
        "missing_bytes": header.missing_bytes,
    }
    if isinstance(header, IPv4):
        own: Facts = {"ttl": header.ttl, "ip_id": header.identification}
        return facts | own | {"dont_fragment": header.dont_fragment, "more_fragments": header.more_fragments}
    fragment = internet.chain.fragment if internet.chain else None
    own = {"ttl": header.hop_limit, "ip_id": fragment.identification if fragment else 0}
    return facts | own | {"dont_fragment": 0, "more_fragments": fragment.more if fragment else 0}


def _ported(transport: Segment | Datagram | SctpPacket | Icmp | Icmpv6 | None) -> Facts:
    nothing: Facts = {"tcp_flags": 0, "window": 0, "mss": 0, "window_scale": -1, "tcp_options": 0, "sctp_chunk": -1}
    if isinstance(transport, Segment):
        known = understand_options(transport.options)
        return {
            "source_port": transport.source_port,
            "destination_port": transport.destination_port,
            "sequence": transport.sequence,
            "acknowledgment": transport.acknowledgment,
            "tcp_flags": int(transport.flags),
            "window": transport.window,
            "payload_length": len(transport.payload),
            "tcp_options": hash_option_kinds(option_kinds(transport.options)),
            "mss": known.mss or 0,
            "window_scale": -1 if known.window_scale is None else known.window_scale,
            "sack_permitted": known.sack_permitted,
            "has_timestamp": known.timestamp is not None,
            "timestamp": known.timestamp or 0,
            "timestamp_echo": known.timestamp_echo or 0,
        }
    if isinstance(transport, Datagram):
        ports: Facts = {"source_port": transport.source_port, "destination_port": transport.destination_port}
        return nothing | ports | {"payload_length": len(transport.payload), "sequence": 0}
    if isinstance(transport, SctpPacket):
        first = transport.chunks[0] if transport.chunks else None
        return nothing | {
            "source_port": transport.source_port,
            "destination_port": transport.destination_port,
            "sequence": transport.verification_tag,
            "sctp_chunk": first.kind if first else -1,
            "sctp_initiate_tag": first.initiate_tag if isinstance(first, InitChunk) else 0,
        }
    return nothing | {"source_port": 0, "destination_port": 0, "sequence": 0}


def _icmp(message: Icmp | Icmpv6) -> Facts:
    facts: Facts = {
        "icmp_type": message.type,
        "icmp_code": message.code,
        "icmp_id": message.identifier or 0,
        "icmp_sequence": message.sequence or 0,
        "icmp_mtu": message.mtu or 0,
        "payload_length": len(message.body),
        "source_port": 0,
    }
    try:
        quoted = decode_quoted(message)
    except PeerError:
        return facts | {"_refused_inside": 1}
    facts |= _quoted(quoted)
    if isinstance(message, Icmpv6) and 133 <= message.type <= 137:
        try:
            said = decode_nd(message)
        except PeerError:
            return facts | {"_refused_inside": 1}
        facts["nd_mac"] = link_address(said) or bytes(6)
        if isinstance(said, NeighbourSolicitation | NeighbourAdvertisement):
            facts["nd_target"] = said.target.packed
        if isinstance(said, NeighbourAdvertisement):
            facts["nd_flags"] = said.router << 2 | said.solicited << 1 | said.override
    return facts


def _quoted(quoted: Quoted | None) -> Facts:
    if quoted is None:
        return {"quoted_family": 0, "quoted_protocol": 0, "quoted_source_port": 0, "quoted_icmp_type": -1}
    ports = quoted.ports or (0, 0)
    query = quoted.icmp_query or (0, 0)
    header = quoted.internet.header
    return {
        "quoted_family": header.source.family,
        "quoted_protocol": quoted.internet.protocol,
        "quoted_source": mapped(header.source),
        "quoted_destination": mapped(header.destination),
        "quoted_ttl": header.ttl if isinstance(header, IPv4) else header.hop_limit,
        "quoted_source_port": ports[0],
        "quoted_destination_port": ports[1],
        "quoted_sequence": quoted.sequence or 0,
        "quoted_icmp_type": -1 if quoted.icmp_type is None else quoted.icmp_type,
        "quoted_icmp_id": query[0],
        "quoted_icmp_sequence": query[1],
    }


def disagreements(frames: Sequence[bytes], decoded: Decoded, *, raw: bool = False) -> list[str]:
    """Return every row and column where the two readers differ; a frame refused by single values must be flagged by the arrays.

    But for SCTP, of whose chunks the arrays look at the beginning of the first alone.
    """
    found = []
    for row, frame in enumerate(frames):
        want = expected(frame, raw=raw)
        if want is None:
            if not (decoded.truncated[row] or decoded.malformed[row] or decoded.protocol[row] == PROTOCOL_SCTP):
                found.append(f"row {row}: refused by single values, not flagged by arrays: {frame.hex()}")
            continue
        if want.pop("_refused_inside", 0):
            want = {name: value for name, value in want.items() if name not in ("truncated", "malformed")}
        have = told(decoded, row, list(want))
        found += [
            f"row {row}: {name}: {want[name]!r} by single values, {have[name]!r} by arrays: {frame.hex()}"
            for name in want
            if want[name] != have[name]
        ]
    return found
