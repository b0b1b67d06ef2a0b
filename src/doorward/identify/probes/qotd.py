"""The quote of the day: a short text in free form, believed only on its own port."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, banner_fact
from doorward.identify.probing import Context, Safety
from doorward.values.evidence import Certainty, Fact
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "qotd"
TITLE: Final = "Quote of the day: a short text for whoever asks"
SOURCE: Final = "RFC 865"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (17,)
SERVER_SPEAKS_FIRST: Final = True
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

_LONGEST: Final = 512  # RFC 865: "should be limited to … less than 512 characters"
_SHORTEST: Final = 12


def first_words(host: str) -> bytes:  # noqa: ARG001
    """In TCP the server speaks unasked; in UDP any datagram asks."""
    return b"\r\n"


def read(received: bytes, context: Context) -> Identity | None:
    """A short text in lines, then the end; that fits much else, so it is inferred, and only on its own port."""
    whole = context.closed or context.transport is Transport.UDP
    if context.port not in USUAL_PORTS or context.spoke not in ("", NAME) or not whole or not _is_text(received):
        return None
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "banner": banner_fact(received)}
    return Identity(
        service=NAME,
        certainty=Certainty.INFERRED,
        why="it sends a short text and closes, on the port of the quote of the day",
        sentence="This tells a short text to whoever asks (quote of the day). Nobody needs it today: close it.",
        facts=facts,
    )


def _is_text(received: bytes) -> bool:
    """Whether it is a short text with blanks between words (RFC 865: printable characters, blank, carriage return, line feed)."""
    if not _SHORTEST <= len(received) <= _LONGEST or received.count(b" ") < 1:
        return False
    return all(32 <= byte < 127 or byte in b"\r\n\t" for byte in received.strip(b"\x00")) or _is_utf8_text(received)


def _is_utf8_text(received: bytes) -> bool:
    try:
        text = received.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\r\n\t" for character in text)
