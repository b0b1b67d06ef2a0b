"""Which two audits a question compares, and what can't be told from them; knows runs and looks, not what was found."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence

import msgspec

from doorward.store.coverage import Look
from doorward.store.runs import RunRecord
from doorward.values.clocks import format_moment
from doorward.values.evidence import Witness

__all__ = ["Window", "cannot_tell", "choose_window"]


class Window(msgspec.Struct, frozen=True):
    """The two audits to compare; ``earlier`` is ``None`` when there is only one."""

    earlier: RunRecord | None
    later: RunRecord
    between: int = 0  #: audits between the two
    note: str = ""


def choose_window(audits: Sequence[RunRecord], since: datetime.datetime | None) -> Window:
    """Choose among finished ``audits`` (at least one, in the order of writing): the last two, or the last one by ``since`` and the last."""
    last = len(audits) - 1
    if since is None:
        if not last:
            note = "Only this one audit is remembered, so there is nothing to compare it with yet. Run: doorward audit"
            return Window(None, audits[0], note=note)
        return Window(audits[last - 1], audits[last])
    before = [place for place, audit in enumerate(audits) if audit.ended is not None and audit.ended <= since]
    first = before[-1] if before else 0
    note = ""
    if first == last:
        note = (
            f"No audit has ended since {format_moment(since)}. Run: doorward audit"
            if before
            else "Only this one audit is remembered. Run: doorward audit"
        )
        return Window(None, audits[last], note=note)
    if not before:
        note = f"Memory begins after the moment asked for ({format_moment(since)}), so the first audit stands in for it."
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


def _asked(looks: Iterable[Look]) -> set[str]:
    return {look.witness for look in looks}


def _machines(looks: Iterable[Look]) -> set[str]:
    return {look.coverage.machine for look in looks if look.witness == Witness.SOCKET}


def _joined(words: Collection[str]) -> str:
    return " and ".join(words) if len(words) < 3 else ", ".join(words)
