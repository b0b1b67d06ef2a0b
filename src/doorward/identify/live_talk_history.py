"""Lines typed in earlier conversations: a file of the user's own that nobody else can read. Holds no passwords: they never come here."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from doorward.identify.spoken_secrets import without_secrets

__all__ = ["history_path", "keep_history", "read_history"]

_MOST_LINES: Final = 1000
_LONGEST: Final = 1000


def history_path(environment: Mapping[str, str], home: Path) -> Path:
    """Return doorward/talk_history in $XDG_STATE_HOME, or in ``~/.local/state`` when that is unset or not absolute (XDG Base Directory)."""
    state = Path(environment.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else home / ".local" / "state") / "doorward" / "talk_history"


def read_history(path: Path) -> list[str]:
    """The lines, oldest first; none where there is no such file or it can't be read."""
    try:
        with path.open("rb") as file:
            lines = file.read(_MOST_LINES * _LONGEST).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return [line[:_LONGEST] for line in lines if line.isprintable()][-_MOST_LINES:]


def keep_history(path: Path, lines: list[str]) -> None:
    """Write the last thousand lines, for their owner alone to read, but none with a secret in it; a full disk is no reason to fail."""
    kept = [line for line in lines if line.strip() and line.isprintable() and len(line) <= _LONGEST and without_secrets(line) == line]
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in kept[-_MOST_LINES:])
        fresh.replace(path)
