"""Which two audits, or scans of one host, a question compares, and what can't be told from them; knows runs and looks, not finds."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence

import msgspec

from doorward.store.coverage import Look
from doorward.store.runs import RunRecord
from doorward.values.clocks import format_moment
from doorward.values.evidence import Witness
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

__all__ = ["Window", "cannot_tell", "cannot_tell_of_scans", "choose_window"]


class Window(msgspec.Struct, frozen=True):
    """The two audits to compare; ``earlier`` is ``None`` when there is only one."""

    earlier: RunRecord | None
    later: RunRecord
    between: int = 0  #: audits between the two
    note: str = ""


def choose_window(audits: Sequence[RunRecord], since: datetime.datetime | None, again: str = "doorward audit") -> Window:
    """Choose among finished ``audits`` (at least one, in the order of writing): the last two, or the last one by ``since`` and the last.

    They may be scans as well; all of one verb. ``again`` is the call that makes one more.
    """
    last = len(audits) - 1
    verb = audits[last].verb
    if since is None:
        if not last:
            note = f"Only this one {verb} is remembered, so there is nothing to compare it with yet. Run: {again}"
            return Window(None, audits[0], note=note)
        return Window(audits[last - 1], audits[last])
    before = [place for place, audit in enumerate(audits) if audit.ended is not None and audit.ended <= since]
    first = before[-1] if before else 0
    note = ""
    if first == last:
        note = (
            f"No {verb} has ended since {format_moment(since)}. Run: {again}"
            if before
            else f"Only this one {verb} is remembered. Run: {again}"
        )
        return Window(None, audits[last], note=note)
    if not before:
        note = f"Memory begins after the moment asked for ({format_moment(since)}), so the first {verb} stands in for it."
    return Window(audits[first], audits[last], last - first - 1, note)


def cannot_tell(earlier: Iterable[Look], later: Iterable[Look]) -> list[str]:
    """Say which questions two audits leave open, because a witness wasn't asked or did not look everywhere."""
    before, after = list(earlier), list(later)
    asked_before, asked_after = _asked(before), _asked(after)
    sentences: list[str] = []
    never: list[str] = []
    for witness in Witness:
        if witness in asked_after and witness in asked_before:
            if any(look.witness == witness and not look.coverage.complete for look in after):
                sentences.append(f"{witness}: it did not look everywhere in the later audit, so what it did not find may be there.")
        elif witness in asked_before:
            sentences.append(f"{witness}: not asked in the later audit, so {_TELLS[witness]} cannot be told.")
        elif witness in asked_after:
            sentences.append(f"{witness}: not asked in the earlier audit, so {_TELLS[witness]} cannot be compared.")
        else:
            never.append(witness.value)
    unseen = sorted(_machines(before) - _machines(after))
    sentences += [f"{machine}: not looked at in the later audit, so its doors stand as they were last seen." for machine in unseen]
    if never:
        sentences.append(f"{_joined(never)}: asked in neither audit.")
    return sentences


_TELLS = {
    Witness.SOCKET: "which doors came or went and who holds them",
    Witness.FIREWALL: "whom the rules let through",
    Witness.PROBE: "whether doors started or stopped answering",
    Witness.IDENTITY: "whether another product or version answers",
    Witness.USE: "who came through",
    Witness.ADVISORY: "which weaknesses are known",
}


def cannot_tell_of_scans(earlier: Iterable[Look], later: Iterable[Look], machine: str) -> list[str]:
    """Say what two scans of a machine leave open, because the later one did not look everywhere that the earlier one did."""
    before, after = _looked_at(earlier, machine), _looked_at(later, machine)
    left_out = PortSet(door_range for door_range in _without(before, after))
    if not left_out:
        return []
    return [f"The later scan left out {_ports_in_words(left_out)}: what was open there stands as it was last seen."]


def _looked_at(looks: Iterable[Look], machine: str) -> PortSet:
    ports = PortSet()
    for look in looks:
        if look.witness == Witness.PROBE and look.coverage.machine == machine and look.coverage.complete:
            ports |= look.coverage.ports
    return ports


def _without(ports: PortSet, others: PortSet) -> list[tuple[Transport, int, int]]:
    kept = set(others)
    return [(transport, port, port) for transport, port in ports if (transport, port) not in kept]


def _ports_in_words(ports: PortSet) -> str:
    text = str(ports)
    return f"the ports {text}" if len(text) <= _LONGEST_PORTS else f"{len(ports):,} ports"


_LONGEST_PORTS = 60  # characters; more is counted


def _asked(looks: Iterable[Look]) -> set[str]:
    return {look.witness for look in looks}


def _machines(looks: Iterable[Look]) -> set[str]:
    return {look.coverage.machine for look in looks if look.witness == Witness.SOCKET}


def _joined(words: Collection[str]) -> str:
    return " and ".join(words) if len(words) < 3 else ", ".join(words)
