"""What all attempts at one door amount to: its identity, or why there is none. Pure."""

from __future__ import annotations

import datetime
import enum
from typing import Final

import msgspec

from doorward.identify.catalog import shown_name
from doorward.identify.certificates import tunnel_facts
from doorward.identify.engine import Heard
from doorward.identify.identity import Identity
from doorward.identify.manners import is_hushed
from doorward.values.addresses import Address
from doorward.values.evidence import Certainty, Fact
from doorward.values.printable import printable, printable_bytes
from doorward.values.transports import Transport

__all__ = ["Conclusion", "Endpoint", "Outcome", "conclude", "with_authorities_word"]

#: The service's name where TLS was agreed on and nothing inside it could be recognised.
_TLS_SERVICE: Final = "tls"


class Endpoint(msgspec.Struct, frozen=True):
    """A door to ask."""

    transport: Transport
    address: Address
    port: int
    host: str = ""  #: the name it was called by; empty when by address

    @property
    def called(self) -> str:
        """The name or address without port, as it stands in a request."""
        return self.host or str(self.address)


class Outcome(enum.StrEnum):
    """How asking a door ended."""

    IDENTIFIED = "identified"  #: a reader recognised its answer
    UNRECOGNISED = "unrecognised"  #: it answers, in a protocol that no reader knows
    SILENT = "silent"  #: it takes connections (TCP) and said nothing; in UDP: no answer at all
    CLOSES = "closes"  #: it takes connections and closes them without a word
    REFUSED = "refused"  #: nobody listens: the connection was refused
    UNREACHABLE = "unreachable"  #: no answer to the knock, or no way there


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """One door's result."""

    endpoint: Endpoint
    at: datetime.datetime
    outcome: Outcome
    identity: Identity | None = None
    why: str = ""
    heard: tuple[Heard, ...] = ()
    rtt_ms: float | None = None  #: time until the first connection stood
    elapsed_ms: float = 0.0
    connections: int = 0


def conclude(
    endpoint: Endpoint,
    heard: tuple[Heard, ...],
    best: Heard | None,
    *,
    at: datetime.datetime,
    rtt_ms: float | None,
    elapsed_ms: float,
    connections: int,
) -> Conclusion:
    """Join what the attempts heard; ``best`` is the plan's choice among those with a claim."""
    identity = _identity(heard, best)
    outcome = Outcome.IDENTIFIED if identity is not None else _without_identity(endpoint, heard, rtt_ms)
    return Conclusion(
        endpoint=endpoint,
        at=at,
        outcome=outcome,
        identity=identity,
        why=identity.why if identity is not None else _why(outcome, endpoint, heard),
        heard=heard,
        rtt_ms=rtt_ms,
        elapsed_ms=elapsed_ms,
        connections=connections,
    )


def with_authorities_word(conclusion: Conclusion, *, verified: bool, why: str = "") -> Conclusion:
    """Add whether this machine's authorities vouch for the certificate."""
    if conclusion.identity is None:
        return conclusion
    facts = {**conclusion.identity.facts, "certificate_verified": verified}
    if why:
        facts["certificate_problem"] = printable(why[:200])
    word = (
        "This machine's authorities vouch for it."
        if verified
        else f"This machine's authorities do not vouch for it: {printable(why[:200])}."
    )
    identity = msgspec.structs.replace(conclusion.identity, facts=facts, sentence=f"{conclusion.identity.sentence} {word}")
    return msgspec.structs.replace(conclusion, identity=identity, connections=conclusion.connections + 1)


def _identity(heard: tuple[Heard, ...], best: Heard | None) -> Identity | None:
    if best is not None and best.claim is not None:
        return _inside(_shown(best.claim), best)
    tunnelled = next((one for one in heard if one.tunnel is not None), None)
    if tunnelled is not None:
        sentence = "This door speaks TLS, and what stands behind the encryption said nothing that could be recognised."
        return _inside(Identity(service=_TLS_SERVICE, why="a TLS handshake succeeded", sentence=sentence), tunnelled)
    if any(one.speaks_tls for one in heard):
        sentence = "This door speaks TLS, but would not agree with us on a session."
        facts: dict[str, Fact] = {"tls": True, "encrypted": True}
        return Identity(
            service=_TLS_SERVICE,
            certainty=Certainty.INFERRED,
            why="it answered the handshake with a TLS alert",
            sentence=sentence,
            facts=facts,
        )
    return None


def _shown(claim: Identity) -> Identity:
    name = shown_name(claim.service)
    return (
        claim if name == claim.service else msgspec.structs.replace(claim, service=name, facts={**claim.facts, "interface": claim.service})
    )


def _inside(claim: Identity, heard: Heard) -> Identity:
    """Add what the tunnel shows; a tunnel begun within the conversation is STARTTLS, for the door itself stays readable."""
    if heard.tunnel is None:
        return msgspec.structs.replace(claim, facts={"tls": False, **claim.facts})
    facts = {**claim.facts, **tunnel_facts(heard.tunnel), "tls": heard.attempt.tls, "encrypted": heard.attempt.tls}
    if not heard.attempt.tls:
        facts["starttls"] = True
    return msgspec.structs.replace(claim, facts=facts, sentence=claim.sentence + _tunnel_sentence(facts, whole=heard.attempt.tls))


def _tunnel_sentence(facts: dict[str, Fact], *, whole: bool) -> str:
    text = f" All of it is encrypted ({facts['tls_version']})" if whole else f" It can go on encrypted ({facts['tls_version']})"
    subject = facts.get("certificate_subject")
    if not subject:
        return f"{text}."
    return f"{text}; its certificate names {subject}{', and it vouches for itself only' if facts.get('certificate_self_signed') else ''}."


def _without_identity(endpoint: Endpoint, heard: tuple[Heard, ...], rtt_ms: float | None) -> Outcome:
    if any(one.received for one in heard):
        return Outcome.UNRECOGNISED
    refused = any("refused" in one.trouble for one in heard)
    if endpoint.transport is Transport.UDP:
        return Outcome.REFUSED if refused else Outcome.SILENT
    if rtt_ms is None:
        return Outcome.REFUSED if refused else Outcome.UNREACHABLE
    return Outcome.CLOSES if heard and all(one.closed or one.trouble for one in heard) else Outcome.SILENT


def _why(outcome: Outcome, endpoint: Endpoint, heard: tuple[Heard, ...]) -> str:
    spoken = sum(1 for one in heard if one.spoke or one.attempt.tls)
    if outcome is Outcome.UNRECOGNISED:
        shown = next(one.received for one in heard if one.received)
        return f"it answered, but no reader knows the answer: {printable_bytes(shown, 60)}"
    if outcome is Outcome.CLOSES:
        return "it takes the connection and closes it without a word; perhaps it serves chosen addresses only"
    if outcome is Outcome.REFUSED:
        return "the connection was refused: nobody listens there"
    if outcome is Outcome.UNREACHABLE:
        return next((one.trouble for one in heard if one.trouble), "no answer came to the knock")
    if is_hushed(endpoint.transport, endpoint.port):
        return "it did not greet, and nothing is said to this port unasked, because printers and machines may act on it"
    if endpoint.transport is Transport.UDP:
        return f"no answer to {spoken} different question{'s' if spoken != 1 else ''}; UDP doors answer only what they understand"
    return f"it takes connections, and answered none of {spoken} different greetings"
