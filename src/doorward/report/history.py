"""Draws the timeline of a door: one line per beginning or end, the oldest first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from doorward.store.answers import DoorHistory, Event, HistoryAnswer
from doorward.values.clocks import ago, format_moment
from doorward.values.printable import printable

__all__ = ["draw_history"]

_MAX_SHOWN = 200  # of one foreign text
_MAX_EVENTS = 60  # of one door: a screen or two; --json has all


def draw_history(answer: HistoryAnswer) -> RenderableType:
    """Draw the answer of ``doorward history``."""
    return Group(*_parts(answer))


def _parts(answer: HistoryAnswer) -> Iterator[RenderableType]:
    for history in answer.doors:
        yield from _heading(history, answer)
        yield _timeline(history)
        yield Text()
    audits = f"{answer.audits} {printable(answer.compared)}{'' if answer.audits == 1 else 's'}"
    yield Text(f"Memory of {printable(answer.machine)} begins {format_moment(answer.remembers_since)}; {audits} since.", "dim")


def _heading(history: DoorHistory, answer: HistoryAnswer) -> Iterator[RenderableType]:
    door = history.door
    place = "" if door.machine == answer.machine else f" in {printable(door.machine)}"
    state, style = (
        ("● there by the last look", "green") if history.is_there else (f"○ gone, last seen {ago(history.last_seen, answer.now)}", "dim")
    )
    name = f"{door.transport} {door.address.with_port(door.port)}{place}"
    yield Text(name, "bold").append("  ").append(state, style)
    yield Text(f"  first seen {ago(history.first_seen, answer.now)}; {_use(history, answer)}", "dim")


def _use(history: DoorHistory, answer: HistoryAnswer) -> str:
    if not history.looks:
        return "whether it was used is unknown"
    looks = f"{history.looks} look{'' if history.looks == 1 else 's'}"
    if history.last_used is None:
        return f"never seen used in {looks}"
    return f"seen used in {history.used} of {looks}, last {ago(history.last_used, answer.now)}"


def _timeline(history: DoorHistory) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    events = history.events
    if len(events) > _MAX_EVENTS:
        grid.add_row(Text("  …"), Text(""), Text(f"{len(events) - _MAX_EVENTS} earlier events; --json has them all", "dim"))
    before: Event | None = None
    for event in events[-_MAX_EVENTS:]:
        moment = format_moment(event.at) if before is None or before.at != event.at else ""
        grid.add_row(
            Text(f"  {moment}"),
            Text("○" if event.is_end else "●", "dim" if event.is_end else "cyan"),
            Text(printable(event.text, _MAX_SHOWN)),
        )
        before = event
    return grid
