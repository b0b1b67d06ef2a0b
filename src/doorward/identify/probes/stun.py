"""STUN and TURN: asks a relay for our own address as it sees us; asks for no relaying."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._named_servers import name_server, pattern
from doorward.identify.probing import Context, Safety, Step
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
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "stun"
TITLE: Final = "STUN and TURN: the way for calls through home routers"
SOURCE: Final = "RFC 8489, RFC 8656"
TRANSPORTS: Final = (
    Transport.UDP,
    Transport.TCP,
)
USUAL_PORTS: Final = (
    3478,
    5349,
    19302,
    3479,
)  # IANA: 3478, with TLS 5349; habits
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = 2048

_COOKIE: Final = b"\x21\x12\xa4\x42"
_NUMBER: Final = b"doorwardstun"
_REQUEST: Final = b"\x00\x01\x00\x00" + _COOKIE + _NUMBER
_ANSWERS: Final = (0x0101, 0x0111)  # binding success, binding error
_SOFTWARE, _OTHER_ADDRESS, _XOR_MAPPED = 0x8022, 0x802C, 0x0020  # RFC 8489 §18.3, RFC 5780 §7.4
_MOST_ATTRIBUTES: Final = 30
_SERVERS = (
    pattern(r"\bCoturn-(\d[\w.]*)", "coturn", "coturn project", "coturn_project:coturn"),
    pattern(r"\bTurnServer (\d[\w.]*)", "TurnServer", "TurnServer project"),
    pattern(r"\breTURNServer (\d[\w.]*)", "reTurn", "reSIProcate project"),
    pattern(r"\brestund (?:v)?(\d[\w.]*)", "restund", "Creytiv"),
    pattern(r"\bVovida\.org (\d[\w.]*)", "Vovida STUN server", "Vovida"),
    pattern(r"\bejabberd ?STUN|\bP1 STUN|\bXMPP-Server", "ejabberd STUN", "ProcessOne"),
)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A binding request (RFC 8489 §5): type, length 0, magic cookie, our number."""
    return _REQUEST


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait until the answer is as long as it says."""
    if len(received) < 20:
        return Step.WAIT
    return Step.DONE if len(received) >= 20 + int.from_bytes(received[2:4]) or received[4:8] != _COOKIE else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answer; it counts when it repeats the magic cookie and our number."""
    size = int.from_bytes(received[2:4])
    if int.from_bytes(received[:2]) not in _ANSWERS or received[4:20] != _COOKIE + _NUMBER or size % 4 or len(received) < 20 + size:
        return None
    attributes = _attributes(received[20 : 20 + size])
    text = printable(attributes.get(_SOFTWARE, b"").rstrip(b"\x00").decode("utf-8", "replace"), 200)
    server = name_server(text, _SERVERS)
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": "none" if received[1] == 1 else "unknown"}
    if text:
        facts["banner"] = text
    if mapped := attributes.get(_XOR_MAPPED):
        facts["sees_us_as"] = _address(mapped)
    return Identity(
        service=NAME,
        product=server.product,
        version=server.version,
        vendor=server.vendor,
        cpe=server.cpe,
        why="it repeats our number in a STUN answer",
        sentence=introduce("a helper for calls through home routers (STUN)", server.product, server.version),
        facts=facts,
    )


def _attributes(data: bytes) -> dict[int, bytes]:
    """Type (2), length (2), value, padded to four (RFC 8489 §14); the first of each type."""
    found: dict[int, bytes] = {}
    place = 0
    for _ in range(_MOST_ATTRIBUTES):
        kind, size = int.from_bytes(data[place : place + 2]), int.from_bytes(data[place + 2 : place + 4])
        if len(data) < place + 4 + size or place + 4 > len(data):
            break
        found.setdefault(kind, data[place + 4 : place + 4 + size])
        place += 4 + size + -size % 4
    return found


def _address(value: bytes) -> str:
    """XOR-MAPPED-ADDRESS (RFC 8489 §14.2): zero, family, port, address, the last two masked by the cookie."""
    if len(value) == 8 and value[1] == 1:
        return ".".join(str(byte ^ mask) for byte, mask in zip(value[4:], _COOKIE, strict=True))
    if len(value) == 20 and value[1] == 2:
        plain = bytes(byte ^ mask for byte, mask in zip(value[4:], _COOKIE + _NUMBER, strict=True))
        return ":".join(plain[place : place + 2].hex() for place in range(0, 16, 2))
    return ""
