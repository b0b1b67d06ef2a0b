"""Where the book lies when nobody says otherwise; knows the environment's words and never looks at the disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["database_path"]


def database_path(environment: Mapping[str, str], home: Path, given: str = "") -> Path:
    """Return the database's path: ``given``, else $DOORWARD_DATABASE, else doorward/doorward.db in the user's data folder.

    The data folder is $XDG_DATA_HOME, or ``~/.local/share`` when that is unset or not absolute (XDG Base Directory Specification).
    """
    named = given or environment.get("DOORWARD_DATABASE", "")
    if named:
        return Path(named)
    data = Path(environment.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else home / ".local" / "share") / "doorward" / "doorward.db"
