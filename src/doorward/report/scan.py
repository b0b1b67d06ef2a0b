"""A scan drawn line by line as it goes, and its end: what was found, from what we know it, and how sure that is."""

from __future__ import annotations

import textwrap
from typing import Final

from rich.text import Text

from doorward.scan.answer import DoorLine, PlanLine, SummaryLine, TargetLine
from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.host_counts import FROM_THE_HOST
from doorward.values.printable import printable

__all__ = ["door_column", "door_row", "heading", "plan_text", "progress_text", "summary_text"]

_COLOURS: Final = {
    DoorState.OPEN: "green",
    DoorState.FILTERED: "yellow",
    DoorState.OPEN_FILTERED: "yellow",
    DoorState.UNFILTERED: "cyan",
    DoorState.REFLEX: "red",
    DoorState.UNKNOWN: "magenta",
    DoorState.CLOSED: "dim",
}
_MOST_DOOR_COLUMN: Final = 30  # the rest of 80 columns holds the other columns; a longer address shifts its own row
_SERVICE_COLUMN: Final = 16
_STATE_COLUMN: Final = 9  # "open|filtered" shifts its own row
_MOST_NAMED_TARGETS: Final = 3
_MOST_NAMED_LIMITS: Final = 5
_MOST_UNRESOLVED: Final = 5
_ANSWERED: Final = FROM_THE_HOST


def door_column(targets: list[TargetLine]) -> int:
    """How wide the column of doors must be for these targets."""
    ends = [end for target in targets for end in (target.first, target.last)]
    return min(_MOST_DOOR_COLUMN, max((len(end.with_port(65535)) for end in ends), default=_MOST_DOOR_COLUMN))


def heading(width: int) -> Text:
    """The heads of the columns."""
    return Text(f"{'DOOR':<{width}}  {'STATE':<{_STATE_COLUMN}} {'USUALLY':<{_SERVICE_COLUMN}} HOW WE KNOW", style="bold")


def door_row(line: DoorLine, width: int) -> Text:
    """One door on one line."""
    why = line.reason.meaning
    if line.detail:
        why += f": {printable(line.detail)}"
    if line.told_by is not None and line.told_by != line.address:
        why += f", says {line.told_by}"
    if line.rtt_ms is not None:
        why += f" ({_milliseconds(line.rtt_ms)})"
    row = Text(f"{line.address.with_port(line.port):<{width}}  ")
    row.append(f"{line.state:<{_STATE_COLUMN}}", style=_COLOURS[line.state])
    row.append(f" {printable(line.service):<{_SERVICE_COLUMN}} {why}")
    return row


def summary_text(line: SummaryLine, knocks: int) -> list[Text]:
    """The end of a scan in a few lines; ``knocks`` is how often a silent door was knocked at."""
    whole = f"{line.done:,} of {line.doors:,} doors" if line.interrupted else f"{line.doors:,} door{'s' * (line.doors != 1)}"
    lines = [Text(), Text(f"{whole} of {_whom(line.targets, line.addresses)}, in {_duration(line.seconds)}:")]
    counted = sorted(line.reasons.items(), key=lambda item: (list(DoorState).index(item[0].state), -item[1]))
    digits = max((len(f"{count:,}") for _, count in counted), default=1)
    for reason, count in counted:
        row = Text(f"  {count:>{digits},} ")
        row.append(f"{reason.state:<{_STATE_COLUMN}}", style=_COLOURS[reason.state])
        row.append(f" {_meaning(reason, knocks)}")
        lines.append(row)
    if not line.states[DoorState.OPEN] and line.done:
        lines.append(Text("No open door was found."))
    first, *others = _how_sure(line, knocks)
    lines += [Text(), Text(f"How sure: {first}"), *(Text(f"          {sentence}") for sentence in others)]
    return lines


def _meaning(reason: Reason, knocks: int) -> str:
    if reason is Reason.REFUSED:
        return "the host refused: it is there, and nothing listens"
    if reason is Reason.NO_ANSWER and knocks:
        return f"no answer to {knocks} knock{'s' * (knocks != 1)}: a packet filter, or nobody there"
    return reason.meaning


def _how_sure(line: SummaryLine, knocks: int) -> list[str]:
    """What the result rests on, and what it doesn't say."""
    direct = sum(count for reason, count in line.reasons.items() if reason in _ANSWERED)
    sentences = []
    if line.done and direct == line.done:
        sentences.append("every door answered for itself.")
    elif line.done:
        sentences.append(f"{direct:,} of {line.done:,} doors answered for themselves.")
    silent = line.reasons.get(Reason.NO_ANSWER, 0)
    if silent:
        door, are = ("door", "is") if silent == 1 else ("doors", "are")
        often = f"{knocks} knock{'s' * (knocks != 1)}" if knocks else "every knock"
        sentences.append(f"{silent:,} {door} stayed silent at {often} and {are} called filtered.")
    sentences += [
        f"{one.address} limits refusals to about {one.per_s:,.0f} a second: {_count(one.doors, 'door stays', 'doors stay')} unknown."
        for one in line.limits[:_MOST_NAMED_LIMITS]
    ]
    if line.expected_missed is not None:
        sentences.append(f"expected open doors missed, by the loss measured: {_bound(line.expected_missed)}.")
    if line.trouble:
        sentences.append(f"ended early: {printable(line.trouble)}.")
    if line.excused:
        sentences.append(f"{line.frames_lost:,} frames were lost on this machine; the {line.excused:,} knocks of that time were repeated.")
    if line.lost_here and line.method != "connect":
        sentences.append(f"{_count(line.lost_here, 'door', 'doors')} lost here: lower --rate.")
    elif line.lost_here:
        sentences.append(f"{_count(line.lost_here, 'door', 'doors')} lost here, for want of ports, descriptors or memory:")
        sentences.append("raise 'ulimit -n', or lower --rate.")
    else:
        sentences.append("0 answers lost here.")
    if line.unresolved:
        sentences.append(f"{_count(len(line.unresolved), 'name has', 'names have')} no address, and nothing was asked of them:")
        sentences += [printable(name) for name in line.unresolved[:_MOST_UNRESOLVED]]
        if len(line.unresolved) > _MOST_UNRESOLVED:
            sentences.append(f"… and {len(line.unresolved) - _MOST_UNRESOLVED:,} more.")
    if line.interrupted:
        sentences.append(f"interrupted: nothing is known of the other {line.doors - line.done:,} doors.")
    return sentences


def _bound(expected: float) -> str:
    """A small expectation as an upper bound that is easy to read."""
    return next((f"below {bound:g}" for bound in (0.0001, 0.001, 0.01, 0.1, 1) if expected < bound), f"about {expected:,.0f}")


def plan_text(line: PlanLine) -> list[Text]:
    """What a scan would do."""
    lines = [
        Text(f"Would knock at {line.doors:,} doors: {_count(line.addresses, 'address', 'addresses')}, TCP ports {_short(line.ports)}.")
    ]
    for target in line.targets[:10]:
        span = str(target.first) if target.count == 1 else f"{target.first} to {target.last} ({target.count:,})"
        lines.append(Text(f"  {span}"))
    if len(line.targets) > 10:
        lines.append(Text(f"  … and {len(line.targets) - 10:,} more ranges"))
    for name, addresses in line.names.items():
        lines.append(Text(f"  {printable(name)} is {', '.join(str(address) for address in addresses)}"))
    pace = f"at most {line.rate:,.0f} a second" if line.rate else "as fast as answers come"
    if line.host_rate:
        pace += f", {line.host_rate:,.0f} a second at each host"
    lines += [Text(f"  No address: {printable(name)}") for name in line.unresolved[:10]]
    lines.append(Text(f"Knocks: {line.knocks_least:,} if every door answers, {line.knocks_most:,} if none does; {pace}."))
    lines.append(Text(f"Packets: {line.packets_least:,} if every door refuses, at most {line.packets_most:,}."))
    if line.port_source:
        lines += [Text(part) for part in textwrap.wrap(f"Ports: {line.port_source}.", 79, subsequent_indent="       ")]
    lines.append(Text(f"Time: from {_duration(line.seconds_least)} to {_duration(line.seconds_most)}. Nothing was sent."))
    return lines


def progress_text(done: int, doors: int, waiting: int, found: int, seconds: float) -> str:
    """How far a running scan is."""
    text = f"{done:,} of {doors:,} doors, {found:,} open"
    if waiting:
        text += f", {waiting:,} not answered yet"
    if done and seconds > 1 and done + waiting < doors:  # once the last knock is sent, what is left is waiting
        text += f", about {_duration((doors - done) * seconds / done)} left"
    return text


def _whom(targets: list[TargetLine], addresses: int) -> str:
    if addresses <= _MOST_NAMED_TARGETS and len(targets) <= _MOST_NAMED_TARGETS:
        ends = (target.first for target in targets) if addresses == len(targets) else ()
        named = ", ".join(str(end) for end in ends)
        if named:
            return named
    return _count(addresses, "address", "addresses")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _short(ports: str, most: int = 40) -> str:
    ports = ports.removeprefix("T:")
    return ports if len(ports) <= most else f"{ports[:most].rpartition(',')[0]},…"


def _milliseconds(milliseconds: float) -> str:
    return f"{milliseconds:.2f} ms" if milliseconds < 10 else f"{milliseconds:,.0f} ms"


def _duration(seconds: float) -> str:
    """Two digits, in the largest unit that is easy to read."""
    for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
