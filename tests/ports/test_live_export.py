"""Exports written to files."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from doorward.errors import CallError, WorldError
from doorward.ports.export import COLUMNS, export_rows
from doorward.ports.live_export import write_sqlite, write_text
from doorward.ports.live_list import port_list
from doorward.values.portsets import PortSet

ROWS = export_rows(port_list(), PortSet.parse("T:22,U:53"))


def test_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "ports.db"
    write_sqlite(path, ROWS, "2025-01-01")
    with contextlib.closing(sqlite3.connect(path)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(ports)")]
        assert columns == list(COLUMNS)
        assert database.execute("SELECT count(*) FROM ports").fetchone() == (len(ROWS),)
        assert database.execute("SELECT public FROM ports WHERE first = 22 AND source = 'notes'").fetchone() == ("careful",)
        assert database.execute("SELECT value FROM about").fetchone() == ("2025-01-01",)
    assert [file.name for file in tmp_path.iterdir()] == ["ports.db"]


def test_text(tmp_path: Path) -> None:
    write_text(tmp_path / "list.csv", "a\r\n")
    assert (tmp_path / "list.csv").read_bytes() == b"a\r\n"


@pytest.mark.parametrize("write", [lambda path: write_text(path, "new"), lambda path: write_sqlite(path, ROWS, "")])
def test_never_over_an_existing_file(tmp_path: Path, write: Callable[[Path], None]) -> None:
    path = tmp_path / "kept"
    path.write_text("old")
    with pytest.raises(CallError, match="the file exists"):
        write(path)
    assert path.read_text() == "old"


@pytest.mark.parametrize("write", [lambda path: write_text(path, "new"), lambda path: write_sqlite(path, ROWS, "")])
def test_a_refusal_is_one_line_and_leaves_nothing(tmp_path: Path, write: Callable[[Path], None]) -> None:
    with pytest.raises(WorldError, match="cannot write the export"):
        write(tmp_path / "missing" / "file")
    assert list(tmp_path.iterdir()) == []
