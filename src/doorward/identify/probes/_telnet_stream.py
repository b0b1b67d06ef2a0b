"""What a telnet server offers, and the answers that refuse all of it; knows no banner and no server.

An offer is answered once (RFC 1143: a repeated answer could loop for ever).
"""

from __future__ import annotations

from typing import Final

import msgspec

from doorward.identify.telnet_options import DO, DONT, IAC, OPTIONS, VERBS, WILL, WONT, option_name
from doorward.identify.telnet_stream import TelnetStream

__all__ = ["Negotiation", "decode_negotiation"]

_REFUSAL: Final = {WILL: DONT, DO: WONT}
_MOST_ANSWERS: Final = 64


class Negotiation(msgspec.Struct, frozen=True):
    """What a telnet stream says beside its text."""

    offers: tuple[tuple[int, int], ...]  #: verb and option, each pair once, in the order of coming; at most 64
    text: bytes
    has_begun: bool  #: the first command stands within the first 64 bytes

    @property
    def refusals(self) -> bytes:
        """Our answers to the offers: WONT to DO, DONT to WILL, nothing to the others."""
        return b"".join(bytes((IAC, _REFUSAL[verb], option)) for verb, option in self.offers if verb in _REFUSAL)

    @property
    def words(self) -> tuple[str, ...]:
        """The offers as a person writes them: ``DO terminal type``."""
        return tuple(f"{VERBS[verb]} {option_name(option)}" for verb, option in self.offers)


def decode_negotiation(received: bytes) -> Negotiation:
    """Part a telnet stream into commands and text; an unfinished command at its end is left for later."""
    offers: dict[tuple[int, int], None] = {}
    text = bytearray()
    first = -1
    for piece in TelnetStream().feed(received):
        if isinstance(piece, bytes):
            text += piece
        elif piece.code in VERBS and piece.option in OPTIONS and len(offers) < _MOST_ANSWERS:
            offers[piece.code, piece.option] = None
            first = piece.place if first < 0 else first
    return Negotiation(tuple(offers), bytes(text), 0 <= first < 64)
