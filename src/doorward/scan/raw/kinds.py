"""The kinds of knock and what each can learn: flags, where the cookie travels, what silence means. Knows no arrays and no sockets."""

from __future__ import annotations

import enum
from typing import Final, NamedTuple

from doorward.scan.doorstates import Reason
from doorward.values.transports import Transport

__all__ = ["CODES", "CODE_OF", "Carrier", "Kind"]

#: Reasons as small numbers, for arrays.
CODES: Final = tuple(Reason)
CODE_OF: Final = {reason: code for code, reason in enumerate(CODES)}

_FIN, _SYN, _PSH, _ACK, _URG = 1, 2, 8, 16, 32  # RFC 9293 §3.1


class Carrier(enum.StrEnum):
    """Which field of a knock carries the cookie, and so where an answer must give it back."""

    SEQUENCE = "sequence"  #: TCP sequence number; comes back in the acknowledgment number
    ACKNOWLEDGMENT = "acknowledgment"  #: TCP acknowledgment number; comes back as the RST's sequence number (RFC 9293 §3.10.7.1)
    TAG = "tag"  #: SCTP initiate tag; comes back as the verification tag (RFC 9260 §8.5.1)
    PORT = "port"  #: UDP has no such field: the source port is drawn by the cookie, and the answer must come to it


class _Rules(NamedTuple):
    transport: Transport
    protocol: int
    flags: int
    carrier: Carrier
    silence: Reason
    limited: Reason
    meaning: str


class Kind(enum.StrEnum):
    """What is sent to a door."""

    SYN = "syn"  #: half a handshake (RFC 9293 §3.5)
    ACK = "ack"  #: a segment of no connection: shows which doors a stateful filter guards
    FIN = "fin"  #: RFC 9293 §3.10.7.1: a closed port answers RST, an open one (§3.10.7.2) drops it
    NULL = "null"  #: the same without any flag
    XMAS = "xmas"  #: the same with FIN, PSH and URG
    WINDOW = "window"  #: as ACK, and reads the RST's window, which some systems leave at the open port's
    UDP = "udp"  #: a datagram with the payload that the port's usual service answers
    SCTP = "sctp"  #: an INIT chunk (RFC 9260 §5.1)

    @property
    def transport(self) -> Transport:
        """What its ports belong to."""
        return _RULES[self].transport

    @property
    def protocol(self) -> int:
        """The IP protocol's number."""
        return _RULES[self].protocol

    @property
    def flags(self) -> int:
        """TCP flags, 0 for others."""
        return _RULES[self].flags

    @property
    def carrier(self) -> Carrier:
        """Where the cookie travels."""
        return _RULES[self].carrier

    @property
    def silence(self) -> Reason:
        """What it means when every knock stays without answer."""
        return _RULES[self].silence

    @property
    def limited(self) -> Reason:
        """What it means when the host answers only so many knocks a second."""
        return _RULES[self].limited

    @property
    def meaning(self) -> str:
        """The kind in plain words."""
        return _RULES[self].meaning


def _tcp(flags: int, carrier: Carrier, silence: Reason, meaning: str) -> _Rules:
    return _Rules(Transport.TCP, 6, flags, carrier, silence, Reason.RESETS_LIMITED, meaning)


_RULES: Final = {
    Kind.SYN: _tcp(_SYN, Carrier.SEQUENCE, Reason.NO_ANSWER, "asks for a connection and never makes it"),
    Kind.ACK: _tcp(_ACK, Carrier.ACKNOWLEDGMENT, Reason.NO_ANSWER, "shows which doors a filter guards, not which are open"),
    Kind.FIN: _tcp(_FIN, Carrier.SEQUENCE, Reason.NO_REFUSAL, "only closed doors answer"),
    Kind.NULL: _tcp(0, Carrier.SEQUENCE, Reason.NO_REFUSAL, "only closed doors answer"),
    Kind.XMAS: _tcp(_FIN | _PSH | _URG, Carrier.SEQUENCE, Reason.NO_REFUSAL, "only closed doors answer"),
    Kind.WINDOW: _tcp(_ACK, Carrier.ACKNOWLEDGMENT, Reason.NO_ANSWER, "tells open from closed on some systems"),
    Kind.UDP: _Rules(
        Transport.UDP, 17, 0, Carrier.PORT, Reason.NO_REFUSAL, Reason.ERRORS_LIMITED, "sends what the usual service would answer"
    ),
    Kind.SCTP: _Rules(
        Transport.SCTP, 132, 0, Carrier.TAG, Reason.NO_ANSWER, Reason.RESETS_LIMITED, "asks for an association and never makes it"
    ),
}
