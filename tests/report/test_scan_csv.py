from __future__ import annotations

import csv
import io

from doorward.report.scan_csv import csv_head, csv_line
from scan_lines import DOOR, hostile


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_door_is_a_row() -> None:
    (row,) = rows(csv_head() + csv_line(DOOR))
    assert (row["address"], row["port"], row["state"], row["rtt_ms"], row["told_by"]) == ("10.0.0.1", "22", "open", "0.25", "")
    assert csv_line(DOOR).endswith("\r\n")


def test_no_cell_is_a_formula_or_a_control() -> None:
    (row,) = rows(csv_head() + csv_line(hostile()))
    assert row["host"].startswith("'=cmd")
    assert all(cell[:1] not in ("=", "+", "-", "@") for cell in row.values())
    assert all(cell.isprintable() for cell in row.values())
