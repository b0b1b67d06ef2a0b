"""The list as rows for other programs: one row for each thing a number can mean; makes CSV, writes no file."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from typing import Literal

import msgspec

from doorward.ports.answer import Source
from doorward.ports.lookup import PortList
from doorward.values.portsets import PortSet
from doorward.values.printable import printable, spreadsheet_safe
from doorward.values.transports import Transport

__all__ = ["COLUMNS", "ExportRow", "PortsExport", "cells", "csv_text", "export_rows"]


class ExportRow(msgspec.Struct, frozen=True, kw_only=True):
    """One meaning of one number or range; ``first`` and ``last`` are both inclusive and -1 for a name without a number."""

    first: int
    last: int
    transports: str  #: separated by blanks; empty where the source states none
    name: str
    source: Source
    standing: str = "assigned"
    description: str = ""  #: the registry's words, the local comment, or our note on what it is for
    reference: str = ""
    held_by: str = ""
    public: str = ""
    only_with: str = ""
    encryption: str = ""
    login: str = ""  #: "yes" or "no" in our notes, else empty
    risk: str = ""
    instead: str = ""


class PortsExport(msgspec.Struct, frozen=True, kw_only=True):
    """An export as one JSON document."""

    schema: Literal["doorward/ports-export/1"] = "doorward/ports-export/1"
    rows: list[ExportRow]


#: The columns of an export, in order.
COLUMNS: tuple[str, ...] = ExportRow.__struct_fields__


def export_rows(ports: PortList, within: PortSet | None = None, names: Collection[str] = ()) -> list[ExportRow]:
    """Return the rows that touch the ports ``within`` (all by default), and those of ``names`` without a number, in order of number."""
    rows = [*_note_rows(ports), *_local_rows(ports), *_registry_rows(ports)]
    if within is not None:
        touched = {port for _, port in within}
        rows = [row for row in rows if (row.name in names and row.first < 0) or not touched.isdisjoint(range(row.first, row.last + 1))]
    order = {source: place for place, source in enumerate(Source)}
    return sorted(rows, key=lambda row: (row.first < 0, row.first, row.last, order[row.source], row.transports, row.name.casefold()))


def csv_text(rows: list[ExportRow]) -> str:
    """Write rows as CSV with a heading (RFC 4180), every text cell safe for spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([spreadsheet_safe(cell) if isinstance(cell, str) else cell for cell in cells(row)] for row in rows)
    return text.getvalue()


def cells(row: ExportRow) -> list[str | int]:
    """Return a row's values in the order of `COLUMNS`, printable."""
    values = msgspec.structs.astuple(row)
    return [printable(str(value)) if isinstance(value, str) else value for value in values]


def _note_rows(ports: PortList) -> list[ExportRow]:
    rows: dict[tuple[int, int, str], ExportRow] = {}
    for note in ports.notes:
        for first, last, on in _spans(note.ports):
            rows[first, last, f"{note.name} {on}"] = ExportRow(
                first=first,
                last=last,
                transports=on,
                name=note.name,
                source=Source.NOTES,
                description=note.purpose,
                reference=", ".join(note.sources),
                held_by=", ".join(note.held_by),
                public=note.public.value,
                only_with=note.only_with,
                encryption=note.encryption.value,
                login="yes" if note.login else "no",
                risk=note.risk,
                instead=note.instead,
            )
    return list(rows.values())


def _spans(ports: PortSet) -> list[tuple[int, int, str]]:
    """The ranges of a set with the transports that share each, as words."""
    on: dict[tuple[int, int], list[Transport]] = {}
    for transport, first, last in ports.ranges:
        on.setdefault((first, last), []).append(transport)
    return [(first, last, " ".join(transports)) for (first, last), transports in on.items()]


def _local_rows(ports: PortList) -> list[ExportRow]:
    return [
        ExportRow(
            first=line.port, last=line.port, transports=line.transport.value, name=line.name, source=Source.LOCAL, description=line.comment
        )
        for line in ports.local
    ]


def _registry_rows(ports: PortList) -> list[ExportRow]:
    return [
        ExportRow(
            first=row.first,
            last=row.last,
            transports=" ".join(row.transports),
            name=row.name,
            source=Source.REGISTRY,
            standing=row.standing.value,
            description=row.description,
            reference=row.reference,
        )
        for row in ports.assignments
    ]
