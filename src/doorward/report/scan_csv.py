"""A scan as CSV for spreadsheets (RFC 4180), with no cell that a spreadsheet would calculate; pure text."""

from __future__ import annotations

import csv
import io
from typing import Final

from doorward.scan.answer import DoorLine
from doorward.values.printable import spreadsheet_safe

__all__ = ["csv_head", "csv_line"]

_COLUMNS: Final = ("address", "transport", "port", "state", "reason", "service", "host", "rtt_ms", "knocks", "told_by", "detail")


def csv_head() -> str:
    """The names of the columns; they stay, and new ones come behind."""
    return _row(_COLUMNS)


def csv_line(door: DoorLine) -> str:
    """One door."""
    cells = (getattr(door, column) for column in _COLUMNS)
    return _row(tuple("" if cell is None else spreadsheet_safe(str(cell)) for cell in cells))


def _row(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
