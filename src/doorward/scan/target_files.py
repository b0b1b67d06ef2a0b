"""Lists of targets as text: words between blanks, ``#`` begins a comment. Knows where each word stands, not what it means.

The form is that of nmap's -iL files, so lists that people have can be used as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from doorward.scan.targets import TargetWord

__all__ = ["parse_target_text"]

_WORD: Final = re.compile(r"\S+")
_BYTE_ORDER_MARK: Final = "\ufeff"  # some editors begin a file with it (RFC 3629 §6)


def parse_target_text(text: str, name: str) -> Iterator[TargetWord]:
    """Yield each word with its place ``name:line:column``, both counted from 1; lines end with LF, CRLF or CR."""
    for number, line in enumerate(re.split("\r\n|\r|\n", text.removeprefix(_BYTE_ORDER_MARK)), start=1):
        for match in _WORD.finditer(line.partition("#")[0]):
            yield TargetWord(match.group(), f"{name}:{number}:{match.start() + 1}")
