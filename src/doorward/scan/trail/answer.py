"""What ``path`` prints with --json: the hops, the conclusion, and what it rests on; built here, drawn elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Literal

import msgspec

from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.trail.conclusion import Conclusion, Ending, is_reached
from doorward.scan.trail.hops import Heard, Hop, Means, Sign, Trail, return_hops
from doorward.scan.trail.notes import explain_notes
from doorward.scan.trail.words import explain
from doorward.values.addresses import Address
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

__all__ = ["HopLine", "PathAnswer", "TrailLine", "Walked", "make_answer"]


class HopLine(msgspec.Struct, frozen=True, kw_only=True):
    """One hop: everything that came back to knocks with this count of hops."""

    hop: int  #: 0: knocks that may go all the way
    sign: Sign
    addresses: list[Address]  #: who answered, mostly one; empty: nobody
    names: list[str]  #: what the addresses are called, in the same order, empty texts where unknown or not asked
    reason: Reason | None = None  #: for an end of the way, what it proves
    rtts_ms: list[float] = []
    return_hops: int | None = None  #: over how many hops the answer seems to have come back, where the system tells
    knocks: int = 0


class TrailLine(msgspec.Struct, frozen=True, kw_only=True):
    """One way walked with one kind of knock."""

    by: str  #: "TCP port 443", "ping"
    reached: bool  #: the far end itself answered
    direct: HopLine
    hops: list[HopLine]


class PathAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The way to one door."""

    schema: Literal["doorward/path/1"] = "doorward/path/1"
    at: datetime.datetime
    host: str  #: as it was called
    address: Address
    transport: Transport
    port: int
    service: str  #: what usually has this number
    state: DoorState
    reason: Reason | None  #: ``None`` where it was interrupted before the door was known
    told_by: Address | None  #: who sent the ICMP error that decided it
    rtt_ms: float | None  #: of the door's own answer
    ending: Ending
    certainty: Certainty
    distance: int | None  #: hops to whatever answered or refused
    stops_after: Address | None  #: the last machine that passed knocks on and said so; ``None`` as well when the door was reached at once
    stops_after_hop: int
    next_hop: Address | None  #: who answers behind it to other knocks
    sentence: str
    meaning: str
    advice: str
    notes: list[str]
    path: TrailLine
    others: list[TrailLine]  #: the same way with other knocks, from where the door's stopped
    other_addresses: list[Address]  #: of the same name, not followed
    knocks: int
    seconds: float
    interrupted: bool = False


class Walked(msgspec.Struct, frozen=True, kw_only=True):
    """What was walked, before it is put into words."""

    host: str
    target: Address
    transport: Transport
    port: int
    service: str
    door: Trail
    others: tuple[Trail, ...]
    found: Conclusion
    other_addresses: tuple[Address, ...] = ()
    interrupted: bool = False
    is_own: bool = False  #: an address of this machine


def make_answer(walked: Walked, *, at: datetime.datetime, seconds: float, names: Mapping[Address, str]) -> PathAnswer:
    """Build the answer; ``names`` are those found for addresses on the way."""
    found = walked.found
    told = explain(found, walked.target, Means.of(walked.transport, walked.port), is_own=walked.is_own)
    heard = found.heard
    return PathAnswer(
        at=at,
        host=walked.host,
        address=walked.target,
        transport=walked.transport,
        port=walked.port,
        service=walked.service,
        state=found.state,
        reason=found.reason,
        told_by=heard.sender if heard is not None and heard.sign is Sign.REFUSED else None,
        rtt_ms=_milliseconds(heard),
        ending=found.ending,
        certainty=found.certainty,
        distance=found.distance,
        stops_after=found.stops_after,
        stops_after_hop=found.stops_after_hop,
        next_hop=found.next_hop,
        sentence=told.sentence,
        meaning=told.meaning,
        advice=told.advice,
        notes=explain_notes(walked.door, walked.others, found),
        path=_trail_line(walked.door, names),
        others=[_trail_line(one, names) for one in walked.others],
        other_addresses=list(walked.other_addresses),
        knocks=walked.door.knocks + sum(one.knocks for one in walked.others),
        seconds=round(seconds, 3),
        interrupted=walked.interrupted,
    )


def _trail_line(trail: Trail, names: Mapping[Address, str]) -> TrailLine:
    return TrailLine(
        by=trail.means.label,
        reached=is_reached(trail),
        direct=_hop_line(trail.direct, names),
        hops=[_hop_line(hop, names) for hop in trail.hops],
    )


def _hop_line(hop: Hop, names: Mapping[Address, str]) -> HopLine:
    best = hop.best
    return HopLine(
        hop=hop.place,
        sign=hop.sign,
        addresses=list(hop.senders),
        names=[names.get(one, "") for one in hop.senders],
        reason=best.reason,
        rtts_ms=[milliseconds for one in hop.heard if (milliseconds := _milliseconds(one)) is not None],
        return_hops=return_hops(best.answer_hops) if best.answer_hops is not None else None,
        knocks=hop.knocks,
    )


def _milliseconds(heard: Heard | None) -> float | None:
    return None if heard is None or heard.rtt_ns is None else round(heard.rtt_ns / 1e6, 3)
