"""The envelope in which every witness hands in what it saw; the store carries envelopes and knows no room."""

from __future__ import annotations

import datetime
import enum

import msgspec

from doorward.values.doors import Door

__all__ = ["Certainty", "Evidence", "Fact", "Witness"]

#: What a fact may be: JSON's own scalars and lists of texts, so that every face and the store can carry it.
Fact = str | int | float | bool | None | list[str]


class Witness(enum.StrEnum):
    """Who was asked about a door."""

    SOCKET = "socket"  #: does a process listen here, and which?
    FIREWALL = "firewall"  #: which senders do the rules let through, and which rule decides?
    PROBE = "probe"  #: seen from a named place, does the door answer?
    IDENTITY = "identity"  #: what answers: product, version, system?
    USE = "use"  #: who comes through it, how often, how lately?
    ADVISORY = "advisory"  #: what is known to be wrong with what answers, and is that fixed here?


class Certainty(enum.StrEnum):
    """How sure a piece of evidence is."""

    MEASURED = "measured"  #: seen directly: a socket in the kernel's table, a packet that came back
    INFERRED = "inferred"  #: follows from something seen, and could be otherwise
    UNKNOWN = "unknown"  #: not asked, or could not see; never to be read as "no"


class Evidence(msgspec.Struct, frozen=True):
    """What one witness says of one door."""

    door: Door
    witness: Witness
    at: datetime.datetime  #: when it was seen, UTC
    vantage: str  #: from where: "kernel", "this machine", "namespace web", a named host
    says: str  #: the claim in one word of the witness's vocabulary: "listens", "open", "refused", "OpenSSH 9.2p1"
    certainty: Certainty
    why: str = ""  #: one sentence: how it knows, or why it doesn't
    facts: dict[str, Fact] = {}  #: the particulars: process, user, rtt_ms, product, version…
