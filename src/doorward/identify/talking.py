"""A conversation by hand as a state machine: bytes and lines in, events and bytes out. Knows no socket, no terminal and no clock.

Plain by default; where the far end negotiates telnet options the stream is parted and answered (`telnet_machine`). What the far end says
comes out by lines, an unfinished one when it pauses, because prompts have no end. All text in events is harmless; what is typed while the
far end hides it is nowhere in them, for it may be a password.
"""

from __future__ import annotations

import enum
from typing import Final

import msgspec

from doorward.identify.spoken_secrets import without_secrets
from doorward.identify.talk_answer import Happening, TalkEvent
from doorward.identify.telnet_machine import TelnetMachine
from doorward.identify.telnet_options import IAC, VERBS
from doorward.identify.telnet_stream import Command, TelnetStream
from doorward.values.clocks import Clock
from doorward.values.printable import printable, printable_bytes

__all__ = ["LONGEST_LINE", "Manner", "Talking"]

#: Bytes after which a line without an end is shown all the same.
LONGEST_LINE: Final = 4096
_MOST_OPTION_EVENTS: Final = 200  # told one by one; a far end that says more of them is playing


class Manner(enum.StrEnum):
    """Whether options are negotiated."""

    AUTO = "auto"  #: as soon as the far end begins a negotiation, before or instead of text
    TELNET = "telnet"  #: from the start
    RAW = "raw"  #: never: bytes are bytes


class Talking:
    """Give it what arrives (`hear`), pauses (`pause`) and what a person says (`say`); take the events, and `outgoing` for the line."""

    def __init__(
        self,
        clock: Clock,
        *,
        manner: Manner = Manner.AUTO,
        by_lines: bool = True,
        line_end: bytes = b"\r\n",
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self.heard_bytes = 0
        self.said_bytes = 0
        self.is_telnet = manner is Manner.TELNET
        self._manner = manner
        self._clock = clock
        self._start_ns = clock.monotonic_ns()
        self._by_lines = by_lines
        self._line_end = line_end
        self._stream = TelnetStream()
        self._machine = TelnetMachine(columns=columns, rows=rows)
        self._line = bytearray()
        self._outgoing = bytearray()
        self._options_told = 0
        self._someone_spoke = False

    @property
    def hides_input(self) -> bool:
        """Whether the far end shows or hides what is typed: it must be neither shown nor kept here."""
        return self._machine.far_end_echoes

    @property
    def has_spoken(self) -> bool:
        """Whether anybody has said anything yet."""
        return self._someone_spoke

    def take_outgoing(self) -> bytes:
        """What is to be sent now; asking takes it."""
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    def hear(self, data: bytes) -> list[TalkEvent]:
        """Bytes came."""
        events = self._first("The far end speaks first")
        self.heard_bytes += len(data)
        if not self._by_lines:
            events.append(self.event(Happening.HEARD, text=printable_bytes(data), data=data))
        if self._manner is Manner.AUTO and not self.is_telnet and _begins_negotiation(data, self.heard_bytes - len(data)):
            self.is_telnet = True
            events.append(self.event(Happening.NOTE, text="It speaks telnet: each option that it negotiates is explained here."))
        for piece in self._stream.feed(data) if self.is_telnet else [data]:
            events += self._text(piece) if isinstance(piece, bytes) else self._command(piece)
        return events

    def pause(self) -> list[TalkEvent]:
        """Nothing came for a moment: the unfinished line is shown as it is."""
        if not self._line:
            return []
        data = bytes(self._line)
        self._line.clear()
        return [self._heard_line(data, whole=False)]

    def say(self, line: str | bytes, *, ended: bool = True) -> list[TalkEvent]:
        """A person or program says a line; without ``ended`` its end is left out."""
        words = line.encode("utf-8", "surrogateescape") if isinstance(line, str) else line
        data = words + (self._line_end if ended else b"")
        events = [*self._first("We speak first"), *self.pause()]
        if self.hides_input:
            return [*events, self._say(data, "", hidden=True)]
        shown = without_secrets(printable(words.decode("utf-8", "surrogateescape")))
        return [*events, self._say(data, shown, hidden=shown != printable(words.decode("utf-8", "surrogateescape")))]

    def say_bytes(self, data: bytes) -> list[TalkEvent]:
        """Say bytes of ours that are no line of a person's: a step of STARTTLS."""
        return [*self._first("We speak first"), self._say(data, printable_bytes(data).removesuffix("\\r\\n"), escaped=False)]

    def wait_for_us(self) -> list[TalkEvent]:
        """The far end was given its time to speak first, and didn't."""
        if self._someone_spoke:
            return []
        self._someone_spoke = True
        return [self.event(Happening.FIRST, text=f"It said nothing in {self._elapsed_ms():,.0f} ms: it waits for us to speak first.")]

    def forget(self) -> None:
        """Drop what was heard and not yet told: what came in the clear must not pass for something said inside TLS."""
        self._line.clear()
        self._stream = TelnetStream()

    def event(self, kind: Happening, *, text: str = "", data: bytes = b"") -> TalkEvent:
        """Make an event of now."""
        return TalkEvent(
            at=self._clock.now(), elapsed_ms=self._elapsed_ms(), kind=kind, text=printable(text), hex=data.hex(), size=len(data)
        )

    def _say(self, data: bytes, shown: str, *, hidden: bool = False, escaped: bool = True) -> TalkEvent:
        self._outgoing += data.replace(b"\xff", b"\xff\xff") if self.is_telnet and escaped else data
        self.said_bytes += len(data)
        event = self.event(Happening.SAID, text=shown, data=b"" if hidden else data)
        return msgspec.structs.replace(event, hidden=hidden, size=0 if hidden else len(data))

    def _first(self, words: str) -> list[TalkEvent]:
        if self._someone_spoke:
            return []
        self._someone_spoke = True
        return [self.event(Happening.FIRST, text=f"{words}, after {self._elapsed_ms():,.0f} ms.")]

    def _text(self, data: bytes) -> list[TalkEvent]:
        if not self._by_lines:
            return []
        *lines, rest = data.split(b"\n")
        events = []
        for line in lines:
            events.append(self._heard_line(bytes(self._line) + line))
            self._line.clear()
        self._line += rest
        while len(self._line) > LONGEST_LINE:
            events.append(self._heard_line(bytes(self._line[:LONGEST_LINE]), whole=False))
            del self._line[:LONGEST_LINE]
        return events

    def _heard_line(self, data: bytes, *, whole: bool = True) -> TalkEvent:
        shown = data.removesuffix(b"\r").decode("utf-8", "surrogateescape").expandtabs(8)
        event = self.event(Happening.HEARD, text=shown, data=data + (b"\n" if whole else b""))
        return msgspec.structs.replace(event, whole=whole)

    def _command(self, command: Command) -> list[TalkEvent]:
        events = self.pause()
        negotiated = self._machine.hear(command)
        self._outgoing += negotiated.answer
        self._options_told += 1
        if self._options_told > _MOST_OPTION_EVENTS:
            if self._options_told == _MOST_OPTION_EVENTS + 1:
                events.append(self.event(Happening.NOTE, text="It negotiates without end; what follows of that is not shown."))
            return events
        event = self.event(Happening.OPTION, text=f"{negotiated.words[:1].upper()}{negotiated.words[1:]}")
        return [*events, msgspec.structs.replace(event, option=printable(negotiated.heard), answer=printable(negotiated.said))]

    def _elapsed_ms(self) -> float:
        return round((self._clock.monotonic_ns() - self._start_ns) / 1e6, 1)


def _begins_negotiation(data: bytes, place: int) -> bool:
    """Whether telnet's negotiation begins within the first 1,000 bytes: a command with an option in it."""
    mark = data.find(IAC)
    return place + mark < 1000 and 0 <= mark < len(data) - 2 and data[mark + 1] in VERBS
