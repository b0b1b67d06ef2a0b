"""The way to a door drawn for a person: a line for each hop, where it ends, what that means, and what to do. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from doorward.report.quantities import count, duration_us
from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.trail.answer import HopLine, PathAnswer, TrailLine
from doorward.scan.trail.conclusion import Ending
from doorward.scan.trail.hops import Sign
from doorward.values.evidence import Certainty
from doorward.values.printable import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["draw_path"]

_SURE: Final = {Certainty.MEASURED: "measured", Certainty.INFERRED: "inferred: likely, not proved", Certainty.UNKNOWN: "unknown"}
_COLOURS: Final = {DoorState.OPEN: "green", DoorState.CLOSED: "dim", DoorState.UNKNOWN: "magenta"}
_ENDED_BY: Final = {
    Reason.PROHIBITED: "refuses: forbidden by an administrator",
    Reason.PORT_UNREACHABLE: "refuses: port unreachable",
    Reason.HOST_UNREACHABLE: "says: nobody has this address",
    Reason.NET_UNREACHABLE: "says: no way there",
    Reason.PROTOCOL_UNREACHABLE: "says: this transport isn't spoken",
    Reason.OTHER_ICMP: "reports an error",
}


def draw_path(answer: PathAnswer) -> list[RenderableType]:
    """Draw one answer."""
    parts: list[RenderableType] = [_headline(answer), Text()]
    parts.append(Padding(_hops(answer), (0, 0, 0, 2)))
    parts.append(Text())
    style = "" if answer.ending is Ending.DOOR else "bold"
    parts.append(Text(printable(answer.sentence), style=style))
    if answer.meaning:
        parts.append(Text(printable(answer.meaning)))
    rows = _grid()
    _row(rows, "What next", answer.advice)
    _row(rows, "How sure", f"{_SURE[answer.certainty]}; {_effort(answer)}")
    if answer.others:
        _row(rows, "Compared", "; ".join(_compared(other, answer) for other in answer.others))
    for place, note in enumerate(answer.notes):
        _row(rows, "Noticed" if place == 0 else "", note)
    if answer.other_addresses:
        _row(rows, "Also called so", ", ".join(map(str, answer.other_addresses[:4])) + ("…" if len(answer.other_addresses) > 4 else ""))
    return [*parts, Text(), rows]


def _headline(answer: PathAnswer) -> Text:
    line = Text.assemble(("Path to ", ""), (f"{answer.transport} {answer.address.with_port(answer.port)}", "bold"))
    if answer.host != str(answer.address):
        line.append(f" ({printable(answer.host)})")
    if answer.service:
        line.append(f", usually {printable(answer.service)}", "dim")
    line.append(": ")
    return line.append(str(answer.state), _COLOURS.get(answer.state, "yellow"))


# --- the hops


def _hops(answer: PathAnswer) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("HOP", justify="right", no_wrap=True)
    table.add_column("MACHINE", overflow="fold")
    table.add_column("ROUND TRIP", justify="right", no_wrap=True)
    table.add_column("WHAT IT DOES", overflow="fold")
    unsent = next((line for line in (answer.path.direct, *answer.path.hops) if line.sign is Sign.UNSENT), None)
    if unsent is not None:
        table.add_row("here", _machines(unsent), "", _doing(unsent, answer))
        return table
    last = max((line.hop for line in answer.path.hops if line.sign is not Sign.SILENCE), default=0)
    for line in answer.path.hops:
        if line.hop <= last:
            _hop_row(table, line, answer)
    silent = [line.hop for line in answer.path.hops if line.hop > last]
    if silent:
        places = f"{silent[0]}" if len(silent) == 1 else f"{silent[0]}–{silent[-1]}"
        table.add_row(places, Text("*", "dim"), "", Text("no answer", "yellow"))
    _direct_row(table, answer)
    return table


def _hop_row(table: Table, line: HopLine, answer: PathAnswer) -> None:
    table.add_row(str(line.hop), _machines(line), _round_trip(line), _doing(line, answer))


def _machines(line: HopLine) -> Text:
    text = Text()
    for address, name in zip(line.addresses, line.names, strict=True):
        text.append("\n" if text else "")
        text.append(str(address))
        text.append(f" {printable(name)}" if name else "", "dim")
    return text if line.addresses else Text("*", "dim")


def _round_trip(line: HopLine) -> str:
    return duration_us(round(min(line.rtts_ms) * 1000)) if line.rtts_ms else ""


def _doing(line: HopLine, answer: PathAnswer) -> Text:
    if line.sign is Sign.PASSED:
        if line.hop == answer.stops_after_hop and answer.ending in (Ending.FILTERED, Ending.VANISHES, Ending.SILENT):
            return Text("the last to answer: knocks stop here or behind", "yellow")
        return Text("passes it on")
    if line.sign is Sign.ANSWERED:
        return Text(f"the door answers: {answer.state}", _COLOURS.get(answer.state, "yellow"))
    if line.sign is Sign.REFUSED and line.reason is not None:
        return Text(_ENDED_BY.get(line.reason, line.reason.meaning), "red")
    if line.sign is Sign.UNSENT and line.reason is not None:
        return Text(line.reason.meaning, "magenta")
    return Text("no answer", "dim")


def _direct_row(table: Table, answer: PathAnswer) -> None:
    """The knock that went all the way, where no hop shows the same."""
    direct = answer.path.direct
    shown = {line.sign for line in answer.path.hops}
    if direct.sign in shown and direct.sign is not Sign.SILENCE:
        return
    if direct.sign is Sign.SILENCE and not (shown & {Sign.ANSWERED, Sign.REFUSED}):
        table.add_row("door", Text("*", "dim"), "", Text("no answer to knocks that go all the way", "yellow"))
    elif direct.sign is not Sign.SILENCE:
        table.add_row("door", _machines(direct), _round_trip(direct), _doing(direct, answer))


# --- what stands below


def _effort(answer: PathAnswer) -> str:
    return f"{count(answer.knocks, 'knock')} in {answer.seconds:.1f} s"


def _compared(other: TrailLine, answer: PathAnswer) -> str:
    heard = [line for line in other.hops if line.addresses]
    if not heard:
        return f"{other.by} gets an answer, from an unknown distance" if other.reached else f"{other.by} gets no answer either"
    last = heard[-1]
    where = " and ".join(map(str, last.addresses))
    if other.reached or answer.address in last.addresses:
        return f"{other.by} is answered by {where} at hop {last.hop}"
    doing = "is refused by" if last.sign is Sign.REFUSED else "gets to"
    return f"{other.by} {doing} {where} at hop {last.hop}{', and no farther' if last.sign is Sign.PASSED else ''}"


def _grid() -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _row(table: Table, label: str, words: str) -> None:
    if words:
        table.add_row(Text(label), Text(printable(words)))
