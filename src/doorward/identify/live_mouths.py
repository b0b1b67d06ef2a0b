"""Where prepared words come from: a list given beforehand, or a pipe; cut into lines whatever their ends, and bounded."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["GivenLines", "PipedLines"]

_MOST_WAITING: Final = 1 << 16  # bytes of a pipe that wait to be said; the pipe waits when that is full


class GivenLines:
    """Lines given on the command line."""

    is_person = False

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines = deque(lines)

    def fileno(self) -> int | None:
        """Nothing to wait for."""
        return None

    def listen(self) -> None:
        """Nothing to read."""

    def take(self) -> Iterable[tuple[bytes, bool]]:
        """The next line, with its end."""
        if self._lines:
            yield self._lines.popleft(), True

    @property
    def has_left(self) -> bool:
        """Whether all is said."""
        return not self._lines


class PipedLines:
    """What a pipe or file brings; ``fd`` is read and never closed."""

    is_person = False

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._ended = False
        self._waiting = bytearray()

    def fileno(self) -> int | None:
        """The pipe, while it may bring more and there is room."""
        return None if self._ended or len(self._waiting) >= _MOST_WAITING else self._fd

    def listen(self) -> None:
        """Read what is there."""
        data = os.read(self._fd, _MOST_WAITING)
        self._ended = not data
        self._waiting += data

    def take(self) -> Iterable[tuple[bytes, bool]]:
        """The next line; what has no end is a line only when the pipe has ended, or is too long to wait for its end."""
        end = self._waiting.find(b"\n")
        if end >= 0:
            line = bytes(self._waiting[:end]).removesuffix(b"\r")
            del self._waiting[: end + 1]
            yield line, True
        elif self._waiting and (self._ended or len(self._waiting) >= _MOST_WAITING):
            line = bytes(self._waiting)
            self._waiting.clear()
            yield line, False

    @property
    def has_left(self) -> bool:
        """Whether all is read and said."""
        return self._ended and not self._waiting
