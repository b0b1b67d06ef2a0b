"""CoAP: asks a small device for the list of what it offers; changes nothing on it."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
from doorward.values.evidence import Fact
from doorward.values.printable import printable
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
    "first_datagram",
    "first_words",
    "read",
]

NAME: Final = "coap"
TITLE: Final = "Small things on the network (CoAP)"
SOURCE: Final = "RFC 7252, RFC 6690; RFC 8323 in TCP"
TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
USUAL_PORTS: Final = (
    5683,
    5684,
)  # IANA: plain, secure
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_NUMBER: Final = b"DW"
_TOKEN: Final = b"\x07"
_OPTIONS: Final = b"\xbb.well-known\x04core"  # two steps of a path (RFC 7252 §3.1)
_LINK = re.compile(rb"<([^<>]{0,200})>")
_SETTINGS: Final = 0xE1  # CSM, RFC 8323 §5.3


def first_words(host: str) -> bytes:  # noqa: ARG001
    """In TCP: settings, then GET; length and token's length stand before the code (RFC 8323 §3.2)."""
    return b"\x00\xe1" + b"\xd1" + bytes((len(_OPTIONS) - 13, 0x01)) + _TOKEN + _OPTIONS


def first_datagram(host: str) -> bytes:  # noqa: ARG001
    """Version 1, to be confirmed, a token of one byte, GET, our number (RFC 7252 §3)."""
    return b"\x41\x01" + _NUMBER + _TOKEN + _OPTIONS


def read(received: bytes, context: Context) -> Identity | None:
    """Read code and links; the answer repeats our number or token."""
    found = _stream(received) if context.transport is Transport.TCP else _datagram(received)
    if found is None:
        return None
    code, payload = found
    links = [printable(link.decode("utf-8", "replace"), 100) for link in _LINK.findall(payload)][:40]
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none" if code >> 5 == 2 else "unknown"}
    facts["code"] = f"{code >> 5}.{code & 31:02}"
    if links:
        facts["resources"] = links
    return Identity(
        service=NAME,
        why="it opens with CoAP's settings" if code == _SETTINGS else "it answers in CoAP and repeats our number",
        sentence=introduce("a small device's door for other programs (CoAP)") + (f" It offers {', '.join(links[:5])}." if links else ""),
        facts=facts,
    )


def _datagram(received: bytes) -> tuple[int, bytes] | None:
    """Version 1 in the highest two bits, kind, token's length; code; number; token; options; 0xFF and payload (§3)."""
    if len(received) < 4 or received[0] >> 6 != 1 or received[2:4] != _NUMBER:
        return None
    code, size = received[1], received[0] & 15
    if code == 0 and len(received) == 4 and received[0] & 0x30 in (0x20, 0x30):  # only confirmed, or refused
        return code, b""
    if received[4 : 4 + size] != _TOKEN or code >> 5 not in (2, 4, 5):
        return None
    return code, received.partition(b"\xff")[2]


def _stream(received: bytes) -> tuple[int, bytes] | None:
    """Messages with their length before them; the settings come first, the answer bears our token (RFC 8323 §3.2)."""
    place, seen = 0, False
    for _ in range(6):
        if len(received) < place + 2:
            break
        size, token = received[place] >> 4, received[place] & 15
        start = place + 1
        if size >= 13:
            width = {13: 1, 14: 2, 15: 4}[size]
            size = int.from_bytes(received[start : start + width]) + {13: 13, 14: 269, 15: 65_805}[size]
            start += width
        if len(received) < start + 1 + token + size:
            break
        code, body = received[start], received[start + 1 + token : start + 1 + token + size]
        if not seen and code != _SETTINGS:
            return None
        if seen and received[start + 1 : start + 1 + token] == _TOKEN and code >> 5 in (2, 4, 5):
            return code, body.partition(b"\xff")[2]
        seen, place = True, start + 1 + token + size
    return (_SETTINGS, b"") if seen and received[:1] != b"\x00" and _plausible(received) else None


def _plausible(received: bytes) -> bool:
    """Settings alone: options 2 (largest message) or 4 (blocks), and nothing behind them."""
    return 4 <= len(received) <= 12 and received[0] & 15 == 0 and received[1] == _SETTINGS and received[2] >> 4 in (2, 4)
