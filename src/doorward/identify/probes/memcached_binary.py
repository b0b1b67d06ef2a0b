"""Memcached's binary protocol: asks for the version, for servers that take no text (those that want SASL logins); never for a key."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.cpe import cpe_name
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
    "SHOWN_AS",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "memcached_binary"
TITLE: Final = "Memcached's older binary protocol"
SOURCE: Final = "memcached/doc/protocol-binary.txt"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (11211,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES
SHOWN_AS: Final = "memcached"

# magic, opcode 0x0b (version), key length (2), extras length, data type, status (2), body length (4), opaque (4), CAS (8)
_REQUEST: Final = b"\x80\x0b" + bytes(10) + b"Door" + bytes(8)
_HEADER = re.compile(rb"\x81\x0b\x00\x00\x00\x00([\x00-\xff]{2})\x00\x00([\x00-\xff]{2})Door[\x00-\xff]{8}")
_AUTHENTICATION_ERROR: Final = 0x20  # protocol_binary.h: PROTOCOL_BINARY_RESPONSE_AUTH_ERROR


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask for the version."""
    return _REQUEST


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answer's header, which repeats our opaque number, and the version behind it."""
    found = _HEADER.match(received)
    if found is None:
        return None
    status, size = int.from_bytes(found[1]), int.from_bytes(found[2])
    text = received[24 : 24 + size].decode("ascii", "replace")
    version = printable(text, 40) if status == 0 and text[:1].isdigit() else ""
    access = "required" if status == _AUTHENTICATION_ERROR else "unknown"
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": access, "binary_protocol": True}
    return Identity(
        service=NAME,
        product="Memcached",
        version=version,
        vendor="Memcached project",
        cpe=cpe_name("memcached", "memcached", version),
        why="it answers Memcached's binary request with our own number in it",
        sentence=introduce("a cache for programs' data", "Memcached", version) + (" It wants a login." if access == "required" else ""),
        facts=facts,
    )
