"""A person at a terminal: keys read one by one while the terminal is ours, lines handed on; gives the terminal back as it was."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from doorward.cli._line_editor import LineEditor

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Keyboard", "own_keys"]


class Keyboard:
    """Lines that a person types; ``hides`` says whether what is typed now must not be kept, ``changed`` draws it."""

    is_person = True

    def __init__(self, fd: int, editor: LineEditor, hides: Callable[[], bool], changed: Callable[[], None]) -> None:
        self.editor = editor
        self._fd = fd
        self._hides = hides
        self._changed = changed
        self._lines: deque[str] = deque()
        self._ended = False

    def fileno(self) -> int | None:
        """The terminal."""
        return None if self.has_left else self._fd

    def listen(self) -> None:
        """Read the keys that were pressed; the lines that they end are kept for the arrows, unless the far end hides them."""
        keys = os.read(self._fd, 4096)
        self._ended = not keys
        for line in self.editor.feed(keys):
            self._lines.append(line)
            if not self._hides():
                self.editor.remember(line)
        self._changed()

    def take(self) -> Iterable[tuple[bytes, bool]]:
        """The next line."""
        if self._lines:
            yield self._lines.popleft().encode(), True

    @property
    def has_left(self) -> bool:
        """Whether the person left."""
        return self._ended or self.editor.has_left


@contextlib.contextmanager
def own_keys(fd: int) -> Iterator[None]:
    """Have keys one by one and unseen while this lasts; interrupting stays with the terminal."""
    import termios

    before = termios.tcgetattr(fd)
    ours = termios.tcgetattr(fd)
    ours[0] &= ~(termios.IXON | termios.ICRNL)
    ours[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
    ours[6][termios.VMIN], ours[6][termios.VTIME] = 1, 0
    try:
        termios.tcsetattr(fd, termios.TCSADRAIN, ours)
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
