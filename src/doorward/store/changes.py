"""From intervals to what happened between two audits, door by door; knows no SQL, and judges nothing itself.

A *state* is the set of intervals that held when an audit was written, so what happened is the difference of two states, and what
came and went in between is told by intervals that lie wholly inside. Three things look like a change and aren't:

    a witness wasn't asked       nothing was closed, so both states hold the same interval
    a witness could see less     facts missing on one side are unknown, not different
    nobody had looked there      a door first met by a first look did not "appear"; we don't know how long it has been there
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from doorward.store.answers import ChangeKind, Difference, DoorChange
from doorward.store.coverage import Look
from doorward.store.folding import fold, in_place
from doorward.store.intervals import Ending, Interval
from doorward.store.testimony import HOLDER_FACTS, VERDICT, is_blind
from doorward.store.wording import attention_of, holder_words, identity_words, latest, list_words, text_of
from doorward.values.doors import Door
from doorward.values.evidence import Fact, Witness
from doorward.values.verdicts import Attention, VerdictKind

__all__ = ["FirstLooks", "changes_between", "folded"]

#: Every kind of look, with the entry of the run that first took it.
FirstLooks = Sequence[tuple[int, Look]]

#: Facts of a holder that make it another one; the rest (its command line) are details.
_HANDS = ("process", "executable", "user", "unit", "container")


def changes_between(intervals: Iterable[Interval], base: int, first_looks: FirstLooks) -> list[DoorChange]:
    """Return what happened after entry ``base``, most important first.

    ``intervals`` are those that held at any time since then, for every port on which one began or ended, as of the later audit.
    """
    places: defaultdict[tuple[str, str, int], list[Interval]] = defaultdict(list)
    for interval in intervals:
        places[in_place(interval.door)].append(interval)
    changes: list[DoorChange] = []
    for own in places.values():
        changes += _moved([change for door, group in folded(own).items() for change in _door_changes(door, group, base, first_looks)])
    return sorted(changes, key=_importance)


def folded(intervals: Sequence[Interval]) -> dict[Door, list[Interval]]:
    """Sort intervals of one port by door: what was said of a probed address belongs to the listener behind it."""
    listeners: dict[Door, bool] = {}
    for interval in intervals:
        if interval.listens or interval.witness == VERDICT:
            dual_stack = interval.claim.facts.get("dual_stack") is True
            listeners[interval.door] = listeners.get(interval.door, False) or dual_stack
    groups: defaultdict[Door, list[Interval]] = defaultdict(list)
    for interval in intervals:
        groups[fold(interval.door, listeners) or interval.door].append(interval)
    return dict(groups)


def _door_changes(door: Door, group: Sequence[Interval], base: int, first_looks: FirstLooks) -> Iterator[DoorChange]:
    """Yield the change of one door, if there is any."""
    spells = [interval for interval in group if interval.listens] or [interval for interval in group if interval.answers]
    before = [interval for interval in spells if interval.opened_in <= base]
    after = [interval for interval in spells if interval.valid_to is None]
    if before and after:
        differences = list(_differences(group, base, first_looks))
        if differences:
            yield _told(door, group, sorted({one.kind for one in differences}, key=_KIND_RANK.__getitem__), differences, differences[0].at)
    elif _is_ordinary(group):
        return
    elif after:
        first = min(spells, key=lambda interval: interval.opened_in)
        kind = ChangeKind.APPEARED if _was_looked_at(first, first_looks) else ChangeKind.FIRST_LOOK
        yield _told(door, group, [kind], [], first.valid_from)
    elif spells:
        last = max(interval.valid_to or interval.last_seen for interval in spells)
        yield _told(door, group, [ChangeKind.WENT if before else ChangeKind.CAME_AND_WENT], [], last)


def _is_ordinary(group: Sequence[Interval]) -> bool:
    """Whether it was judged a client's own port: these come and go with every question asked, and are no news."""
    verdict = latest(group, VERDICT)
    return verdict is not None and verdict.claim.says == VerdictKind.CONVERSATION


def _told(
    door: Door, group: Sequence[Interval], kinds: list[ChangeKind], differences: list[Difference], at: datetime.datetime
) -> DoorChange:
    verdict = latest(group, VERDICT)
    gone = kinds[0] in (ChangeKind.WENT, ChangeKind.CAME_AND_WENT)
    ranked = sorted(differences, key=lambda one: _KIND_RANK[one.kind])
    return DoorChange(
        door=door,
        kinds=kinds,
        at=ranked[0].at if ranked else at,
        differences=ranked,
        holder=holder_words(latest(group, Witness.SOCKET)),
        identity=identity_words(latest(group, Witness.IDENTITY)),
        verdict=verdict.claim.says if verdict is not None else "",
        attention=None if gone else attention_of(verdict),
        sentence="" if gone or verdict is None else verdict.passing.why,
    )


def _differences(group: Sequence[Interval], base: int, first_looks: FirstLooks) -> Iterator[Difference]:
    """Yield what is other than it was, of a door that was there then and is there now."""
    merged: dict[tuple[ChangeKind, str, str, str], Difference] = {}
    answers: defaultdict[ChangeKind, list[Interval]] = defaultdict(list)
    for spells in _by_speaker(group):
        before = next((interval for interval in spells if interval.opened_in <= base), None)
        after = next((interval for interval in spells if interval.valid_to is None), None)
        witness = spells[0].witness
        if witness == Witness.PROBE:
            kind = _answering(before, after, spells, first_looks)
            if kind is not None:
                answers[kind].append(spells[-1])
        elif before is not None and after is not None and witness in _COMPARED:
            for one in _COMPARED[witness](before, after):
                merged.setdefault((one.kind, one.what, one.before, one.after), one)
            if witness == Witness.SOCKET and before is not after and _was_away(spells):
                one = Difference(kind=ChangeKind.WAS_AWAY, what="listens", before="yes", after="yes, after a pause", at=after.valid_from)
                merged[one.kind, one.what, "", ""] = one
    yield from merged.values()
    for kind, probes in answers.items():
        where = ", ".join(str(address) for address in sorted({interval.door.address for interval in probes}))
        at = max(interval.valid_to or interval.valid_from for interval in probes)
        words = ("no", "yes") if kind is ChangeKind.STARTED_ANSWERING else ("yes", "no")
        yield Difference(kind=kind, what=f"answers on {where}", before=words[0], after=words[1], at=at)


def _by_speaker(group: Sequence[Interval]) -> Iterator[list[Interval]]:
    speakers: defaultdict[tuple[Door, str, str], list[Interval]] = defaultdict(list)
    for interval in group:
        speakers[interval.door, interval.witness, interval.vantage].append(interval)
    for spells in speakers.values():
        yield sorted(spells, key=lambda interval: (interval.opened_in, interval.valid_from))


def _hands(before: Interval, after: Interval) -> Iterator[Difference]:
    """Compare two holders, by what both looks could see."""
    old, new = before.claim.facts, after.claim.facts
    blind = HOLDER_FACTS if is_blind(old) or is_blind(new) else frozenset[str]()
    for name in _differing(old, new):
        if name in blind and not (name in old and name in new):
            continue
        kind = ChangeKind.CHANGED_HANDS if name in _HANDS else ChangeKind.CHANGED_DETAILS
        yield _difference(kind, name, old, new, after)


def _identities(before: Interval, after: Interval) -> Iterator[Difference]:
    if before.claim.says != after.claim.says:
        kind = ChangeKind.CHANGED_IDENTITY
        yield Difference(kind=kind, what="identity", before=before.claim.says, after=after.claim.says, at=after.valid_from)
    for name in _differing(before.claim.facts, after.claim.facts):
        if name not in ("product", "version", "cpe") or before.claim.says == after.claim.says:  # the name says them already
            yield _difference(ChangeKind.CHANGED_IDENTITY, name, before.claim.facts, after.claim.facts, after)


def _verdicts(before: Interval, after: Interval) -> Iterator[Difference]:
    kind = ChangeKind.CHANGED_VERDICT
    if before.claim.says != after.claim.says:
        yield Difference(kind=kind, what="verdict", before=before.claim.says, after=after.claim.says, at=after.valid_from)
    old, new = (set(list_words(interval.claim.facts, "findings")) for interval in (before, after))
    if old != new:
        gone, come = ", ".join(sorted(old - new)), ", ".join(sorted(new - old))
        yield Difference(kind=kind, what="findings", before=gone, after=come, at=after.valid_from)


_COMPARED = {Witness.SOCKET.value: _hands, Witness.IDENTITY.value: _identities, VERDICT: _verdicts}


def _answering(before: Interval | None, after: Interval | None, spells: Sequence[Interval], first_looks: FirstLooks) -> ChangeKind | None:
    """Tell whether one address started or stopped answering one vantage; ``None`` when neither, or when nobody can say."""
    if after is not None and after.answers:
        if before is None:
            return ChangeKind.STARTED_ANSWERING if _was_looked_at(after, first_looks) else None
        return None if before.answers else ChangeKind.STARTED_ANSWERING
    if before is None or not before.answers:
        return None
    return ChangeKind.STOPPED_ANSWERING if after is not None or spells[-1].ending is Ending.ABSENT else None


def _was_looked_at(interval: Interval, first_looks: FirstLooks) -> bool:
    """Whether a run before the one that found it had looked there with the same witness."""
    return any(
        entry < interval.opened_in and look.witness == interval.witness and look.coverage.covers(interval.door, interval.vantage)
        for entry, look in first_looks
    )


def _was_away(spells: Sequence[Interval]) -> bool:
    return any(interval.ending is Ending.ABSENT for interval in spells)


def _differing(old: dict[str, Fact], new: dict[str, Fact]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _difference(kind: ChangeKind, name: str, old: dict[str, Fact], new: dict[str, Fact], after: Interval) -> Difference:
    words = name.replace("_", " ")
    return Difference(kind=kind, what=words, before=text_of(old.get(name)), after=text_of(new.get(name)), at=after.valid_from)


def _moved(changes: list[DoorChange]) -> list[DoorChange]:
    """Join a door that went and one that appeared on the same port with the same holder: it took another address."""
    went = [one for one in changes if ChangeKind.WENT in one.kinds]
    came = [one for one in changes if ChangeKind.APPEARED in one.kinds]
    if len(went) != 1 or len(came) != 1 or not _same_process(went[0].holder, came[0].holder):
        return changes
    old, new = went[0], came[0]
    kind = ChangeKind.CHANGED_ADDRESS
    difference = Difference(kind=kind, what="address", before=str(old.door.address), after=str(new.door.address), at=new.at)
    moved = DoorChange(
        door=new.door,
        kinds=[kind],
        at=new.at,
        differences=[difference],
        holder=new.holder,
        identity=new.identity,
        verdict=new.verdict,
        attention=new.attention,
        sentence=new.sentence,
    )
    return [one for one in changes if one is not old and one is not new] + [moved]


def _same_process(old: str, new: str) -> bool:
    return bool(old) and _process_name(old) == _process_name(new)


def _process_name(holder: str) -> str:
    return holder.partition(",")[0].partition(" (")[0]


_KIND_RANK = {kind: place for place, kind in enumerate(ChangeKind)}
_ATTENTION_RANK = {Attention.NEEDS_YOU: 0, Attention.UNKNOWN: 1, None: 2, Attention.FINE: 3}


def _importance(change: DoorChange) -> tuple[int, int, Door]:
    rank = 4 if change.is_gone else _ATTENTION_RANK[change.attention]
    return (rank, _KIND_RANK[change.kinds[0]], change.door)
