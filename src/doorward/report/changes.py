"""Draws what changed between two audits, or two scans: what needs you first, one block per door, and what can't be told last."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from doorward.store.answers import ChangeKind, ChangesAnswer, Difference, DoorChange
from doorward.values.clocks import format_moment
from doorward.values.doors import Door
from doorward.values.printable import printable
from doorward.values.verdicts import Attention

__all__ = ["draw_changes"]

# A sign and a word for every kind, so that colour only repeats what is already said.
_SIGNS = {
    ChangeKind.APPEARED: ("+", "green"),
    ChangeKind.FIRST_LOOK: ("+", "green"),
    ChangeKind.WENT: ("-", "dim"),
    ChangeKind.CAME_AND_WENT: ("-", "dim"),
}
_CHANGED = ("~", "yellow")
_ANSWERING = {ChangeKind.STARTED_ANSWERING: "now", ChangeKind.STOPPED_ANSWERING: "no longer"}
_SECTIONS = {
    Attention.NEEDS_YOU: ("Needs you", "bold red"),
    Attention.UNKNOWN: ("Not sure", "bold yellow"),
    None: ("Not judged", "bold yellow"),
    Attention.FINE: ("Fine", "bold green"),
}
_GONE = ("Gone", "bold")
_SEEN = ("There now", "bold")  # a scan judges nothing
_MAX_NAME = 40  # of what differs: a fact's name
_MAX_SHOWN = 200  # of one foreign text; two lines and a half of a terminal


def draw_changes(answer: ChangesAnswer) -> RenderableType:
    """Draw the answer of ``doorward changes``."""
    return Group(*_parts(answer))


def _parts(answer: ChangesAnswer) -> Iterator[RenderableType]:
    yield from _heading(answer)
    title = ""
    for change in answer.changes:
        section, style = _GONE if change.is_gone else _SEEN if answer.compared == "scan" else _SECTIONS[change.attention]
        if section != title:
            yield Text()
            yield Text(section.upper(), style)
            title = section
        yield _block(change, several=answer.audits_between > 0, by_scan=answer.compared == "scan")
    if answer.earlier is not None:
        yield Text()
        yield Text(_summary(answer), "bold" if answer.changes else "")
    if answer.cannot_tell:
        yield Text()
        yield Text("Cannot be told", "bold")
        yield from (_hanging(Text(printable(sentence))) for sentence in answer.cannot_tell)


def _heading(answer: ChangesAnswer) -> Iterator[RenderableType]:
    later, what = format_moment(answer.later.ended), printable(answer.compared)
    if answer.earlier is None:
        yield Text(f"Doors of {printable(answer.machine)}, {what} of {later}", "bold")
    else:
        span = _span(answer.later.ended - answer.earlier.ended)
        yield Text(f"What changed at the doors of {printable(answer.machine)}", "bold")
        between = f", {answer.audits_between} more in between" if answer.audits_between else ""
        yield Text(f"from the {what} of {format_moment(answer.earlier.ended)}\n  to the {what} of {later} ({span} later{between})", "dim")
    if answer.note:
        yield Text(printable(answer.note))


def _block(change: DoorChange, *, several: bool, by_scan: bool) -> RenderableType:
    sign, style = _SIGNS.get(change.kinds[0], _CHANGED)
    line = Text(f"  {sign} ", style).append(_door_words(change.door), "bold").append("  ").append(_kinds(change.kinds), style)
    if several:
        line.append(f"  {format_moment(change.at)}", "dim")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, words in _rows(change, by_scan=by_scan):
        grid.add_row(Text(name), Text(words))
    return Group(line, Padding(grid, (0, 0, 0, 4)))


def _rows(change: DoorChange, *, by_scan: bool) -> Iterator[tuple[str, str]]:
    for difference in change.differences:
        if difference.kind in _ANSWERING:
            yield "answers", f"{_ANSWERING[difference.kind]} {_shown(difference.what.removeprefix('answers '))}"
        else:
            yield printable(difference.what[:_MAX_NAME]), _difference_words(difference)
    told = {difference.what for difference in change.differences}
    if not by_scan or change.holder:  # from outside nobody sees who holds a door
        yield "was held by" if change.is_gone else "held by", _shown(change.holder) or "unknown (not visible without root)"
    if change.identity and "identity" not in told:
        yield "identified as", _shown(change.identity)
    if change.is_gone or not change.verdict:
        return
    if "verdict" in told:
        yield "because", _shown(change.sentence)
    else:
        yield "verdict", f"{_shown(change.verdict)}: {_shown(change.sentence)}" if change.sentence else _shown(change.verdict)


def _difference_words(difference: Difference) -> str:
    if difference.kind is ChangeKind.CHANGED_VERDICT and difference.what == "findings":
        signs = ((difference.after, "new: "), (difference.before, "settled: "))
        return "; ".join(f"{sign}{_shown(words)}" for words, sign in signs if words)
    return f"{_shown(difference.before) or 'none'} → {_shown(difference.after) or 'none'}"


def _summary(answer: ChangesAnswer) -> str:
    since = format_moment(answer.earlier.ended) if answer.earlier is not None else "then"
    if not answer.changes:
        return f"Nothing changed at {_count(answer.unchanged, 'door')} since {since}."
    counts = {kind: sum(change.kinds[0] is kind for change in answer.changes) for kind in ChangeKind}
    kinds = [f"{count} {kind}" for kind, count in counts.items() if count]
    doors = _count(len(answer.changes), "door")
    told = f"{doors}: {', '.join(kinds)}" if len(kinds) > 1 else f"{doors} {answer.changes[0].kinds[0]}"
    rest = f" Nothing changed at {_count(answer.unchanged, 'other door')}." if answer.unchanged else ""
    return f"{told}.{rest}"


def _door_words(door: Door) -> str:
    machine = f" in {printable(door.machine)}" if "#" in door.machine else ""
    return f"{door.transport} {door.address.with_port(door.port)}{machine}"


def _kinds(kinds: Sequence[ChangeKind]) -> str:
    return ", ".join(kinds)


def _hanging(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 2))


def _shown(text: str) -> str:
    return printable(text, _MAX_SHOWN)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _span(length: datetime.timedelta) -> str:
    """Say a length of time in the largest unit of which there are at least two; ``1 minute`` is 60 seconds."""
    seconds = max(0, int(length.total_seconds()))
    units = (("day", 86400), ("hour", 3600), ("minute", 60))
    return next((_count(seconds // size, name) for name, size in units if seconds >= 2 * size), _count(seconds, "second"))
