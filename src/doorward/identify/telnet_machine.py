"""Our side of a telnet negotiation: commands in; answers, and what they mean in plain words, out. Knows no socket and begins nothing.

We never ask for an option ourselves, so of RFC 1143's states only two are left per option and side: on and off. An answer is given
when a state changes or a request is refused, never to a confirmation of what is so already, so that two machines can't answer each
other for ever. A far end that keeps changing its mind gets `MOST_ANSWERS` answers and no more.
"""

from __future__ import annotations

from typing import Final

import msgspec

from doorward.identify.telnet_options import (
    AYT,
    COMMANDS,
    DO,
    DONT,
    ECHO,
    IAC,
    NAWS,
    SB,
    SE,
    TERMINAL_TYPE,
    TIMING_MARK,
    VERBS,
    WILL,
    WONT,
    option_name,
    option_of,
)
from doorward.identify.telnet_stream import Command
from doorward.values.printable import printable_bytes

__all__ = ["MOST_ANSWERS", "Negotiated", "TelnetMachine"]

#: Answers in one conversation; an honest one needs twenty.
MOST_ANSWERS: Final = 256
#: What we say our terminal is (RFC 1091): lines of text and nothing that moves the cursor, for that is all we let happen.
_TERMINAL: Final = b"DUMB"
_SEND: Final = b"\x01"  # RFC 1091 §2
_OPPOSITE: Final = {WILL: DO, WONT: DONT, DO: WILL, DONT: WONT}


class Negotiated(msgspec.Struct, frozen=True):
    """One command from the far end and what we made of it."""

    heard: str  #: as the RFCs write it: ``DO terminal type``
    words: str  #: a sentence for a person
    answer: bytes = b""  #: what we say to it; empty: nothing
    said: str = ""  #: the answer as the RFCs write it: ``WILL terminal type``


class TelnetMachine:
    """The options agreed on, from our side; ``columns`` and ``rows`` are told where the far end asks for the window's size."""

    def __init__(self, *, columns: int = 80, rows: int = 24) -> None:
        self._ours: set[int] = set()
        self._theirs: set[int] = set()
        self._answers = 0
        self._size = b"".join(min(max(count, 0), 65535).to_bytes(2) for count in (columns, rows))

    @property
    def far_end_echoes(self) -> bool:
        """Whether the far end shows what is typed, or hides it: then nothing typed may be shown or kept here."""
        return ECHO in self._theirs

    @property
    def agreed(self) -> tuple[str, ...]:
        """The options in force: ``it: echo``, ``we: window size``."""
        return tuple(f"{side}: {option_name(number)}" for side, on in (("it", self._theirs), ("we", self._ours)) for number in sorted(on))

    def hear(self, command: Command) -> Negotiated:
        """Take in a command and decide."""
        if command.code in VERBS:
            return self._verb(command.code, command.option)
        if command.code == SB:
            return self._parameter(command)
        name, meaning = COMMANDS.get(command.code, (f"command {command.code}", "a command that no standard knows"))
        if command.code == AYT and self._may_answer():
            # RFC 854, page 13: "visible (i.e., printable) evidence that the AYT was received".
            return Negotiated(name, f"it asks: {meaning} We say yes.", b"[yes]\r\n", "[yes]")
        return Negotiated(name, f"it says: {meaning}.")

    def _verb(self, verb: int, number: int) -> Negotiated:
        option, heard = option_of(number), f"{VERBS[verb]} {option_name(number)}"
        side = self._theirs if verb in (WILL, WONT) else self._ours
        is_on, wanted = number in side, verb in (WILL, DO)
        if number == TIMING_MARK and verb == DO:  # a question each time, not a state (RFC 860)
            return self._answered(heard, f"it {option.asks}. We give it.", WILL, number)
        if is_on == wanted:
            return Negotiated(heard, "it says again what is agreed already." if wanted else "it confirms that this is off.")
        if not wanted:
            side.discard(number)
            words = f"it stops this: {option.name}." if verb == WONT else f"it asks us to stop this: {option.name}. We do."
            if number == ECHO and verb == WONT:
                words = "it no longer shows what you type: from here on this side does."
            return self._answered(heard, words, _OPPOSITE[verb], number)
        agree = option.it_may if verb == WILL else option.we_do
        told = f"it {option.offers if verb == WILL else option.asks}."
        if not agree or not self._can_answer():
            return self._answered(heard, f"{told} We decline.", DONT if verb == WILL else WONT, number)
        side.add(number)
        agreed = self._answered(heard, f"{told} {self._consent(verb, number)}", _OPPOSITE[verb], number)
        return self._with_size(agreed) if verb == DO and number == NAWS else agreed

    def _consent(self, verb: int, number: int) -> str:
        if verb == DO and number == NAWS:
            return f"We tell it: {int.from_bytes(self._size[:2])} columns, {int.from_bytes(self._size[2:])} rows."
        return "We agree."

    def _with_size(self, agreed: Negotiated) -> Negotiated:
        """Window size follows the agreement unasked (RFC 1073)."""
        return msgspec.structs.replace(agreed, answer=agreed.answer + _parameter_bytes(NAWS, self._size))

    def _parameter(self, command: Command) -> Negotiated:
        name = option_name(command.option)
        heard = f"SB {name} {printable_bytes(command.parameter, 200)}".strip()
        if command.option == TERMINAL_TYPE and command.parameter[:1] == _SEND and command.option in self._ours and self._may_answer():
            answer = _parameter_bytes(TERMINAL_TYPE, b"\x00" + _TERMINAL)  # RFC 1091 §2: IS
            words = f"it wants the terminal's name. We say {_TERMINAL.decode()}: plain lines, nothing that moves the cursor."
            return Negotiated(heard, words, answer, f"SB {name} {_TERMINAL.decode()}")
        return Negotiated(heard, f"it tells more about this: {name}. We do nothing with it.")

    def _answered(self, heard: str, words: str, verb: int, number: int) -> Negotiated:
        if not self._may_answer():
            return Negotiated(heard, f"{words.partition('. ')[0].rstrip('.')}. It was answered often enough: no more.")
        return Negotiated(heard, words, bytes((IAC, verb, number)), f"{VERBS[verb]} {option_name(number)}")

    def _can_answer(self) -> bool:
        return self._answers < MOST_ANSWERS

    def _may_answer(self) -> bool:
        """Whether one more answer is in order; counts it."""
        self._answers += 1
        return self._answers <= MOST_ANSWERS


def _parameter_bytes(number: int, parameter: bytes) -> bytes:
    """Frame a parameter; 255 inside is doubled (RFC 855)."""
    return bytes((IAC, SB, number)) + parameter.replace(b"\xff", b"\xff\xff") + bytes((IAC, SE))
