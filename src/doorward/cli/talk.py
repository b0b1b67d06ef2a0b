"""``doorward talk HOST:PORT``: speak with a door by hand, safely, with what happens explained beside it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from doorward.cli._output import Output
from doorward.errors import CallError, WorldError

if TYPE_CHECKING:
    from pathlib import Path

    from doorward.cli._keyboard import Keyboard
    from doorward.identify.live_conversation import Mouth
    from doorward.identify.talk_answer import TalkEvent
    from doorward.identify.talking import Talking
    from doorward.verbs.talk import Wishes

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "talk with a door by hand: the telnet of old, safe and explained"
EXAMPLE = """\
examples:
  doorward talk 192.168.1.1:23                     type lines; Ctrl-] leaves
  printf 'HEAD / HTTP/1.0\\r\\n\\r\\n' | doorward talk localhost:80
  doorward talk localhost:6379 --send PING --send 'INFO server' --json
  doorward talk mail.example.org:25 --starttls smtp --transcript mail.txt
  doorward talk [::1]:443 --tls --hex

What the far end sends can't move the cursor, colour or clear the screen: all of it is
shown as plain text. What is typed while the far end hides it, as with passwords, is
neither shown nor kept. Lines from a pipe wait for an answer each where the far end
spoke first, and go at once where it waits for us."""

_TIMEOUT_S = 5.0


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the door and the flags."""
    parser.add_argument("door", metavar="HOST:PORT", help="address or name, and port or service name")
    parser.add_argument("--send", action="append", default=[], metavar="LINE", help="say this line, then the next; nobody types")
    parser.add_argument("--tls", action="store_true", help="encrypt from the first byte; certificates are shown, not checked")
    parser.add_argument("--starttls", default="", metavar="PROTOCOL", help="ask to go on encrypted: smtp, imap, pop3, ftp, nntp, xmpp…")
    parser.add_argument("--hex", action="store_true", help="show bytes as they come instead of lines")
    parser.add_argument("--transcript", default="", metavar="FILE", help="append all that is shown, with times, to a file")
    parser.add_argument(
        "--timeout", type=float, default=_TIMEOUT_S, metavar="SECONDS", help=f"silence after which to leave ({_TIMEOUT_S:g})"
    )
    parser.add_argument(
        "--most-bytes", type=int, default=1_000_000, metavar="BYTES", help="leave after so many when nobody types (1000000)"
    )
    ends = parser.add_mutually_exclusive_group()
    ends.add_argument("--crlf", dest="line_end", action="store_const", const=b"\r\n", default=b"\r\n", help="end lines with CR LF (so)")
    ends.add_argument("--lf", dest="line_end", action="store_const", const=b"\n", help="end lines with LF alone")
    manners = parser.add_mutually_exclusive_group()
    manners.add_argument(
        "--telnet", dest="manner", action="store_const", const="telnet", default="auto", help="negotiate options from the start"
    )
    manners.add_argument("--raw", dest="manner", action="store_const", const="raw", help="never negotiate: bytes are bytes")
    parser.add_argument("--i-may-scan-this", action="store_true", help="talk to a public address too: you have the right to")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Hold the conversation."""
    _check(arguments)
    from doorward.identify.talking import Manner
    from doorward.values.clocks import SystemClock
    from doorward.verbs.talk import Wishes, find_door, talk

    wishes = Wishes(
        tls=arguments.tls,
        starttls=arguments.starttls,
        manner=Manner(arguments.manner),
        in_hex=arguments.hex,
        line_end=arguments.line_end,
        timeout_s=arguments.timeout,
        most_bytes=arguments.most_bytes,
        columns=output.columns,
        rows=_rows(),
    )
    door = find_door(arguments.door, may_scan_public=arguments.i_may_scan_this)
    with _transcript(arguments.transcript) as file, _face(arguments, output, wishes, file) as face:
        talk(door, wishes, clock=SystemClock(), tell=face.tell, mouth=face.mouth)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if not 0.2 <= arguments.timeout <= 3600:
        raise CallError("wait", f"{arguments.timeout:g} seconds", why="a conversation waits 0.2 to 3600 seconds")
    if not 1 <= arguments.most_bytes <= 1 << 30:
        raise CallError("hear at most", f"{arguments.most_bytes} bytes", why="it must be between 1 and 1073741824")
    if arguments.tls and arguments.starttls:
        raise CallError(
            "use --tls and --starttls together", why="the first encrypts at once, the second asks for it first", remedy="Choose."
        )
    if any("\n" in line or "\r" in line for line in arguments.send):
        raise CallError("say", why="a line to send has a line's end within", remedy="Give each line its own --send.")


def _rows() -> int:
    try:
        return os.get_terminal_size(2).lines
    except OSError:
        return 24


@contextmanager
def _transcript(name: str) -> Iterator[TextIO | None]:
    """Open the transcript to append to, readable by its owner alone when it is new."""
    if not name:
        yield None
        return
    try:
        opened = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as error:
        raise WorldError(
            "write the transcript", name, why=error.strerror or str(error), remedy="Name a file that can be written."
        ) from None
    with os.fdopen(opened, "a", encoding="utf-8") as file:
        yield file


@contextmanager
def _face(arguments: argparse.Namespace, output: Output, wishes: Wishes, transcript: TextIO | None) -> Iterator[_Face]:
    """The one who tells: to a person at a terminal, or to whoever reads stdout."""
    if arguments.send or sys.stdin is None or not sys.stdin.isatty() or output.json:
        yield _Face(output, wishes, transcript, arguments.send)
        return
    from pathlib import Path

    from doorward.cli._keyboard import own_keys
    from doorward.identify.live_talk_history import history_path

    face = _Person(output, wishes, transcript, history_path(os.environ, Path.home()))
    try:
        with own_keys(sys.stdin.fileno()):
            yield face
    finally:
        face.leave()


class _Face:
    """Tells events, and says prepared lines."""

    def __init__(self, output: Output, wishes: Wishes, transcript: TextIO | None, lines: list[str]) -> None:
        self._output = output
        self._wishes = wishes
        self._transcript = transcript
        self._lines = lines

    def tell(self, event: TalkEvent) -> None:
        """Show one event, and write it down."""
        from doorward.report.talk import drawn_lines, plain_lines

        if self._transcript is not None:
            moment = event.at.astimezone().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
            self._transcript.writelines(f"{moment} {line}\n" for line in plain_lines(event, in_hex=self._wishes.in_hex))
            self._transcript.flush()
        if self._output.json:
            self._output.json_line(event)
        elif self._output.is_terminal:
            self._output.show(*drawn_lines(event, self._output.columns, in_hex=self._wishes.in_hex))
        else:
            self._output.lines(plain_lines(event, in_hex=self._wishes.in_hex))
            self._output.flush()

    def mouth(self, talking: Talking) -> Mouth:  # noqa: ARG002  # a person's needs it
        """Where our words come from."""
        from doorward.identify.live_mouths import GivenLines, PipedLines

        if self._lines or sys.stdin is None or sys.stdin.isatty():
            return GivenLines([line.encode("utf-8", "surrogateescape") for line in self._lines])
        return PipedLines(sys.stdin.fileno())


class _Person(_Face):
    """A person types: the line being typed stands at the bottom, and what happens scrolls above it."""

    def __init__(self, output: Output, wishes: Wishes, transcript: TextIO | None, history: Path) -> None:
        super().__init__(output, wishes, transcript, [])
        self._history = history
        self._keyboard: Keyboard | None = None
        self._talking: Talking | None = None
        output.line("Type lines and press Enter; arrows bring earlier ones back. Ctrl-] leaves.")

    def tell(self, event: TalkEvent) -> None:
        """Show an event above the line being typed."""
        self._output.progress("")
        super().tell(event)
        self._output.flush()
        self.draw_prompt()

    def draw_prompt(self) -> None:
        """Draw the line being typed."""
        from doorward.report.talk import prompt

        if self._keyboard is None or self._talking is None:
            return
        editor = self._keyboard.editor
        columns = min(self._output.columns, 79)
        self._output.progress(prompt(editor.text, editor.cursor, columns, hidden=self._talking.hides_input))

    def mouth(self, talking: Talking) -> Mouth:
        """The keyboard."""
        from doorward.cli._keyboard import Keyboard
        from doorward.cli._line_editor import LineEditor
        from doorward.identify.live_talk_history import read_history

        self._talking = talking
        editor = LineEditor(read_history(self._history))
        self._keyboard = Keyboard(sys.stdin.fileno(), editor, lambda: talking.hides_input, self.draw_prompt)
        self.draw_prompt()
        return self._keyboard

    def leave(self) -> None:
        """Wipe the line being typed, and keep the history."""
        from doorward.identify.live_talk_history import keep_history

        self._output.progress("")
        if self._keyboard is not None:
            keep_history(self._history, self._keyboard.editor.earlier)
