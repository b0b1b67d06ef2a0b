"""Taking in data of others that the user has: today fingerprints, from a folder; nothing is fetched."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from doorward.identify.fingerprints.answer import FieldCount, FingerprintsAnswer
from doorward.identify.fingerprints.compact import Index, encode_file
from doorward.identify.fingerprints.live_fingerprints import fingerprints_path, keep_fingerprints, read_folder, read_index
from doorward.identify.fingerprints.proof import failures, library_of
from doorward.values.clocks import Clock

__all__ = ["install_fingerprints", "installed_fingerprints"]

_SOURCE = "Recog"


def install_fingerprints(folder: Path, clock: Clock) -> FingerprintsAnswer:
    """Read the folder, try all fingerprints on their own examples, and keep them; raises `CallError` for a folder without any."""
    files = read_folder(folder)
    failed = failures(files, library_of(files, _SOURCE))
    path = fingerprints_path(os.environ, Path.home())
    keep_fingerprints(path, encode_file(_SOURCE, clock.now().isoformat(timespec="seconds"), [file.field for file in files]))
    index = read_index(path)
    assert index is not None
    return _answer(
        path,
        index,
        examples=sum(len(file.examples) for file in files),
        failed=failed,
        left_out=[f"{one.field} #{one.number}: {one.why}" for file in files for one in file.left_out],
    )


def installed_fingerprints() -> FingerprintsAnswer:
    """What is installed now; raises `WorldError` for a damaged file."""
    path = fingerprints_path(os.environ, Path.home())
    index = read_index(path)
    return _answer(path, index) if index is not None else FingerprintsAnswer(installed=False, path=str(path))


def _answer(path: Path, index: Index, *, examples: int = 0, failed: Sequence[str] = (), left_out: Sequence[str] = ()) -> FingerprintsAnswer:
    fields = [FieldCount(field=part.name, fingerprints=part.fingerprints) for part in index.parts]
    return FingerprintsAnswer(
        installed=True,
        path=str(path),
        source=index.source,
        at=index.installed,
        fingerprints=sum(field.fingerprints for field in fields),
        fields=fields,
        examples=examples,
        failed=list(failed),
        left_out=list(left_out),
    )
