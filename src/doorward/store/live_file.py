"""Opens the database's file, makes it, moves it up to this version, and says in one line why it can't; knows nothing of what is in it.

A memory is precious: a file that we can't read is never deleted, renamed or overwritten here. Whoever calls is told what is wrong
with it and what to do.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from doorward.errors import DoorwardBug, StoreError
from doorward.store.schema import APPLICATION_ID, MIGRATIONS
from doorward.values.printable import printable

__all__ = ["BUSY_S", "connect", "damaged", "explained", "migrate", "transaction"]

#: How long to wait for another process that is writing. A run of 30,000 doors is written in under a second (bench/store.py).
BUSY_S = 5.0

_MAX_SAID = 200  # characters of what SQLite says; it may quote a whole damaged statement
_FRESH = "Run: doorward audit"


def connect(path: Path, *, writing: bool, busy_s: float = BUSY_S, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> sqlite3.Connection:
    """Open the database at ``path``, in autocommit mode; made with mode 0600 when ``writing`` and not there yet.

    Raises `StoreError` for a missing file when not ``writing``, and for one that is no file, unreadable, damaged, another
    program's or of a newer version.
    """
    with explained("open the memory", path):
        is_new = _look_at(path, writing=writing)
        mode = "rw" if _may_write(path) else _read_mode(path)
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=busy_s, isolation_level=None)
        try:
            _prepare(connection, path, migrations, is_new=is_new, writable=mode == "rw")
        except BaseException:
            connection.close()
            raise
        return connection


def migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
    """Bring the file up to the last of ``migrations``, in one transaction; two processes may try at once."""
    with transaction(connection):
        version = _pragma(connection, "user_version")
        for statements in migrations[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        connection.execute(f"PRAGMA user_version = {len(migrations):d}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of the block or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a full disk may have rolled back already
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(doing: str, path: Path) -> Iterator[None]:
    """Turn what SQLite and the system raise into a `StoreError` that a person can act on."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError) as error:
        raise DoorwardBug(doing, str(path), why=str(error)) from error
    except sqlite3.Error as error:
        raise _story(doing, path, error) from error
    except UnicodeDecodeError as error:  # the module's own, when the complaint about a damaged page quotes its bytes
        raise damaged(doing, path, "it holds text that is none") from error
    except OSError as error:
        raise StoreError(doing, str(path), why=_lower(error.strerror or str(error)), remedy=_REMEDIES["SQLITE_CANTOPEN"]) from error


def damaged(doing: str, path: Path, why: str) -> StoreError:
    """Return the error for a file whose content can't be right; the file itself stays as it is."""
    remedy = "Move it aside and run: doorward audit (a new memory begins). What is left in it: sqlite3 FILE .recover"
    return StoreError(doing, str(path), why=f"the file is damaged ({printable(' '.join(why.split()), _MAX_SAID)})", remedy=remedy)


def _look_at(path: Path, *, writing: bool) -> bool:
    """Return whether there is nothing yet; make an empty private file there when ``writing``."""
    try:
        found = path.stat()
    except FileNotFoundError:
        if not writing:
            raise StoreError("read the memory", str(path), why="no audit has been remembered there yet", remedy=_FRESH) from None
        path.absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):  # another process was quicker
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return True
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "not a regular file"
        raise StoreError("open the memory", str(path), why=f"it is {kind}", remedy="Name a file with --database or $DOORWARD_DATABASE.")
    if not os.access(path, os.R_OK):
        raise StoreError("open the memory", str(path), why="permission denied", remedy=_REMEDIES["SQLITE_PERM"])
    if writing and not _may_write(path):
        raise StoreError("open the memory", str(path), why="it may only be read", remedy=_REMEDIES["SQLITE_READONLY"])
    if not found.st_size and not writing:
        raise StoreError("read the memory", str(path), why="no audit has been remembered there yet", remedy=_FRESH)
    return not found.st_size


def _may_write(path: Path) -> bool:
    """Whether we may write the file and make its log beside it."""
    return os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)


def _read_mode(path: Path) -> str:
    """Return how to open a file that we may only read.

    A file in WAL mode wants to make its ``-shm`` beside it even for a reader, unless it is promised that nobody writes. Without a
    ``-wal`` beside it nobody does at this moment (SQLite, Write-Ahead Logging §5 "Read-Only Databases").
    """
    return "ro" if path.with_name(f"{path.name}-wal").exists() else "ro&immutable=1"


def _prepare(connection: sqlite3.Connection, path: Path, migrations: Sequence[Sequence[str]], *, is_new: bool, writable: bool) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")  # what stands in a file from elsewhere calls no function of ours
    connection.execute("PRAGMA cell_size_check = ON")
    _check_identity(connection, path, len(migrations), is_new=is_new)
    if _pragma(connection, "user_version") < len(migrations):
        if not writable:
            raise StoreError(
                "read the memory", str(path), why="it is of an older version, and may not be written", remedy=_REMEDIES["SQLITE_READONLY"]
            )
        migrate(connection, migrations)
    if writable:
        with suppress(sqlite3.OperationalError):  # busy: the other process sets it, and the mode stays in the file
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _check_identity(connection: sqlite3.Connection, path: Path, known: int, *, is_new: bool) -> None:
    application, version = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    has_tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] > 0
    if application != APPLICATION_ID and (has_tables or version) and not is_new:
        raise StoreError(
            "open the memory", str(path), why="it is the database of another program", remedy="Name a file of your own with --database."
        )
    if version > known:
        why = f"it was made by a newer Doorward (schema {version}, this one knows {known}); it is left untouched"
        raise StoreError("open the memory", str(path), why=why, remedy="Update Doorward, or name another file with --database.")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value if isinstance(value, int) else 0


_REMEDIES = {
    "SQLITE_BUSY": "Wait until it is done and try again.",
    "SQLITE_LOCKED": "Wait until it is done and try again.",
    "SQLITE_FULL": "Make room, or name a file on another disk with --database; what was remembered before is unharmed.",
    "SQLITE_READONLY": "Run as the file's owner, or name a file of your own with --database.",
    "SQLITE_PERM": "Run as the file's owner, or name a file of your own with --database.",
    "SQLITE_CANTOPEN": "Name a file in a folder of your own with --database or $DOORWARD_DATABASE.",
}
_WHYS = {
    "SQLITE_BUSY": "another process is writing to it",
    "SQLITE_LOCKED": "another process is writing to it",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may only be read",
    "SQLITE_PERM": "permission denied",
    "SQLITE_CANTOPEN": "the system won't open it",
}


def _story(doing: str, path: Path, error: sqlite3.Error) -> StoreError:
    name = "_".join((getattr(error, "sqlite_errorname", "") or "").split("_")[:2])  # SQLITE_BUSY_SNAPSHOT is a SQLITE_BUSY
    if name in _WHYS:
        return StoreError(doing, str(path), why=_WHYS[name], remedy=_REMEDIES[name])
    if name == "SQLITE_IOERR":
        return StoreError(doing, str(path), why=f"the disk failed ({error})", remedy="See the kernel's log: dmesg")
    return damaged(doing, path, _lower(str(error)))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
