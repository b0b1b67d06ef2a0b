"""The file: made private, moved up by version, and every way in which it can't be read told in one line."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from pathlib import Path

import pytest

from doorward.errors import DoorwardBug, StoreError
from doorward.store.live_file import connect, damaged, explained, migrate, transaction
from doorward.store.schema import APPLICATION_ID, MIGRATIONS, VERSION
from memories import Memory, in_another_process, listens


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one audit in it."""
    file = tmp_path / "doorward.db"
    Memory(file).audit(listens("tcp/0.0.0.0:22"))
    return file


def refusal(path: Path, *, writing: bool = False, busy_s: float = 0.05) -> str:
    with pytest.raises(StoreError) as caught:
        connect(path, writing=writing, busy_s=busy_s).close()
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_the_file_and_its_folder_are_the_owner_s_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "doorward" / "doorward.db"
    before = os.umask(0)
    try:
        connection = connect(file, writing=True)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        connection.execute("INSERT INTO run (verb, machine, vantage, options, started) VALUES ('audit', 'x', '', '{}', 1)")
        assert {stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()} == {0o600}, "its log, too"
        connection.close()
    finally:
        os.umask(before)


def test_it_says_whose_it_is_and_of_which_version(path: Path) -> None:
    connection = connect(path, writing=False)
    answers = [
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version", "journal_mode", "synchronous")
    ]
    assert answers == [APPLICATION_ID, VERSION, "wal", 1]
    connection.close()


def test_no_memory_yet_says_how_to_begin_one(tmp_path: Path) -> None:
    assert "no audit has been remembered there yet. Run: doorward audit" in refusal(tmp_path / "nothing.db")
    assert not (tmp_path / "nothing.db").exists()
    (tmp_path / "empty.db").touch()
    assert "no audit has been remembered there yet" in refusal(tmp_path / "empty.db")
    connect(tmp_path / "empty.db", writing=True).close()


def test_a_newer_version_is_left_untouched(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 7")
    other.close()
    before = path.read_bytes()
    assert f"made by a newer Doorward (schema 7, this one knows {VERSION}); it is left untouched" in refusal(path)
    assert "newer Doorward" in refusal(path, writing=True)
    assert path.read_bytes() == before


def test_an_older_version_moves_up_and_keeps_what_it_had(path: Path) -> None:
    newer = (*MIGRATIONS, ("ALTER TABLE run ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'", "CREATE TABLE more (x INTEGER) STRICT"))
    connection = connect(path, writing=False, migrations=newer)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
    assert connection.execute("SELECT verb, mood FROM run").fetchall() == [("audit", "calm")]
    connection.close()
    assert f"schema {VERSION + 1}, this one knows {VERSION}" in refusal(path)


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    newer = (*MIGRATIONS, ("CREATE TABLE more (x INTEGER) STRICT", "CREATE TABLE run (x INTEGER) STRICT"))
    with pytest.raises(StoreError):
        connect(path, writing=True, migrations=newer)
    connection = connect(path, writing=False)
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'more'").fetchone() == (0,)
    migrate(connection, MIGRATIONS)  # nothing to do
    connection.close()


def test_another_program_s_database_is_not_ours(tmp_path: Path) -> None:
    file = tmp_path / "places.sqlite"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.commit()
    other.close()
    before = file.read_bytes()
    assert "it is the database of another program" in refusal(file, writing=True)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda data: b"this is a letter, not a database. " * 300, id="a text"),
        pytest.param(lambda data: os.urandom(16384), id="noise"),
        pytest.param(lambda data: data[:100], id="cut after its header"),
        pytest.param(lambda data: data[:100] + os.urandom(3996) + data[4096:], id="noise in the first page"),
        pytest.param(lambda data: data[:16] + os.urandom(84) + data[100:], id="noise in the header"),
    ],
)
def test_a_damaged_file_is_named_and_left_where_it_is(path: Path, spoil: object) -> None:
    assert callable(spoil)
    garbage = spoil(path.read_bytes())
    path.write_bytes(garbage)
    for writing in (True, False):
        message = refusal(path, writing=writing)
        assert "the file is damaged" in message or "database of another program" in message
    assert path.read_bytes() == garbage


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    assert "it is a folder" in refusal(tmp_path, writing=True)
    os.mkfifo(tmp_path / "pipe")
    assert "it is not a regular file" in refusal(tmp_path / "pipe")
    assert "it is not a regular file" in refusal(Path("/dev/null"), writing=True)
    (tmp_path / "file").touch()
    assert "not a directory" in refusal(tmp_path / "file" / "doorward.db", writing=True)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    message = refusal(Path("/proc/doorward/doorward.db"), writing=True)
    assert "Name a file in a folder of your own" in message


AS_NOBODY = """
import sys
from pathlib import Path
from doorward.errors import DoorwardError
from doorward.store.live_sqlite import Store
try:
    with (Store.open if sys.argv[2] == "write" else Store.open_existing)(Path(sys.argv[1])) as store:
        print(len(store.finished_runs("laptop")), "audits")
except DoorwardError as error:
    print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user to be refused")
def test_another_user_s_file() -> None:
    with tempfile.TemporaryDirectory() as name:  # not tmp_path: that lies in a folder which other test sessions close to others
        folder = Path(name)
        folder.chmod(0o755)
        see_as_nobody(folder / "doorward.db")


def see_as_nobody(path: Path) -> None:
    Memory(path).audit(listens("tcp/0.0.0.0:22"))

    def told(how: str) -> str:
        # Python itself may lie in a folder that nobody else may read: the child is started as root and gives its rights up.
        script = "import os; import doorward.store.live_sqlite; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n" + AS_NOBODY
        process = in_another_process(script, str(path), how)
        out, error = process.communicate(timeout=30)
        return out + error

    assert "permission denied. Run as the file's owner" in told("read")
    path.chmod(0o644)
    assert told("read") == "1 audits\n", "may be read by whom its owner lets"
    assert "it may only be read. Run as the file's owner" in told("write")


def test_transactions_are_whole(path: Path) -> None:
    connection = connect(path, writing=True)
    with pytest.raises(ZeroDivisionError), transaction(connection):
        connection.execute("DELETE FROM interval").fetchall()[1 // 0]
    assert connection.execute("SELECT count(*) FROM interval").fetchone() == (1,)
    connection.close()


def test_a_mistake_of_ours_is_not_told_as_damage(path: Path) -> None:
    connection = connect(path, writing=True)
    connection.close()
    with pytest.raises(DoorwardBug), explained("read the memory", path):
        connection.execute("SELECT 1")
    assert "never" not in str(damaged("read", path, "x"))
