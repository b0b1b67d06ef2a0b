"""Multicast DNS, asked directly: which services a machine announces; announces nothing."""

from __future__ import annotations

from typing import Final

import dns.exception
import dns.message
import dns.rdatatype

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
from doorward.values.evidence import Fact
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "mdns"
TITLE: Final = "What a machine announces in its own network (mDNS)"
SOURCE: Final = "RFC 6762 §5.5, RFC 6763 §9"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (5353,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_SERVICES: Final = "_services._dns-sd._udp.local."
_NUMBER: Final = 0x4457


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for all kinds of services, to be answered directly (the class's highest bit, RFC 6762 §5.4)."""
    question = dns.message.make_query(_SERVICES, dns.rdatatype.PTR, id=_NUMBER, flags=0).to_wire()
    return question[:-2] + b"\x80\x01"


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the kinds, and the names and addresses that come with them."""
    if (
        len(received) < 12
        or received[:2] not in (_NUMBER.to_bytes(2), b"\0\0")
        or received[2] & 0x80 == 0
        or b"\x07_dns-sd" not in received
    ):
        return None
    try:
        message = dns.message.from_wire(received, one_rr_per_rrset=True, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError, IndexError):
        return None
    records = [*message.answer, *message.additional][:200]
    kinds = [str(record[0]) for record in records if str(record.name).lower() == _SERVICES and record.rdtype == dns.rdatatype.PTR]
    if not kinds:
        return None
    names = [str(record.name) for record in records if record.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA)]
    shown = sorted({printable(kind.removesuffix(".local."), 80) for kind in kinds})[:60]
    facts: dict[str, Fact] = {"encrypted": False, "authentication": "none", "services": shown}
    system = "macOS or iOS" if any("_companion-link" in kind for kind in kinds) else ""
    return Identity(
        service=NAME,
        system=system,
        host_name=printable(names[0].rstrip("."), 200) if names else "",
        why="it lists its kinds of services as DNS service discovery wants it",
        sentence=introduce("a machine's list of what it offers in its own network (mDNS)") + f" It announces: {', '.join(shown[:8])}.",
        facts=facts,
    )
