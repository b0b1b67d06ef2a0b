"""The document of one identified door, as ``--json`` prints it, one a line; made from a conclusion, knows no terminal."""

from __future__ import annotations

import datetime
from typing import Final, Literal

import msgspec

from doorward.identify.conclusion import Conclusion, Outcome
from doorward.identify.engine import Heard
from doorward.identify.identity import Identity
from doorward.values.addresses import Address
from doorward.values.evidence import Certainty, Fact
from doorward.values.printable import printable, printable_bytes
from doorward.values.transports import Transport

__all__ = ["AttemptMade", "Exchange", "IdentifyAnswer", "make_answer"]

_SHOWN_BYTES: Final = 4096  # of one turn; what is longer is a page or a flood


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """What we said, and what came back before we spoke again; texts are made harmless, the hex is as it was, both cut after 4,096 bytes."""

    sent: str
    received: str
    sent_hex: str
    received_hex: str
    sent_bytes: int
    received_bytes: int


class AttemptMade(msgspec.Struct, frozen=True, kw_only=True):
    """One connection, or one question in UDP."""

    spoke: str  #: whose words were said when the far end had not greeted; empty: none
    tls: bool  #: whether it began with a TLS handshake
    tls_version: str = ""
    closed: bool = False  #: the far end closed it
    cut: bool = False  #: it sent more than is read
    trouble: str = ""
    exchanges: list[Exchange] = []


class IdentifyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One door: what it is, how sure that is, and everything it was concluded from. Empty texts are unknown."""

    schema: Literal["doorward/identify/1"] = "doorward/identify/1"
    host: str  #: as it was called: a name or the address
    address: Address
    transport: Transport
    port: int
    at: datetime.datetime
    outcome: Outcome
    service: str = ""
    product: str = ""
    version: str = ""
    revision: str = ""  #: the distribution's own addition to the version
    vendor: str = ""
    system: str = ""
    host_name: str = ""  #: the name the server gives itself
    cpe: str = ""
    confidence: Certainty = Certainty.UNKNOWN
    tls: bool = False
    sentence: str = ""  #: in words, for a person
    why: str = ""  #: what in the answer shows it
    facts: dict[str, Fact] = {}
    rtt_ms: float | None = None
    elapsed_ms: float = 0.0
    connections: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    evidence: list[AttemptMade] = []


def make_answer(conclusion: Conclusion) -> IdentifyAnswer:
    """Write a conclusion as a document; every foreign text in it is made harmless."""
    endpoint = conclusion.endpoint
    identity = conclusion.identity or Identity(service="", certainty=Certainty.UNKNOWN)
    turns = [turn for heard in conclusion.heard for turn in heard.turns]
    return IdentifyAnswer(
        host=printable(endpoint.called),
        address=endpoint.address,
        transport=endpoint.transport,
        port=endpoint.port,
        at=conclusion.at,
        outcome=conclusion.outcome,
        service=identity.service,
        product=printable(identity.product),
        version=printable(identity.version),
        revision=printable(identity.revision),
        vendor=printable(identity.vendor),
        system=printable(identity.system),
        host_name=printable(identity.host_name),
        cpe=printable(identity.cpe),
        confidence=identity.certainty,
        tls=identity.facts.get("tls") is True,
        sentence=printable(identity.sentence),
        why=printable(conclusion.why),
        facts={name: _harmless(fact) for name, fact in sorted(identity.facts.items())},
        rtt_ms=None if conclusion.rtt_ms is None else round(conclusion.rtt_ms, 3),
        elapsed_ms=round(conclusion.elapsed_ms, 1),
        connections=conclusion.connections,
        sent_bytes=sum(len(turn.sent) for turn in turns),
        received_bytes=sum(len(turn.received) for turn in turns),
        evidence=[_attempt(heard) for heard in conclusion.heard],
    )


def _attempt(heard: Heard) -> AttemptMade:
    return AttemptMade(
        spoke=heard.spoke,
        tls=heard.attempt.tls,
        tls_version=heard.tunnel.version if heard.tunnel is not None else "",
        closed=heard.closed,
        cut=heard.overflowed,
        trouble=printable(heard.trouble),
        exchanges=[
            Exchange(
                sent=printable_bytes(turn.sent, _SHOWN_BYTES),
                received=printable_bytes(turn.received, _SHOWN_BYTES),
                sent_hex=turn.sent[:_SHOWN_BYTES].hex(),
                received_hex=turn.received[:_SHOWN_BYTES].hex(),
                sent_bytes=len(turn.sent),
                received_bytes=len(turn.received),
            )
            for turn in heard.turns
        ],
    )


def _harmless(fact: Fact) -> Fact:
    if isinstance(fact, str):
        return printable(fact)
    return [printable(item) for item in fact] if isinstance(fact, list) else fact
