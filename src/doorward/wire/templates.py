"""Outgoing frames of one kind, stamped by the thousand into rows of bytes; knows no ring and sends nothing.

A `Template` is made once per kind. Its bytes are copied into every row, the few fields that differ are written over them, and every
checksum is the template's constant sum plus what those fields add (RFC 1071 §2: the sum doesn't care for order).
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from doorward.values.addresses import Address
from doorward.wire.frames import LinkType

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

Numbers = NDArray[np.unsignedinteger] | NDArray[np.signedinteger] | int


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What all frames of one template have around them."""

    source: Address
    destination: Address | None = None  #: where ``stamp`` gets none
    hop_limit: int = 64  #: RFC 1700's default, and Linux's
    link: LinkType = LinkType.ETHERNET
    source_mac: bytes = bytes(6)
    destination_mac: bytes = bytes(6)  #: of the router, or of the one host
    vlans: tuple[int, ...] = ()  #: at most two


class Template:
    """One kind of frame, made by `tcp_template`, `udp_template` and the others."""

    length: int  #: bytes of every frame

    def stamp(
        self,
        out: NDArray[np.uint8],
        *,
        destinations: NDArray[np.uint8] | None = None,
        destination_ports: Numbers | None = None,
        source_ports: Numbers | None = None,
        sequences: Numbers | None = None,
        acknowledgments: Numbers | None = None,
        ip_ids: Numbers | None = None,
        hop_limits: Numbers | None = None,
        timestamps: Numbers | None = None,
        destination_macs: NDArray[np.uint8] | None = None,
    ) -> NDArray[np.uint16]:
        """Write one frame into each row of ``out`` (n, slot) uint8, and return their lengths (n,).

        ``out`` may be a strided view into a ring (rows need not touch each other); nothing behind a frame's length is written.
        Each value is one for all rows or one per row; ``None`` keeps the template's own. Raises `CallError` where the kind has no
        such field, or ``out`` is too narrow.

        Args:
            out: the rows to fill; their bytes must lie side by side.
            destinations: (n, 4), (n, 16), (4,) or (16,) in network order; IPv4 may be mapped. Of ARP and ND: who is asked for.
            destination_ports: TCP, UDP, SCTP.
            source_ports: TCP, UDP, SCTP; of ICMP messages: their identifier.
            sequences: 32 bits: TCP sequence number, SCTP initiate tag, UDP the payload's cookie where it has a place for one; of
                ICMP messages the lower 16 bits: their sequence number.
            acknowledgments: TCP.
            ip_ids: IPv4 identification.
            hop_limits: time to live.
            timestamps: TCP's TSval.
            destination_macs: (n, 6), where each row goes to another neighbour.
        """
        raise NotImplementedError


def tcp_template(
    envelope: Envelope, *, flags: int = 0x02, options: bytes | None = None, window: int = 64240, payload: bytes = b""
) -> Template:
    """A TCP segment; ``flags`` SYN unless said otherwise. ``options`` None: for a SYN those of a current Linux, else none."""
    raise NotImplementedError


def udp_template(envelope: Envelope, payload: bytes = b"", *, cookie_offset: int | None = None, cookie_size: int = 2) -> Template:
    """A UDP datagram; ``sequences`` are written at ``cookie_offset`` of the payload (``cookie_size`` 2 or 4 bytes), e.g. a DNS id."""
    raise NotImplementedError


def icmp_echo_template(envelope: Envelope, payload: bytes = b"") -> Template:
    """An echo request, ICMP or ICMPv6 as the envelope's family is."""
    raise NotImplementedError


def icmp_timestamp_template(envelope: Envelope) -> Template:
    """An ICMP timestamp request (RFC 792); IPv4 only."""
    raise NotImplementedError


def sctp_init_template(envelope: Envelope) -> Template:
    """An SCTP INIT (RFC 9260 §3.3.2)."""
    raise NotImplementedError


def arp_request_template(envelope: Envelope) -> Template:
    """An ARP request to everybody: who has ``destinations``?"""
    raise NotImplementedError


def neighbour_solicitation_template(envelope: Envelope) -> Template:
    """A neighbour solicitation (RFC 4861 §4.3) to the solicited-node group of each of ``destinations``."""
    raise NotImplementedError
