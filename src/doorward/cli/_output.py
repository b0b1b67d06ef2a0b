"""The only place that writes to the terminal; whatever passes it is harmless.

Text from outside is sanitised where it enters a table; here everything is sanitised once more, segment by segment, so that a
forgotten place can't let an ESC sequence out. Results go to stdout, complaints and progress to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from doorward.errors import WorldError
from doorward.values.printable import printable
from doorward.values.records import encode_json

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = ["Output"]

_DEFAULT_COLUMNS = 80


class Output:
    """Where a command's results go: words for people, JSON for programs."""

    def __init__(self, stdout: TextIO | None = None, stderr: TextIO | None = None) -> None:
        self._stdout = stdout if stdout is not None else sys.stdout
        self._stderr = stderr if stderr is not None else sys.stderr
        self.json = False

    def use_json(self, wanted: bool) -> None:
        """Choose JSON instead of words."""
        self.json = wanted

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads stdout."""
        return self._stdout is not None and self._stdout.isatty()

    @property
    def columns(self) -> int:
        """The width to draw for: the terminal's, else $COLUMNS, else 80."""
        given = os.environ.get("COLUMNS", "")
        if given.isdigit() and int(given) >= 20:
            return int(given)
        try:
            return os.get_terminal_size(self._stdout.fileno()).columns or _DEFAULT_COLUMNS
        except (OSError, ValueError, AttributeError):
            return _DEFAULT_COLUMNS

    def document(self, record: object) -> None:
        """Write one record as one indented JSON document."""
        self._write(encode_json(record, indent=2) + "\n")

    def json_line(self, record: object) -> None:
        """Write one record as one line of JSON and hand it on at once."""
        self._write(encode_json(record) + "\n")
        self.flush()

    def line(self, text: str = "") -> None:
        """Write one line of words."""
        self._write(printable(text, limit=max(len(text), 1)) + "\n")

    def lines(self, texts: Iterable[str]) -> None:
        """Write many lines at once; cheap for a hundred thousand of them."""
        block = "\n".join(texts)
        if not block:
            return
        if not _is_plain(block):
            block = "\n".join(printable(text) for text in block.split("\n"))
        self._write(block + "\n")

    def show(self, *drawings: RenderableType) -> None:
        """Draw Rich renderables at the terminal's width."""
        console = self._console()
        for drawing in drawings:
            self._write(_rendered(console, drawing))

    def file(self, text: str) -> None:
        """Write a whole export (CSV, HTML) as it is; it has its own escaping, and is meant for a file."""
        self._write(text)

    def complain(self, message: str) -> None:
        """Write one line to stderr, beginning with the program's name."""
        self._note(f"doorward: {printable(message)}\n")

    def progress(self, message: str) -> None:
        """Show what is being done on a terminal's stderr, over the line before; an empty message wipes it."""
        if self._stderr is not None and self._stderr.isatty():
            self._note(f"\r\x1b[K{printable(message)[: _DEFAULT_COLUMNS - 1]}")

    def flush(self) -> None:
        """Hand everything written to the system; raises what writing raises."""
        if self._stdout is not None:
            self._stdout.flush()

    def abandon(self) -> None:
        """Give stdout up after it failed, so that the interpreter doesn't complain again at its end."""
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        except (OSError, ValueError):
            return

    def _write(self, text: str) -> None:
        if self._stdout is None:
            raise WorldError("write the results", why="standard output is closed", remedy="Give it a file or a terminal.")
        self._stdout.write(text)

    def _note(self, text: str) -> None:
        try:
            if self._stderr is not None:
                self._stderr.write(text)
                self._stderr.flush()
        except OSError:
            return  # nobody can be told

    def _console(self) -> Console:
        from rich.console import Console

        return Console(
            file=self._stdout,
            width=self.columns,
            markup=False,
            highlight=False,
            emoji=False,
            no_color="NO_COLOR" in os.environ,
            soft_wrap=False,
            legacy_windows=False,
        )


def _rendered(console: Console, drawing: RenderableType) -> str:
    """Render to text with each segment sanitised: the styles are ours, the words may be anybody's."""
    from rich.segment import Segment, Segments

    clean = []
    for segment in console.render(drawing):
        if not segment.control:
            words = "\n".join(printable(part) for part in segment.text.split("\n"))
            clean.append(Segment(words, segment.style))
    with console.capture() as capture:
        console.print(Segments(clean), end="")
    text = capture.get()
    # Lines end where their last visible character does: trailing blanks break copying and diffs.
    return text if console.is_terminal else "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _is_plain(block: str) -> bool:
    """Whether every character of a block of lines may go to a terminal as it is."""
    return block.replace("\n", "").isprintable()
