"""From intervals to the timeline of a door; knows no SQL, and leaves drawing to the report.

The timeline tells beginnings and ends, not looks: a door that stood unchanged for a year has one line. Whether it was in use changes
with every look, so use is added up instead.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from doorward.store.answers import DoorHistory, Event, Spell
from doorward.store.changes import folded
from doorward.store.intervals import Ending, Interval
from doorward.store.testimony import HOLDER_FACTS, VERDICT, is_blind
from doorward.store.wanted import WantedDoor
from doorward.store.wording import holder_words, list_words, text_of
from doorward.values.doors import Door
from doorward.values.evidence import Witness

__all__ = ["histories"]

USED = "used"


def histories(intervals: Iterable[Interval], wanted: WantedDoor) -> list[DoorHistory]:
    """Return the history of every wanted door; an address that was probed leads to the listener behind it."""
    by_place: defaultdict[tuple[str, str, int], list[Interval]] = defaultdict(list)
    for interval in intervals:
        by_place[interval.door.machine, interval.door.transport.value, interval.door.port].append(interval)
    return sorted(
        (
            _history(door, group)
            for own in by_place.values()
            for door, group in folded(own).items()
            if any(map(_shows_door, group)) and (wanted.matches(door) or any(wanted.matches(interval.door) for interval in group))
        ),
        key=lambda history: (not history.is_there, history.door),
    )


def _shows_door(interval: Interval) -> bool:
    """Whether it is of a door that was there; a knock that was refused where nobody listens is not one."""
    return interval.listens or interval.answers or interval.witness == VERDICT


def _history(door: Door, group: Sequence[Interval]) -> DoorHistory:
    shown = [interval for interval in group if interval.listens] or [interval for interval in group if interval.answers]
    looks = [interval for interval in group if interval.witness == Witness.USE]
    used = [interval for interval in looks if interval.claim.says == USED]
    return DoorHistory(
        door=door,
        is_there=any(interval.valid_to is None for interval in shown),
        first_seen=min(interval.valid_from for interval in shown or group),
        last_seen=max(interval.last_seen for interval in shown or group),
        looks=sum(interval.times for interval in looks),
        used=sum(interval.times for interval in used),
        last_used=max((interval.last_seen for interval in used), default=None),
        events=_timeline(group),
        spells=[_spell(interval) for interval in sorted(group, key=lambda one: (one.valid_from, one.witness, one.door))],
    )


def _spell(interval: Interval) -> Spell:
    return Spell(
        door=interval.door,
        witness=interval.witness,
        vantage=interval.vantage,
        says=interval.claim.says,
        certainty=interval.claim.certainty,
        since=interval.valid_from,
        until=interval.valid_to,
        last_seen=interval.last_seen,
        times=interval.times,
        ending=interval.ending,
        facts=interval.claim.facts,
        latest=interval.passing.facts,
        why=interval.passing.why,
    )


def _timeline(group: Sequence[Interval]) -> list[Event]:
    """Return the events of a door in order; those of one run stand at one moment, and addresses that tell the same share a line."""
    entries: defaultdict[int, list[tuple[datetime.datetime, str, str, str, bool]]] = defaultdict(list)
    before: dict[tuple[Door, str, str], Interval] = {}
    for interval in sorted(group, key=lambda one: (one.opened_in, one.valid_from)):
        key = (interval.door, interval.witness, interval.vantage)
        for text in _beginning(interval, before.get(key)):
            entries[interval.opened_in].append((interval.valid_from, interval.witness, text, _where(interval), False))
        text = _end(interval)
        if text and interval.closed_in is not None and interval.valid_to is not None:
            entries[interval.closed_in].append((interval.valid_to, interval.witness, text, _where(interval), True))
        before[key] = interval
    return [event for entry in sorted(entries) for event in _of_one_run(entries[entry])]


def _of_one_run(told: Sequence[tuple[datetime.datetime, str, str, str, bool]]) -> Iterator[Event]:
    at = min(moment for moment, *_ in told)
    places: defaultdict[tuple[str, str, bool], set[str]] = defaultdict(set)
    for _, witness, text, where, is_end in told:
        places[witness, text, is_end] |= {where} - {""}
    for witness, text, is_end in sorted(places, key=lambda one: (_RANK.get(one[0], len(_RANK)), one[2], one[1])):
        where = ", ".join(sorted(places[witness, text, is_end]))
        yield Event(at, witness, f"{text} on {where}" if where else text, is_end)


_RANK = {Witness.SOCKET.value: 0, Witness.PROBE.value: 1, Witness.IDENTITY.value: 2, Witness.FIREWALL.value: 3, VERDICT: 5}


def _where(interval: Interval) -> str:
    """Name the address for what is told of single addresses; the socket and the verdict speak of the door itself."""
    return str(interval.door.address) if interval.witness == Witness.PROBE else ""


def _beginning(interval: Interval, before: Interval | None) -> Iterator[str]:
    """Say what began, in the words of its witness."""
    says = interval.claim.says
    followed = before is not None and before.ending is Ending.OTHERWISE
    match interval.witness:
        case Witness.SOCKET if interval.listens and followed and before is not None and before.listens:
            yield from _handover(before, interval)
        case Witness.SOCKET:
            holder = holder_words(interval)
            yield (f"held by {holder}" if holder else "a process listens") if interval.listens else "nobody listens"
        case Witness.PROBE:
            yield _PROBED.get(says, says)
        case Witness.IDENTITY:
            yield from _identified(interval, before if followed else None)
        case Witness.USE:
            return
        case _ if interval.witness == VERDICT:
            findings = list_words(interval.claim.facts, "findings")
            yield f"judged: {says}" + (f" ({', '.join(findings)})" if findings else "")
        case _:
            yield f"{interval.witness}: {says}"


_PROBED = {"open": "answers", "closed": "refuses", "filtered": "gives no answer"}


def _handover(before: Interval, after: Interval) -> Iterator[str]:
    old, new = before.claim.facts, after.claim.facts
    blind = is_blind(old) or is_blind(new)
    names = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    if any(name in ("process", "executable", "user", "unit", "container") for name in names) and not blind:
        yield f"now held by {holder_words(after)}"
    for name in names:
        if not (blind and name in HOLDER_FACTS) and name not in ("process", "user", "unit", "container"):
            yield f"{name.replace('_', ' ')}: {text_of(old.get(name)) or 'none'} → {text_of(new.get(name)) or 'none'}"


def _identified(interval: Interval, before: Interval | None) -> Iterator[str]:
    says = interval.claim.says
    if before is None or before.claim.says != says:
        yield f"identified as {says}" if before is None else f"now {says}, before {before.claim.says}"
        return
    old, new = before.claim.facts, interval.claim.facts
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield f"{name.replace('_', ' ')}: {text_of(old.get(name)) or 'none'} → {text_of(new.get(name)) or 'none'}"


def _end(interval: Interval) -> str:
    """Say what ended without anything taking its place; a beginning tells the rest."""
    if interval.ending is not Ending.ABSENT:
        return ""
    if interval.listens:
        return "nobody listens any more"
    return "no longer answers" if interval.answers else ""
