"""Telnet's commands and options by number, what each means to a person, and which we agree to; knows no stream and no state.

The numbers are IANA's (registry "Telnet Options"), the commands RFC 854's; 70 and above are the game worlds' own. An option is something
*one side* does: WILL and WONT speak of the speaker's own side, DO and DONT of the listener's. We agree to what makes a conversation by
lines work and tells nothing about the person or machine at this end; all else is refused, which is always allowed (RFC 854, page 3).
"""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = [
    "AYT", "BINARY", "COMMANDS", "DM", "DO", "DONT", "ECHO", "EOF", "GA", "IAC", "LINEMODE", "NAWS", "NOP", "OPTIONS", "SB", "SE",
    "SUPPRESS_GO_AHEAD", "TERMINAL_TYPE", "TIMING_MARK", "VERBS", "WILL", "WONT", "Option", "option_name", "option_of",
]  # fmt: skip

# RFC 854, page 14, and RFC 1184 §2.6 for 236.
EOF, SE, NOP, DM, AYT, GA, SB, WILL, WONT, DO, DONT, IAC = 236, 240, 241, 242, 246, 249, 250, 251, 252, 253, 254, 255
VERBS: Final = {WILL: "WILL", WONT: "WONT", DO: "DO", DONT: "DONT"}
#: Commands without an option → their name and what they mean.
COMMANDS: Final = {
    EOF: ("EOF", "end of file"),
    237: ("SUSP", "suspend the process"),
    238: ("ABORT", "abort the process"),
    239: ("EOR", "end of a record"),
    SE: ("SE", "end of a parameter that never began"),
    NOP: ("NOP", "nothing at all: it only shows that it lives"),
    DM: ("DM", "data mark: what came before may be thrown away"),
    243: ("BRK", "break"),
    244: ("IP", "interrupt the process"),
    245: ("AO", "abort the output"),
    AYT: ("AYT", "are you there?"),
    247: ("EC", "erase the last character"),
    248: ("EL", "erase the line"),
    GA: ("GA", "go ahead: your turn to speak"),
}

BINARY, ECHO, SUPPRESS_GO_AHEAD, TIMING_MARK, TERMINAL_TYPE, NAWS, LINEMODE = 0, 1, 3, 6, 24, 31, 34


class Option(msgspec.Struct, frozen=True):
    """One option as a person hears of it; both texts continue "the far end …"."""

    name: str
    asks: str  #: it says DO: we should
    offers: str  #: it says WILL: it would
    we_do: bool = False  #: whether we agree to a DO
    it_may: bool = False  #: whether we agree to a WILL


#: Number → option. What isn't here is refused under its number.
OPTIONS: Final = {
    0: Option("binary", "asks for bytes as they are instead of text", "wants to send bytes as they are instead of text"),
    1: Option("echo", "asks us to repeat what it says", "will show itself what you type, or not, as with passwords", it_may=True),
    3: Option(
        "suppress go ahead",
        "asks that we speak whenever we like, without taking turns",
        "will speak whenever it likes, without taking turns",
        we_do=True,
        it_may=True,
    ),
    5: Option("status", "asks which options we think agreed", "would tell which options it thinks agreed"),
    6: Option("timing mark", "asks for a sign that we have come this far", "gives a sign that it has come this far", we_do=True),
    18: Option("logout", "asks us to log out", "offers to log us out"),
    23: Option("send location", "asks where you are", "would say where it is"),
    24: Option("terminal type", "asks which kind of terminal this is", "would name its terminal", we_do=True),
    25: Option("end of record", "asks us to mark the ends of records", "would mark the ends of records"),
    31: Option("window size", "asks how large your window is", "would tell its window's size", we_do=True),
    32: Option("terminal speed", "asks how fast this terminal is", "would tell its speed"),
    33: Option("remote flow control", "asks to stop and start our output by its own keys", "would let us stop and start its output"),
    34: Option("line mode", "asks to rule how lines are edited here", "would edit lines as we say"),
    35: Option("X display", "asks where your graphical display is", "would tell its graphical display"),
    36: Option("environment", "asks for your environment: your name among others", "would tell its environment"),
    37: Option("authentication", "asks us to prove who you are", "would prove who it is"),
    38: Option("encryption", "asks us to encrypt in telnet's own, long broken way", "would encrypt in telnet's own, long broken way"),
    39: Option("new environment", "asks for your environment: your name among others", "would tell its environment"),
    40: Option("TN3270E", "asks us to be a mainframe's terminal", "would be a mainframe's terminal"),
    42: Option("charset", "asks to agree on how letters are written", "offers to agree on how letters are written"),
    44: Option("com port", "asks to set a serial port of ours", "lets us set its serial port"),
    45: Option("local echo", "asks us not to show what you type", "will not show what it types"),
    46: Option("start TLS", "asks to go on encrypted", "offers to go on encrypted"),
    70: Option("MSSP", "asks for a game's statistics", "would tell a game's statistics"),
    85: Option("MCCP", "asks us to compress", "would compress what it says"),
    86: Option("MCCP2", "asks us to compress", "would compress what it says"),
    90: Option("MSP", "asks for sounds", "would send sounds"),
    91: Option("MXP", "asks for a game's markup", "would send a game's markup"),
    93: Option("ZMP", "asks for a game's messages", "would send a game's messages"),
    201: Option("GMCP", "asks for a game's messages", "would send a game's messages"),
}


def option_of(number: int) -> Option:
    """Return the option, or one that is refused where nobody has assigned the number."""
    unknown = f"option {number}"
    return OPTIONS.get(number) or Option(unknown, "asks for something that we don't know", "offers something that we don't know")


def option_name(number: int) -> str:
    """The option's name: ``terminal type``, ``option 240``."""
    return option_of(number).name
