"""What happens in a conversation by hand, event by event, as ``talk --json`` prints it; knows no socket and no drawing."""

from __future__ import annotations

import datetime
import enum
from typing import Literal

import msgspec

__all__ = ["Happening", "TalkEvent"]


class Happening(enum.StrEnum):
    """What an event tells."""

    CONNECTED = "connected"  #: the connection stands
    SECURED = "secured"  #: a TLS handshake is done: what follows can't be read on the way
    FIRST = "first"  #: who spoke first, or that the far end waits for us
    HEARD = "heard"  #: the far end said something: a line, the beginning of one, or (with --hex) bytes as they came
    SAID = "said"  #: we said something
    OPTION = "option"  #: a telnet command came, and perhaps our answer went
    NOTE = "note"  #: something a person should know
    CLOSED = "closed"  #: the conversation is over


class TalkEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event; texts are harmless, ``hex`` is what went over the line."""

    schema: Literal["doorward/talk/1"] = "doorward/talk/1"
    at: datetime.datetime
    elapsed_ms: float  #: since the connection stood
    kind: Happening
    text: str = ""  #: heard and said: the line without its end; else a sentence
    hex: str = ""
    size: int = 0  #: bytes
    whole: bool = True  #: heard: the line has its end; `False`: it stopped before, as prompts do
    hidden: bool = False  #: said: what it was is not told, because the far end hides it or because it holds a secret
    option: str = ""  #: option: what was heard, as the RFCs write it
    answer: str = ""  #: option: what we answered, as the RFCs write it
