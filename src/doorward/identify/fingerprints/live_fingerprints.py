"""Where the fingerprints lie: reads a folder of Recog's files, keeps them in one of the user's, and opens that when asked for."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from doorward.errors import CallError, WorldError
from doorward.identify.fingerprints.compact import HEAD_BYTES, Index, decode_field, decode_index, index_length
from doorward.identify.fingerprints.fingerprint import Field
from doorward.identify.fingerprints.library import Library
from doorward.identify.fingerprints.recog import MOST_BYTES, RecogFile, read_recog

__all__ = ["fingerprints_path", "keep_fingerprints", "open_library", "read_folder", "read_index"]

_MOST_FILES: Final = 500


def fingerprints_path(environment: Mapping[str, str], home: Path) -> Path:
    """Return $DOORWARD_FINGERPRINTS, else doorward/fingerprints.bin in $XDG_DATA_HOME, or in ``~/.local/share`` when that is unset."""
    if named := environment.get("DOORWARD_FINGERPRINTS", ""):
        return Path(named)
    data = Path(environment.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else home / ".local" / "share") / "doorward" / "fingerprints.bin"


def read_folder(folder: Path) -> list[RecogFile]:
    """Read all XML files of Recog in ``folder``, or in its part ``xml`` where Recog's sources have them; raises `CallError` without any."""
    place = folder / "xml" if (folder / "xml").is_dir() else folder
    try:
        paths = sorted(path for path in place.iterdir() if path.suffix == ".xml" and path.is_file())[:_MOST_FILES]
        found = [read_recog(path.stem, _read_file(path)) for path in paths]
    except OSError as error:
        why = error.strerror or str(error)
        raise CallError("read the folder", str(folder), why=why, remedy="Give the folder with Recog's files.") from None
    files = [one for one in found if one is not None and one.field.fingerprints]
    if not files:
        why, remedy = "there is no XML file with fingerprints in it", "Give the folder with Recog's files, such as ssh_banners.xml."
        raise CallError("find fingerprints in", str(folder), why=why, remedy=remedy)
    return files


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def keep_fingerprints(path: Path, content: bytes) -> None:
    """Write the file in one step, so that nobody ever reads half of it; raises `WorldError` where it can't be written."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        why = error.strerror or str(error)
        raise WorldError("keep the fingerprints in", str(path), why=why, remedy="Set DOORWARD_FINGERPRINTS.") from None


def read_index(path: Path) -> Index | None:
    """What is installed; `None` where nothing is. Raises `WorldError` for a damaged file."""
    try:
        with path.open("rb") as file:
            return decode_index(file.read(index_length(file.read(HEAD_BYTES))))
    except OSError:
        return None


def open_library(path: Path) -> Library | None:
    """The fingerprints installed; `None` where there are none. A field is read when it is first asked for."""
    try:
        index = read_index(path)
    except WorldError:
        return None  # a damaged file must not keep a door from being identified by our own readers
    if index is None:
        return None
    parts = {part.name: part for part in index.parts}

    def load(name: str) -> Field | None:
        part = parts.get(name)
        if part is None:
            return None
        try:
            with path.open("rb") as file:
                file.seek(HEAD_BYTES + index_length(file.read(HEAD_BYTES)) + part.offset)
                return decode_field(file.read(part.size))
        except (OSError, WorldError):
            return None

    return Library(index.source, load)
