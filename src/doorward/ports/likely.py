"""Says everything a number can mean and marks the likely meaning with the reason; judges by what it is handed, asks nobody.

The order of belief: the program that holds the number here now; what is found on it in practice (our notes); the names of this machine's
own list; the registry, whose names for many numbers nobody meets (5000 is not commplex-main on any machine that we know).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from doorward.ports.answer import Holding, Meaning, PortEntry, Source
from doorward.ports.assignments import Assignment, Standing
from doorward.ports.lookup import Known
from doorward.ports.notes import PortNote
from doorward.ports.services import LocalName
from doorward.values.doors import Holder
from doorward.values.transports import Transport

__all__ = ["entry_of", "explain_range", "runs_as"]

_COMM_LENGTH = 15  # Linux keeps 15 bytes of a process's name (TASK_COMM_LEN, include/linux/sched.h)


def entry_of(known: Known, holdings: Sequence[Holding] = ()) -> PortEntry:
    """Put together what is to be said of one number, or of neighbours that mean the same."""
    held = [one for one in holdings if known.first <= one.port <= known.last and one.transport in known.asked]
    meanings = _marked(known, _meanings(known), held)
    likely = [meaning for meaning in meanings if meaning.likely]
    return PortEntry(
        first=known.first,
        last=known.last,
        transports=_transports(known),
        name=" / ".join(dict.fromkeys(meaning.name for meaning in likely if meaning.name)),
        title=" / ".join(dict.fromkeys(meaning.says for meaning in likely if meaning.says)),
        standing=known.assignments[0].standing if known.assignments else Standing.UNASSIGNED,
        meanings=meanings,
        notes=list(known.notes),
        held_by=held,
        squatted=any(row.squatted for row in known.assignments),
    )


def explain_range(first: int, last: int) -> str:
    """Say to which of the three parts of the numbers these belong, in one sentence."""
    if first < 0:
        return "None: a name for finding a service by DNS (RFC 6763), which tells the number each time."
    if last < 1024:
        return "A system port (0–1023): on Unix only root, or a program given that right, may listen on it."
    if first >= 49152:
        return "A dynamic port (49152–65535): given to no service, but to whoever asks the system for any free number."
    if first >= 1024 and last < 49152:
        return "A user port (1024–49151): any program may listen on it."
    return ""


def runs_as(holder: Holder, described: str) -> bool:
    """Whether the holder's process is one of those named in ``described``, such as ``"OpenSSH (sshd)"``."""
    process = holder.process.casefold()
    if len(process) < 2:
        return False
    names = {part.strip().casefold() for part in re.split(r"[(),:]", described)} | set(described.casefold().split())
    return any(process == name or (len(name) > _COMM_LENGTH and process == name[:_COMM_LENGTH]) for name in names)


def _meanings(known: Known) -> list[Meaning]:
    meanings: list[Meaning] = []
    for note in known.notes:
        on = [t for t in known.asked if any(t is own and low <= known.first <= high for own, low, high in note.ports.ranges)]
        meanings.append(Meaning(note.name, Source.NOTES, on, note.title))
        meanings += [Meaning(name, Source.NOTES, on, what) for name, what in note.others.items()]
    local: dict[str, list[LocalName]] = {}
    for line in known.local:
        local.setdefault(line.name, []).append(line)
    meanings += [Meaning(name, Source.LOCAL, [line.transport for line in lines], lines[0].comment) for name, lines in local.items()]
    return meanings + [_registered(row, known) for row in known.assignments if row.standing is not Standing.UNASSIGNED]


def _registered(row: Assignment, known: Known) -> Meaning:
    on = [transport for transport in row.transports if transport in known.asked]
    says = row.description or {Standing.RESERVED: "reserved", Standing.REMOVED: "removed"}.get(row.standing, "")
    return Meaning(row.name, Source.REGISTRY, on, says, reference=row.reference, alias_of=row.alias_of)


def _marked(known: Known, meanings: list[Meaning], held: Sequence[Holding]) -> list[Meaning]:
    """Mark the likely meaning of each note's transports, or the best single one where there is no note."""
    chosen: dict[int, str] = {}
    place = 0
    for note in known.notes:
        group = meanings[place : place + 1 + len(note.others)]
        offset, why = _chosen_of(note, group, known, held)
        chosen[place + offset] = why
        place += len(group)
    if not known.notes:
        chosen = _chosen_without_note(meanings)
    return [_with_mark(meaning, chosen[i]) if i in chosen else meaning for i, meaning in enumerate(meanings)]


def _chosen_of(note: PortNote, group: list[Meaning], known: Known, held: Sequence[Holding]) -> tuple[int, str]:
    holders = [one.holder for one in held if one.transport in group[0].transports]
    for holder in holders:
        if any(runs_as(holder, described) for described in note.held_by):
            return 0, f"{holder.label} holds it here now, which usually is this."
    for offset, name in enumerate(note.others, start=1):
        for holder in holders:
            if runs_as(holder, name):
                return offset, f"{holder.label} holds it here now."
    odd = next((holder.label for holder in holders if holder.pid is not None), "")
    return 0, _practice(note, known) + (f" But {odd}, which holds it here now, is none of the usual programs." if odd else "")


def _practice(note: PortNote, known: Known) -> str:
    registered = {row.name.casefold() for row in known.assignments if row.name}
    if registered & {note.name, *note.aliases}:
        return "the registry and common use agree."
    names = [row.name for row in known.assignments if row.name and not row.alias_of]
    if names:
        return f"what is found there in practice; the registry's name {names[0]} says otherwise or less."
    return "what is found there in practice; the registry names nothing."


def _chosen_without_note(meanings: list[Meaning]) -> dict[int, str]:
    for place, meaning in enumerate(meanings):
        if meaning.source is Source.LOCAL:
            agreed = any(other.source is Source.REGISTRY and other.name.casefold() == meaning.name.casefold() for other in meanings)
            return {place: "this machine's own list and the registry agree." if agreed else "this machine's own list names it so."}
    registered = [place for place, meaning in enumerate(meanings) if meaning.name and not meaning.alias_of]
    if not registered:
        return {}
    names = {meanings[place].name for place in registered}
    why = "the registry's only name for it." if len(names) == 1 else "the first of the registry's names for it; nothing tells them apart."
    return {registered[0]: why}


def _with_mark(meaning: Meaning, why: str) -> Meaning:
    return Meaning(meaning.name, meaning.source, meaning.transports, meaning.says, True, why, meaning.reference, meaning.alias_of)


def _transports(known: Known) -> list[Transport]:
    stated = {transport for row in known.assignments if row.standing is Standing.ASSIGNED for transport in row.transports}
    stated |= {line.transport for line in known.local}
    stated |= {transport for note in known.notes for transport in note.ports.transports}
    return [transport for transport in known.asked if transport in stated]
