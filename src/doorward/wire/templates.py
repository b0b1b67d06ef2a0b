"""The kinds of frames that a scanner sends, each as a `Template`; knows where their fields are, stamps nothing and sends nothing."""

from __future__ import annotations

from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import ANY_IPV4, ANY_IPV6, Address
from doorward.wire import icmp, icmpv6
from doorward.wire.arp import arp_request, encode_arp
from doorward.wire.checksums import internet_sum, pseudo_header
from doorward.wire.ethernet import BROADCAST, ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, Ethernet, VlanTag, encode_ethernet
from doorward.wire.frames import LinkType
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.ipv6 import IPv6, encode_ipv6
from doorward.wire.neighbour_discovery import SOURCE_LINK_ADDRESS, NdOption, NeighbourSolicitation, encode_nd, solicited_node
from doorward.wire.options import Option
from doorward.wire.sctp import PROTOCOL_SCTP, SctpPacket, encode_sctp
from doorward.wire.sctp_chunks import INIT, InitChunk
from doorward.wire.stamping import Checksum, Crc, Place, Template
from doorward.wire.tcp import PROTOCOL_TCP, Segment, TcpFlags, encode_tcp
from doorward.wire.tcp_options import KIND_TIMESTAMP, linux_syn_options
from doorward.wire.udp import PROTOCOL_UDP, Datagram, encode_udp

__all__ = [
    "Envelope",
    "Template",
    "arp_request_template",
    "icmp_echo_template",
    "icmp_timestamp_template",
    "neighbour_solicitation_template",
    "sctp_init_template",
    "tcp_template",
    "udp_template",
]

_IP: Final = 0  # indices into a template's checksums; IPv6 has no header checksum
_WINDOW: Final = 64240  # of a current Linux's SYN: 44 segments of 1460 bytes
_MTU: Final = 1500


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What all frames of one template have around them."""

    source: Address
    destination: Address | None = None  #: where ``stamp`` gets none
    hop_limit: int = 64  #: Linux's own
    link: LinkType = LinkType.ETHERNET
    source_mac: bytes = bytes(6)
    destination_mac: bytes = bytes(6)  #: of the router, or of the one host
    vlans: tuple[int, ...] = ()  #: at most two, outer first

    @property
    def there(self) -> Address:
        """The destination before it is stamped."""
        return self.destination or (ANY_IPV4 if self.source.family == 4 else ANY_IPV6)

    @property
    def ip_offset(self) -> int:
        """Where the IP header (or ARP) begins."""
        return 0 if self.link is LinkType.RAW else 14 + 4 * len(self.vlans)

    @property
    def upper_offset(self) -> int:
        """Where the transport begins."""
        return self.ip_offset + (20 if self.source.family == 4 else 40)

    def wrap(self, ethertype: int, payload: bytes, destination_mac: bytes | None = None) -> bytes:
        """Put the link's header before ``payload``."""
        if self.link is LinkType.RAW:
            return payload
        tags = tuple(VlanTag(number) for number in self.vlans)
        to = self.destination_mac if destination_mac is None else destination_mac
        return encode_ethernet(Ethernet(destination=to, source=self.source_mac, ethertype=ethertype, vlans=tags, payload=payload))


def tcp_template(
    envelope: Envelope,
    *,
    flags: int = TcpFlags.SYN,
    options: tuple[Option, ...] | None = None,
    window: int = _WINDOW,
    payload: bytes = b"",
) -> Template:
    """Make a TCP segment; ``options`` ``None``: for a SYN those of a current Linux with the MSS of an MTU of 1500, else none."""
    if options is None:
        mss = _MTU - (40 if envelope.source.family == 4 else 60)
        options = linux_syn_options(mss) if flags & TcpFlags.SYN else ()
    segment = Segment(source_port=0, destination_port=0, flags=TcpFlags(flags), window=window, options=options, payload=payload, checksum=0)
    places = _port_places() | {"sequences": (4, 4), "acknowledgments": (8, 4)}
    if (timestamp := _timestamp_offset(options)) is not None:
        places["timestamps"] = (timestamp, 4)
    return _over_ip("TCP", envelope, PROTOCOL_TCP, encode_tcp(segment), places, checksum_at=16)


def udp_template(envelope: Envelope, payload: bytes = b"", *, cookie_offset: int | None = None, cookie_size: int = 2) -> Template:
    """Make a UDP datagram; ``sequences`` are written at ``cookie_offset`` of the payload (2 or 4 bytes), such as a DNS id."""
    places = _port_places()
    if cookie_offset is not None:
        if cookie_size not in (2, 4) or not 0 <= cookie_offset <= len(payload) - cookie_size:
            raise CallError("make a UDP frame with a cookie at", str(cookie_offset), why="it has 2 or 4 bytes inside the payload")
        places["sequences"] = (8 + cookie_offset, cookie_size)
    datagram = encode_udp(Datagram(source_port=0, destination_port=0, payload=payload, checksum=0))
    return _over_ip("UDP", envelope, PROTOCOL_UDP, datagram, places, checksum_at=6)


def icmp_echo_template(envelope: Envelope, payload: bytes = b"") -> Template:
    """Make an echo request, ICMP or ICMPv6 as the envelope's family is."""
    places = {"source_ports": (4, 2), "sequences": (6, 2)}
    if envelope.source.family == 4:
        message = icmp.encode_icmp(icmp.Icmp(type=icmp.ECHO_REQUEST, body=payload, checksum=0))
        return _over_ip("ICMP", envelope, icmp.PROTOCOL_ICMP, message, places, checksum_at=2)
    message = icmpv6.encode_icmpv6(icmpv6.Icmpv6(type=icmpv6.ECHO_REQUEST, body=payload, checksum=0))
    return _over_ip("ICMPv6", envelope, icmpv6.PROTOCOL_ICMPV6, message, places, checksum_at=2)


def icmp_timestamp_template(envelope: Envelope) -> Template:
    """Make an ICMP timestamp request, whose three timestamps are zero (RFC 792); there is none for IPv6."""
    if envelope.source.family != 4:
        raise CallError("make an ICMP timestamp request from", str(envelope.source), why="there is none for IPv6")
    message = icmp.encode_icmp(icmp.Icmp(type=icmp.TIMESTAMP_REQUEST, body=bytes(12), checksum=0))
    return _over_ip("ICMP", envelope, icmp.PROTOCOL_ICMP, message, {"source_ports": (4, 2), "sequences": (6, 2)}, checksum_at=2)


def sctp_init_template(envelope: Envelope) -> Template:
    """Make an SCTP INIT; ``sequences`` is its initiate tag, which a peer sends back as verification tag (never 0, RFC 9260 §3.3.2)."""
    # Window and streams as a current Linux announces them (net/sctp).
    chunk = InitChunk(kind=INIT, initiate_tag=1, window=106496, outbound_streams=10, inbound_streams=65535, initial_tsn=1)
    packet = SctpPacket(source_port=0, destination_port=0, verification_tag=0, chunks=(chunk,), checksum=0)
    return _over_ip("SCTP", envelope, PROTOCOL_SCTP, encode_sctp(packet), _port_places() | {"sequences": (16, 4)}, checksum_at=None)


def arp_request_template(envelope: Envelope) -> Template:
    """Make an ARP request to everybody: who has ``destinations``?"""
    if envelope.source.family != 4 or envelope.link is LinkType.RAW:
        raise CallError("make an ARP request from", str(envelope.source), why="ARP asks for IPv4 addresses on Ethernet")
    question = encode_arp(arp_request(envelope.source_mac, envelope.source, envelope.there))
    frame = envelope.wrap(ETHERTYPE_ARP, question, BROADCAST)
    return Template("ARP", frame, {"destinations": [Place(envelope.ip_offset + 24, 4)], "destination_macs": [Place(0, 6)]})


def neighbour_solicitation_template(envelope: Envelope) -> Template:
    """Make a neighbour solicitation (RFC 4861 §4.3) to the solicited-node group of each of ``destinations``."""
    if envelope.source.family != 6 or envelope.link is LinkType.RAW:
        raise CallError("make a neighbour solicitation from", str(envelope.source), why="it asks for IPv6 addresses on Ethernet")
    own = NdOption(SOURCE_LINK_ADDRESS, envelope.source_mac)
    body = msgspec.structs.replace(encode_nd(NeighbourSolicitation(target=envelope.there, options=(own,))), checksum=0)
    message = icmpv6.encode_icmpv6(body)
    group = solicited_node(envelope.there)
    # Hop limit 255: nobody further away can have sent it (RFC 4861 §7.1.1). 33:33 and the group's last four bytes: RFC 2464 §7.
    packet = IPv6(source=envelope.source, destination=group, next_header=icmpv6.PROTOCOL_ICMPV6, hop_limit=255, payload=message)
    frame = envelope.wrap(ETHERTYPE_IPV6, encode_ipv6(packet), b"\x33\x33" + group.packed[12:])
    upper = envelope.upper_offset
    total = internet_sum(pseudo_header(envelope.source, group, icmpv6.PROTOCOL_ICMPV6, len(message)) + message)
    targets = [Place(upper + 8, 16, (0,)), Place(envelope.ip_offset + 24 + 13, 3, (0,), begin=13), Place(3, 3, begin=13)]
    return Template("ND", frame, {"destinations": targets, "destination_macs": [Place(0, 6)]}, [Checksum(upper + 2, total)])


def _port_places() -> dict[str, tuple[int, int]]:
    return {"source_ports": (0, 2), "destination_ports": (2, 2)}


def _timestamp_offset(options: tuple[Option, ...]) -> int | None:
    """Return where TSval stands in a TCP header with these options."""
    place = 20
    for option in options:
        if option.kind == KIND_TIMESTAMP and len(option.value) == 8:
            return place + 2
        place += 1 if option.kind <= 1 else 2 + len(option.value)
    return None


def _over_ip(
    name: str, envelope: Envelope, protocol: int, upper: bytes, places: dict[str, tuple[int, int]], *, checksum_at: int | None
) -> Template:
    """Put IP and the link before a transport whose checksum is zero; ``checksum_at`` ``None``: it is SCTP's."""
    there, start = envelope.there, envelope.upper_offset
    version4 = envelope.source.family == 4
    if there.family != envelope.source.family:
        raise CallError("make frames from", f"{envelope.source} to {there}", why="both addresses must be of one family")
    pseudo = b"" if protocol == icmp.PROTOCOL_ICMP else pseudo_header(envelope.source, there, protocol, len(upper))
    transport = Checksum(start + (checksum_at or 0), internet_sum(pseudo + upper), zero_is_sent_as_ones=protocol == PROTOCOL_UDP)
    checksums = [] if checksum_at is None else [transport]
    in_upper: tuple[int, ...] = tuple(range(version4, version4 + len(checksums)))
    in_pseudo = in_upper if pseudo else ()
    fields = {field: [Place(start + offset, size, in_upper)] for field, (offset, size) in places.items()}
    ip = envelope.ip_offset
    if version4:
        packet = IPv4(
            source=envelope.source,
            destination=there,
            protocol=protocol,
            ttl=envelope.hop_limit,
            dont_fragment=True,
            payload=upper,
            checksum=0,
        )
        data = encode_ipv4(packet)
        checksums.insert(_IP, Checksum(ip + 10, internet_sum(data[:20])))
        fields["destinations"] = [Place(ip + 16, 4, (_IP, *in_pseudo))]
        fields["ip_ids"] = [Place(ip + 4, 2, (_IP,))]
        fields["hop_limits"] = [Place(ip + 8, 1, (_IP,))]
    else:
        data = encode_ipv6(
            IPv6(source=envelope.source, destination=there, next_header=protocol, hop_limit=envelope.hop_limit, payload=upper)
        )
        fields["destinations"] = [Place(ip + 24, 16, in_pseudo)]
        fields["hop_limits"] = [Place(ip + 7, 1)]
    if envelope.link is not LinkType.RAW:
        fields["destination_macs"] = [Place(0, 6)]
    crc = Crc(start + 8, start) if checksum_at is None else None
    return Template(name, envelope.wrap(ETHERTYPE_IPV4 if version4 else ETHERTYPE_IPV6, data), fields, checksums, crc)
