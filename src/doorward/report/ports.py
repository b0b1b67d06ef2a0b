"""Draws what ports mean: a page for one, a table for many; decides nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from doorward.ports.answer import Asked, Counts, Holding, Meaning, PortEntry, PortsAnswer, Source
from doorward.ports.assignments import Standing
from doorward.ports.likely import explain_range
from doorward.ports.notes import Encryption, PortNote, Public
from doorward.values.printable import printable

__all__ = ["draw_ports", "plain_rows"]

_PUBLIC = {
    Public.YES: ("yes", "green", "Yes, it is made for it."),
    Public.CAREFUL: ("careful", "yellow", "Careful."),
    Public.NO: ("no", "red", "No: it is made for one machine or one trusted network."),
}
_ENCRYPTION = {
    Encryption.NONE: "None: whoever is on the way can read what passes",
    Encryption.ALWAYS: "Always",
    Encryption.STARTTLS: "Begins readable and is encrypted on request (STARTTLS), if both ends insist",
    Encryption.OPTIONAL: "As it is set up; seen both with and without",
}
_FREE = {
    Standing.UNASSIGNED: "not assigned to any service",
    Standing.RESERVED: "reserved by the registry",
    Standing.REMOVED: "was assigned once, and is no longer",
    Standing.PRIVATE: "set aside for private use",
}
_SHOWN_MEANINGS = 6


def draw_ports(answer: PortsAnswer) -> RenderableType:
    """Draw the whole answer: help where nothing was asked, a page for one entry, a table for several."""
    if answer.asked is Asked.NOTHING and answer.counts is not None:
        return _how_to_ask(answer.counts)
    if len(answer.entries) == 1:
        return _page(answer.entries[0], answer.holders)
    return Group(_table(answer.entries), *_below_table(answer))


def plain_rows(answer: PortsAnswer, columns: int) -> Iterator[str]:
    """Yield the table of very many ports as plain lines, cut to the width; Rich would take seconds for ten thousand rows."""
    yield "PORT         ON        NAME              WHAT IT IS"
    for entry in answer.entries:
        line = f"{_number(entry):<11}  {_transports(entry.transports, short=True):<8}  {entry.name:<16}  {_what(entry)}"
        yield printable(line)[:columns].rstrip()


def _how_to_ask(counts: Counts) -> RenderableType:
    asks = Table.grid(padding=(0, 3))
    for words, meaning in (
        ("doorward ports 443", "what one number is for, and who holds it here"),
        ("doorward ports ssh", "the number of a name"),
        ("doorward ports T:22,U:53", "some of one transport each"),
        ("doorward ports 6000-6063", "a range"),
        ("doorward ports remote desktop", "a search by words"),
        ("doorward ports --export csv", "the whole list"),
    ):
        asks.add_row(Text(words, "bold"), Text(meaning))
    known = (
        f"{counts.numbers:,} port numbers with a registered service and {counts.names:,} service names, {counts.names_without_number:,} of "
        f"them without a number (IANA's registry of {counts.published}); {counts.noted:,} numbers explained in plain words; "
        f"{counts.local_names:,} names in this machine's own list."
    )
    return Group(Text("The port list: ask it with"), Padding(asks, (1, 0, 1, 2)), Text(f"It knows {known}"))


def _page(entry: PortEntry, missing: str) -> RenderableType:
    parts: list[RenderableType] = [_headline(entry)]
    if not entry.notes:
        parts.append(Text(_plainly(entry), "bold cyan"))
    for note in entry.notes:
        title = f"{_transports(note.ports.transports).upper()}: {note.title}" if len(entry.notes) > 1 else note.title
        rows = _grid()
        _add_note(rows, note)
        parts += [Text(printable(title), "bold cyan"), Padding(rows, (1, 0, 0, 2))]
        parts += [Text()] if len(entry.notes) > 1 else []
    rows = _grid()
    _row(rows, "Held here by", _held(entry, missing))
    _add_meanings(rows, entry)
    _row(rows, "Kind of number", explain_range(entry.first, entry.last))
    _row(rows, "Sources", "; ".join(dict.fromkeys(source for note in entry.notes for source in note.sources)))
    return Group(*parts, Padding(rows, (0 if entry.notes else 1, 0, 0, 2)))


def _headline(entry: PortEntry) -> Text:
    number = f"Port {_number(entry)}" if entry.first >= 0 else "No number"
    line = Text.assemble((number, "bold"), "  ", (printable(entry.name), "bold"))
    if entry.transports:
        line.append(f"  {_transports(entry.transports)}", "dim")
    return line


def _add_note(rows: Table, note: PortNote) -> None:
    _row(rows, "What it is for", note.purpose)
    word, style, sentence = _PUBLIC[note.public]
    _row(rows, "On the internet", Text(printable(f"{word.capitalize()}. {note.only_with}" if note.only_with else sentence), style))
    readable = note.encryption is Encryption.NONE and note.login
    _row(rows, "Encryption", Text(f"{_ENCRYPTION[note.encryption]}{_passwords(note)}.", "red" if readable else ""))
    _row(rows, "Risk", note.risk)
    _row(rows, "Better", note.instead)
    _row(rows, "Mind", list(note.confusions))
    _row(rows, "Usual holders", ", ".join(note.held_by))


def _passwords(note: PortNote) -> str:
    if not note.login:
        return ""
    return ", passwords too" if note.encryption is Encryption.NONE else "; passwords travel through it"


def _add_meanings(rows: Table, entry: PortEntry) -> None:
    """Say every other thing that the number can mean, source by source, and why the one above is the likely one."""
    told = {note.name for note in entry.notes}
    also = [meaning for meaning in entry.meanings if meaning.source is Source.NOTES and meaning.name not in told]
    _row(rows, "Also found here", [_meaning(meaning) for meaning in also])
    _row(rows, "Registered as", _few([meaning for meaning in entry.meanings if meaning.source is Source.REGISTRY]))
    if entry.squatted:
        _row(rows, "", "The registry knows of other, unregistered uses of this number.")
    _row(rows, "Local name", _few([meaning for meaning in entry.meanings if meaning.source is Source.LOCAL]))
    _row(rows, "Likely", [f"{m.name}: {m.why}" for m in entry.meanings if m.likely and m.why and entry.first >= 0])


def _few(meanings: list[Meaning]) -> list[Text]:
    """Draw meanings, those of one name and description together, at most a handful."""
    together: dict[tuple[str, str], Meaning] = {}
    for meaning in meanings:
        key = (meaning.name, meaning.says if meaning.source is Source.LOCAL else "")
        before = together.get(key)
        together[key] = _merged(before, meaning) if before else meaning
    shown = [_meaning(meaning) for meaning in together.values()]
    rest = len(shown) - _SHOWN_MEANINGS + 1
    return shown if rest <= 1 else [*shown[: _SHOWN_MEANINGS - 1], Text(f"and {rest} more; a single number shows its own", "dim")]


def _merged(one: Meaning, other: Meaning) -> Meaning:
    transports = list(dict.fromkeys([*one.transports, *other.transports]))
    references = list(dict.fromkeys(part for m in (one, other) for part in m.reference.split(", ") if part))
    return structs.replace(one, transports=transports, says=one.says or other.says, reference=", ".join(references))


def _meaning(meaning: Meaning) -> Text:
    line = Text(printable(meaning.name), "bold") if meaning.name else Text()
    says = printable(meaning.says.rstrip("."))
    if says and says.casefold() != meaning.name.casefold():
        line.append(f"{': ' if meaning.name else ''}{says}", "not bold")
    details = [_transports(meaning.transports), printable(meaning.reference)] if meaning.source is not Source.NOTES else []
    if meaning.alias_of:
        details.append(f"old spelling of {printable(meaning.alias_of)}")
    told = ", ".join(detail for detail in details if detail)
    return line.append(f"  ({told})", "not bold dim") if told else line


def _held(entry: PortEntry, missing: str) -> list[Text] | Text:
    if entry.first < 0:
        return Text("")
    if not entry.held_by:
        return Text(printable(missing) if missing.startswith("Who holds it") else "nobody: no program on this machine listens on it now")
    return [_holding(holding) for holding in entry.held_by] + ([Text(missing, "dim")] if missing else [])


def _holding(holding: Holding) -> Text:
    holder = holding.holder
    line = Text(printable(holder.label if holder.pid is not None else "a process we may not see, or the kernel itself"), "bold")
    details = [f"user {holder.user}" if holder.user else "", holder.unit, f"container {holder.container}" if holder.container else ""]
    line.append(printable("".join(f", {detail}" for detail in details if detail)))
    line.append(f" on {holding.transport} {holding.address.with_port(holding.port)}", "dim")
    return line


def _plainly(entry: PortEntry) -> str:
    if entry.standing is Standing.ASSIGNED and entry.meanings:
        return printable(entry.title or "A registered service; the registry says no more of it.")
    return f"This number is {_FREE.get(entry.standing, 'known by name only')}." if entry.first >= 0 else printable(entry.title)


def _table(entries: list[PortEntry]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", expand=False)
    table.add_column("PORT", no_wrap=True)
    table.add_column("ON", no_wrap=True)
    table.add_column("NAME", no_wrap=True, max_width=18)
    table.add_column("WHAT IT IS", ratio=1)
    table.add_column("PUBLIC", no_wrap=True)
    held = any(entry.held_by for entry in entries)
    if held:
        table.add_column("HELD HERE BY", no_wrap=True, max_width=18)
    for entry in entries:
        cells = [Text(_number(entry), "bold"), Text(_transports(entry.transports, short=True)), Text(printable(entry.name))]
        table.add_row(*cells, Text(_what(entry)), _public_cell(entry), *([Text(_holders(entry))] if held else []))
    return table


def _public_cell(entry: PortEntry) -> Text:
    words = list(dict.fromkeys(_PUBLIC[note.public][:2] for note in entry.notes))
    return Text("/").join(Text(word, style) for word, style in words)


def _what(entry: PortEntry) -> str:
    return printable(entry.title) if entry.title else _FREE.get(entry.standing, "")


def _holders(entry: PortEntry) -> str:
    return printable(", ".join(dict.fromkeys(holding.holder.process or "unknown" for holding in entry.held_by)))


def _below_table(answer: PortsAnswer) -> list[Text]:
    lines: list[Text] = []
    if answer.asked is Asked.WORDS and answer.found > len(answer.entries):
        lines.append(Text(f"The {len(answer.entries)} best of {answer.found}; all of them: --all", "dim"))
    if answer.entries:
        first = next((entry for entry in answer.entries if entry.notes), answer.entries[0])
        if first.first >= 0:
            lines.append(Text(f"More on one: doorward ports {_number(first)}", "dim"))
    if answer.holders:
        lines.append(Text(printable(answer.holders), "dim"))
    return [Text(), *lines] if lines else []


def _number(entry: PortEntry) -> str:
    if entry.first < 0:
        return "–"
    return str(entry.first) if entry.first == entry.last else f"{entry.first}-{entry.last}"


def _transports(transports: Iterable[str], *, short: bool = False) -> str:
    words = [str(transport) for transport in transports]
    if short:  # SCTP and DCCP are told on the page; in a table they would take the words' room
        words = [word for word in words if word in ("tcp", "udp")] or words[:1]
    return ("/" if short else ", ").join(words)


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="dim", min_width=15)
    grid.add_column(ratio=1)
    return grid


def _row(grid: Table, label: str, value: str | Text | Sequence[str | Text]) -> None:
    """Add a row, or one for each text of a list, unless there is nothing to say."""
    for place, text in enumerate([value] if isinstance(value, str | Text) else value):
        words = Text(printable(text)) if isinstance(text, str) else text
        if words.plain:
            grid.add_row(Text(label if place == 0 else ""), words)
