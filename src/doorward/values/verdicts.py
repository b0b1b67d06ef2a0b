"""The judgement of a door: its kind, how much it needs a person, why, and what to do."""

from __future__ import annotations

import enum

import msgspec

from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence

__all__ = ["Attention", "Finding", "Fix", "Verdict", "VerdictKind"]


class VerdictKind(enum.StrEnum):
    """What the witnesses say of a door together; each member's comment is the exact condition."""

    REAL_DOOR = "real door"  #: a process listens, nothing forbids it, it answers
    LOCAL_DOOR = "local door"  #: a real door on loopback addresses only: this machine alone can knock
    UNUSED_DOOR = "unused door"  #: a real door that nobody came through in all the time we know of
    FIREWALL_BYPASSED = "firewall bypassed"  #: the rules deny it, and it answers all the same
    SOMETHING_ELSE = "something else answers"  #: it answers, and no process here listens
    BLOCKED_ON_THE_WAY = "blocked on the way"  #: listens and allowed here, yet knocks get no answer
    STALE_RULE = "stale rule"  #: allowed by a rule, and nobody listens
    NEEDLESS_RULE = "needless rule"  #: a rule lets senders in to a door that only loopback can reach
    IPV6_HOLE = "IPv6 hole"  #: denied over IPv4 and open over IPv6
    OLD_FLOWS_ONLY = "old flows only"  #: new callers are denied, conversations begun before the rule go on
    SHIELDED_DOOR = "shielded door"  #: listens and answers this machine, and a neighbour's knocks don't get through
    SILENT_DOOR = "silent door"  #: a process listens, and knocks from this machine get no answer or a refusal
    CONVERSATION = "ordinary port"  #: a client's own port, not a door that takes callers
    UNKNOWN = "unknown"  #: too few witnesses could be asked


class Attention(enum.StrEnum):
    """Whether a person must look; the order is the order of showing."""

    NEEDS_YOU = "needs you"  #: something to do, with its fix
    UNKNOWN = "unknown"  #: a witness is missing whose word could make it need you
    FINE = "fine"  #: nothing to do


class Fix(msgspec.Struct, frozen=True):
    """What to do, in words, and the exact command where one exists; nothing is ever run by Doorward itself."""

    words: str
    command: str = ""


class Finding(msgspec.Struct, frozen=True):
    """One thing noticed about a door, which explains itself."""

    name: str  #: kebab-case and stable: "cleartext-login"
    title: str  #: one line
    attention: Attention
    certainty: Certainty
    why_it_matters: str
    from_what: str  #: the evidence it rests on, in words
    fix: Fix
    wrong_when: str  #: in which case this finding would be mistaken
    sources: list[str] = []


class Verdict(msgspec.Struct, frozen=True):
    """The judgement of one door with its proof."""

    door: Door
    kind: VerdictKind
    attention: Attention
    certainty: Certainty
    sentence: str  #: the judgement for a person outside the trade
    evidence: list[Evidence]
    findings: list[Finding] = []
    fix: Fix | None = None
