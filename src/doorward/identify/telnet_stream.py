"""A telnet stream parted into text and commands as it arrives; answers nothing, keeps no option's state.

IAC WILL|WONT|DO|DONT option         an option is offered, asked for, or refused
IAC SB option … IAC SE               its parameter; IAC IAC inside stands for a byte 255
IAC IAC                              a byte 255 of text
IAC command                          everything else
CR NUL                               a carriage return alone (RFC 854, page 11)
"""

from __future__ import annotations

from typing import Final

import msgspec

from doorward.identify.telnet_options import IAC, SB, SE, VERBS

__all__ = ["Command", "TelnetStream"]

#: Bytes of a parameter; a longer one isn't one, and what follows is text again. Terminal types and environments are below 1 kB.
_LONGEST_PARAMETER: Final = 4096
_END: Final = bytes((IAC, SE))


class Command(msgspec.Struct, frozen=True):
    """A command within the stream."""

    code: int  #: WILL, WONT, DO, DONT, SB, or another command
    option: int = -1  #: of the first five; -1 otherwise
    parameter: bytes = b""  #: of SB
    place: int = 0  #: of its first byte, counted from the stream's start


class TelnetStream:
    """Feed it what arrives, in any portions; the pieces come out in order, and always the same however the portions were cut."""

    def __init__(self) -> None:
        self._rest = b""
        self._passed = 0
        self._after_return = False

    def feed(self, data: bytes) -> list[bytes | Command]:
        """Return the text and commands that are whole by now; an unfinished command waits."""
        data = self._rest + data
        pieces: list[bytes | Command] = []
        text = bytearray()
        place = 0
        while place < len(data):
            mark = data.find(IAC, place)
            text += data[place : mark if mark >= 0 else len(data)]
            place = mark if mark >= 0 else len(data)
            if mark < 0:
                break
            command, size = _read_command(data, mark)
            if size == 0:
                break
            place = mark + size
            if command is None:
                text += b"\xff"
                continue
            if clean := self._without_nul(bytes(text)):
                pieces.append(clean)
            text.clear()
            pieces.append(msgspec.structs.replace(command, place=self._passed + mark))
        if clean := self._without_nul(bytes(text)):
            pieces.append(clean)
        self._rest = data[place:]
        self._passed += place
        return pieces

    def _without_nul(self, text: bytes) -> bytes:
        """Drop the NUL behind a carriage return, also where the portion ends between them."""
        if not text:
            return text
        clean = text[1:] if self._after_return and text[0] == 0 else text
        self._after_return = text[-1:] == b"\r"
        return clean.replace(b"\r\x00", b"\r")


def _read_command(data: bytes, mark: int) -> tuple[Command | None, int]:
    """Read the command at ``mark`` and its size; size 0 when it isn't whole, no command when it is a byte 255 of text."""
    code = data[mark + 1] if mark + 1 < len(data) else -1
    if code in VERBS:
        return (Command(code, data[mark + 2]), 3) if mark + 2 < len(data) else (None, 0)
    if code == SB:
        return _read_parameter(data, mark)
    if code == IAC:
        return None, 2
    return (Command(code), 2) if code >= 0 else (None, 0)


def _read_parameter(data: bytes, mark: int) -> tuple[Command | None, int]:
    """Read IAC SB option … IAC SE."""
    place = mark + 3
    most = mark + 3 + _LONGEST_PARAMETER
    while True:
        end = data.find(IAC, place, most)
        if end < 0 or end + 1 >= len(data):
            # Cut, or without end: then the command counts as empty and the rest as text, so that nothing can be hidden behind it.
            return (Command(SB, data[mark + 2]), 3) if len(data) > most else (None, 0)
        if data[end : end + 2] == _END:
            return Command(SB, data[mark + 2], data[mark + 3 : end].replace(b"\xff\xff", b"\xff")), end + 2 - mark
        place = end + 2
