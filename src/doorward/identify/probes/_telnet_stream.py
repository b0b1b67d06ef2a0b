"""A telnet stream parted into commands and text, and the answers that refuse everything; knows no banner and no server.

RFC 854 draws it thus: a byte 255 (IAC) begins a command; DO, DONT, WILL, WONT take one option byte; SB … IAC SE frames a
subnegotiation; 255 255 is a byte of data. An offer is answered once (RFC 1143: a repeated answer could loop for ever).
"""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = ["Negotiation", "decode_negotiation"]

_SE, _SB, _WILL, _WONT, _DO, _DONT, _IAC = 240, 250, 251, 252, 253, 254, 255  # RFC 854, page 14
_REFUSAL = {_WILL: _DONT, _DO: _WONT}
_VERBS = {_WILL: "WILL", _WONT: "WONT", _DO: "DO", _DONT: "DONT"}
# IANA, Telnet Options; 70 and above are the game worlds' own (MSSP, MCCP, MSP, MXP, GMCP).
_OPTIONS = {
    0: "binary",
    1: "echo",
    3: "suppress go ahead",
    5: "status",
    6: "timing mark",
    24: "terminal type",
    25: "end of record",
    31: "window size",
    32: "terminal speed",
    33: "remote flow control",
    34: "line mode",
    35: "X display",
    36: "environment",
    37: "authentication",
    38: "encryption",
    39: "new environment",
    40: "TN3270E",
    42: "charset",
    44: "com port",
    45: "local echo",
    46: "start TLS",
    70: "MSSP",
    85: "MCCP",
    86: "MCCP2",
    90: "MSP",
    91: "MXP",
    93: "ZMP",
    201: "GMCP",
}
_MOST_ANSWERS: Final = 64


class Negotiation(msgspec.Struct, frozen=True):
    """What a telnet stream says beside its text."""

    offers: tuple[tuple[int, int], ...]  #: verb and option, each pair once, in the order of coming; at most 64
    text: bytes
    has_begun: bool  #: the first command stands within the first 64 bytes

    @property
    def refusals(self) -> bytes:
        """Our answers to the offers: WONT to DO, DONT to WILL, nothing to the others."""
        return b"".join(bytes((_IAC, _REFUSAL[verb], option)) for verb, option in self.offers if verb in _REFUSAL)

    @property
    def words(self) -> tuple[str, ...]:
        """The offers as a person writes them: ``DO terminal type``."""
        return tuple(f"{_VERBS[verb]} {_OPTIONS[option]}" for verb, option in self.offers)


def decode_negotiation(received: bytes) -> Negotiation:
    """Part a telnet stream into commands and text; an unfinished command at its end is left for later."""
    offers: dict[tuple[int, int], None] = {}
    text = bytearray()
    place, first, size = 0, -1, len(received)
    while place < size:
        mark = received.find(_IAC, place)
        if mark < 0 or mark + 1 >= size:
            text += received[place : mark if mark >= 0 else size]
            break
        text += received[place:mark]
        verb = received[mark + 1]
        if verb in _VERBS:
            if mark + 2 >= size:
                break
            if received[mark + 2] in _OPTIONS and len(offers) < _MOST_ANSWERS:
                offers[verb, received[mark + 2]] = None
                first = mark if first < 0 else first
            place = mark + 3
        elif verb == _SB:
            end = received.find(bytes((_IAC, _SE)), mark + 2)
            if end < 0:
                break
            place = end + 2
        else:
            text += b"\xff" if verb == _IAC else b""
            place = mark + 2
    return Negotiation(tuple(offers), bytes(text), 0 <= first < 64)
