"""The transports that doors stand on, by their IP protocol numbers; nothing else about them."""

from __future__ import annotations

import enum

__all__ = ["Transport"]


class Transport(enum.StrEnum):
    """A transport protocol with ports."""

    TCP = "tcp"  #: connections: bytes in order, delivered or known lost (RFC 9293)
    UDP = "udp"  #: single datagrams, no connection (RFC 768)
    SCTP = "sctp"  #: several streams in one connection (RFC 9260)
    DCCP = "dccp"  #: datagrams with congestion control (RFC 4340)

    @property
    def protocol_number(self) -> int:
        """The number in the IP header (IANA, Protocol Numbers)."""
        return _NUMBERS[self]


_NUMBERS = {Transport.TCP: 6, Transport.UDP: 17, Transport.SCTP: 132, Transport.DCCP: 33}
