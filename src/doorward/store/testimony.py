"""What of an envelope lasts and what passes; knows facts by their names, and refuses to know rooms, files or intervals.

An audit an hour finds the same door with another round-trip time, another number of connections, another process number after a
restart. Were those part of what is compared, every look would begin a new interval and memory would be a pile of snapshots. So a
testimony has two parts:

    lasting   who holds the door, what answers, whether it answers: a difference ends one interval and begins another
    passing   the state of the moment: only its latest value is kept, on the interval's row

Passing are the facts named in `PASSING`, those whose name ends in ``_time`` or a unit of time or size, and all floating-point
numbers. Every other fact lasts, also one that this file has never heard of: a new kind of fact is better remembered too often than
lost.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping

import msgspec

from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence, Fact, Witness
from doorward.values.printable import printable
from doorward.values.verdicts import Attention, Verdict

__all__ = ["HOLDER_FACTS", "PASSING", "VERDICT", "Claim", "Key", "Passing", "Testimony", "agrees", "is_blind", "of_evidence", "of_verdict"]

#: The name under which verdicts are remembered, as if the judgement were one more witness.
VERDICT = "verdict"

#: Facts of the moment. A banner often holds the date (RFC 5321 §4.2 greetings, RFC 867); its product and version last.
PASSING = frozenset(
    {"accept_limit", "accept_queue", "banner", "cgroup", "connections", "inode", "peers", "pid", "processes", "remote_connections"}
)
_PASSING_UNITS = ("_ms", "_ns", "_s", "_bytes", "_time")

#: What is told of a door's holder, and missing as a whole when we had no right to see it.
HOLDER_FACTS = frozenset({"process", "command", "executable", "executable_deleted", "user", "unit", "container"})
_SEEN_HOLDER = ("process", "command", "executable")

#: Servers that write their state over their command line begin it with their name and a colon: "sshd: … [listener] 1 of 10-100 startups",
#: "postgres: walwriter" (setproctitle(3)). That is no other command, only another moment.
_TITLE = re.compile(r"[\w./-]{1,64}: ")

_MAX_LIST = 256  # no witness lists more than 20; bounds what a faulty one can make us keep

#: A door, who speaks of it, and from where: at any moment at most one interval of each is open.
Key = tuple[Door, str, str]


class Claim(msgspec.Struct, frozen=True, gc=False):
    """The part of a testimony that lasts; equal claims of many doors are stored once."""

    says: str
    certainty: Certainty
    facts: dict[str, Fact] = {}


class Passing(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The part that is of the moment."""

    why: str = ""
    facts: dict[str, Fact] = {}


class Testimony(msgspec.Struct, frozen=True, gc=False):
    """One envelope, cut in two."""

    key: Key
    at: datetime.datetime
    claim: Claim
    passing: Passing

    @property
    def could_see(self) -> bool:
        """Whether it says anything at all: a witness that could not see is never read as a "no". A verdict of unknown is a verdict."""
        return self.claim.certainty is not Certainty.UNKNOWN or self.key[1] == VERDICT


def of_evidence(evidence: Evidence) -> Testimony:
    """Cut an envelope in what lasts and what passes; foreign text becomes printable before it is kept."""
    lasting: dict[str, Fact] = {}
    passing: dict[str, Fact] = {}
    for name, fact in evidence.facts.items():
        word, passes = _name(name)
        passes = passes or (name == "command" and isinstance(fact, str) and _TITLE.match(fact) is not None)
        (passing if passes or isinstance(fact, float) else lasting)[word] = _harmless(fact) if isinstance(fact, str) else _kept(fact)
    key = (evidence.door, evidence.witness.value, _harmless(evidence.vantage))
    return Testimony(
        key, evidence.at, Claim(_harmless(evidence.says), evidence.certainty, lasting), Passing(_harmless(evidence.why), passing)
    )


def of_verdict(verdict: Verdict, at: datetime.datetime) -> Testimony:
    """Make a verdict one more testimony: its kind, attention and findings last, its sentence is of the moment (it may hold counts).

    Findings that are only advice are of the moment, too: some come and go with the callers.
    """
    findings = {finding.name for finding in verdict.findings if finding.attention is not Attention.FINE}
    facts: dict[str, Fact] = {"attention": verdict.attention.value, "findings": sorted(findings)}
    claim = Claim(verdict.kind.value, verdict.certainty, facts)
    return Testimony((verdict.door, VERDICT, ""), at, claim, Passing(_harmless(verdict.sentence)))


def is_blind(facts: Mapping[str, Fact]) -> bool:
    """Whether the holder could not be seen (another user's process, without root)."""
    return not any(name in facts for name in _SEEN_HOLDER)


def agrees(old: Claim, new: Claim, witness: str) -> bool:
    """Whether ``new`` only repeats ``old``, as far as it could see.

    An audit by root knows a socket's process, the next one by a plain user doesn't: that is not a change of hands, and what root
    saw stays remembered as long as nothing contradicts it.
    """
    if old == new:
        return True
    if witness != Witness.SOCKET or old.says != new.says or old.certainty is not new.certainty:
        return False
    if is_blind(old.facts) or not is_blind(new.facts):
        return False
    seen_before = {name: fact for name, fact in old.facts.items() if name not in HOLDER_FACTS or name in new.facts}
    return seen_before == new.facts


@functools.lru_cache(maxsize=1024)  # witnesses have a few dozen names for their facts
def _name(name: str) -> tuple[str, bool]:
    return _harmless(name), name in PASSING or name.endswith(_PASSING_UNITS)


def _kept(fact: Fact) -> Fact:
    if isinstance(fact, list):
        return [_harmless(item) for item in fact[:_MAX_LIST]]
    return fact


def _harmless(text: str) -> str:
    return _harmless_word(text) if len(text) < _WORD else printable(text)


_WORD = 128  # characters; what is longer is seldom said twice, and not worth keeping


@functools.lru_cache(maxsize=8192)  # the same users, units and products stand in thousands of envelopes
def _harmless_word(text: str) -> str:
    return printable(text)
