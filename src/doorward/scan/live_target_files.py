"""Reads lists of targets from files and from standard input; knows no grammar of targets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO, Final

from doorward.errors import CallError, WorldError
from doorward.scan.target_files import parse_target_text
from doorward.scan.targets import TargetWord

__all__ = ["STDIN", "read_targets"]

STDIN: Final = "-"  #: the name that stands for standard input
_MOST_BYTES: Final = 256 << 20  # twelve million addresses one a line; more are networks, and a mistaken file stops here


def read_targets(name: str) -> list[TargetWord]:
    """Read a list of targets, from standard input where it is called ``-``; raises `WorldError` for what can't be read."""
    shown = "standard input" if name == STDIN else name
    try:
        if name == STDIN:
            text = _text_of(_standard_input(), shown)
        else:
            with Path(name).open("rb") as file:
                text = _text_of(file, shown)
    except OSError as error:
        why = error.strerror or str(error)
        raise WorldError("read the targets in", shown, why=why, remedy="Name a file that holds addresses, one a line.") from None
    except ValueError as error:  # a path with a NUL in it
        raise CallError("read the targets in", shown, why=str(error)) from None
    return list(parse_target_text(text, shown))


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise WorldError("read the targets in", "standard input", why="it is closed", remedy="Give it a file or a pipe.")
    return sys.stdin.buffer


def _text_of(file: BinaryIO, shown: str) -> str:
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        why = f"it is longer than {_MOST_BYTES >> 20} MiB"
        raise WorldError("read the targets in", shown, why=why, remedy="Write networks instead of single addresses.")
    return data.decode("utf-8", "surrogateescape")
