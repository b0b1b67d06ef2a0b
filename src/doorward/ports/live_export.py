"""Writes an export to a file: whole or not at all, and never over one that exists."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from doorward.errors import CallError, WorldError
from doorward.ports.export import COLUMNS, ExportRow, cells

__all__ = ["write_sqlite", "write_text"]


def write_text(path: Path, text: str) -> None:
    """Write a new text file; raises `CallError` where one exists, `WorldError` where the system refuses."""
    unfinished = _unfinished(path)
    try:
        with unfinished.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
        _put_in_place(unfinished, path)
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from None
    finally:
        _remove(unfinished)


def write_sqlite(path: Path, rows: list[ExportRow], published: str) -> None:
    """Write a new SQLite database: table ``ports`` with the columns of the CSV, table ``about`` with the registry's date."""
    unfinished = _unfinished(path)
    try:
        with unfinished.open("xb"), contextlib.closing(sqlite3.connect(unfinished)) as database, database:
            _fill(database, rows, published)
        _put_in_place(unfinished, path)
    except sqlite3.Error as error:
        raise _refused(path, str(error)) from None
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from None
    finally:
        _remove(unfinished)


def _fill(database: sqlite3.Connection, rows: list[ExportRow], published: str) -> None:
    kinds = ", ".join(f'"{column}" {"INTEGER" if column in ("first", "last") else "TEXT"} NOT NULL' for column in COLUMNS)
    database.execute(f"CREATE TABLE ports ({kinds})")
    database.execute("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    database.execute("INSERT INTO about VALUES ('registry_published', ?)", (published,))
    marks = ", ".join("?" for _ in COLUMNS)
    database.executemany(f"INSERT INTO ports VALUES ({marks})", (cells(row) for row in rows))  # noqa: S608  # marks are question marks
    database.execute("CREATE INDEX ports_by_number ON ports (first, last)")
    database.execute("CREATE INDEX ports_by_name ON ports (name)")


def _unfinished(path: Path) -> Path:
    if path.exists() or path.is_symlink():
        raise CallError("write the export to", str(path), why="the file exists", remedy="Name a new file, or remove that one.")
    return path.with_name(f".{path.name}.{os.getpid()}.unfinished")


def _put_in_place(unfinished: Path, path: Path) -> None:
    try:
        os.link(unfinished, path)  # unlike a rename, fails where the file has come to exist meanwhile
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        unfinished.rename(path)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _refused(path: Path, why: str) -> WorldError:
    return WorldError("write the export to", str(path), why=why, remedy="Name a file in a folder that you may write to.")
