"""Modbus: asks a controller who made it; reads and writes no value. Only when asked for, for controllers may stop when surprised."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
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

NAME: Final = "modbus"
TITLE: Final = "Modbus: a machine's controller"
SOURCE: Final = "MODBUS Application Protocol 1.1b3 §6.21; MODBUS Messaging on TCP/IP 1.0b"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    502,
    802,
)  # IANA: 502, with TLS 802
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 1024

_ASK: Final = b"\x1d\x0d\x00\x00\x00\x05\x00\x2b\x0e\x01\x00"  # number, protocol 0, length, unit 0, function 43, kind 14, basic, from 0
_FUNCTION: Final = 0x2B
_OBJECTS: Final = {0: "maker", 1: "product_code", 2: "revision", 4: "product_name", 5: "model"}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Read Device Identification, basic."""
    return _ASK


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait until the answer is as long as it says."""
    if received[:4] != _ASK[:4][: len(received)]:
        return Step.DONE
    return Step.DONE if len(received) >= 6 and len(received) >= 6 + int.from_bytes(received[4:6]) else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the answer: our number, protocol 0, length, unit, function; then an exception or the texts."""
    size = int.from_bytes(received[4:6])
    if received[:4] != _ASK[:4] or not 3 <= size <= 254 or len(received) < 6 + size or received == _ASK:
        return None
    body = received[7 : 6 + size]
    facts: dict[str, Fact] = {"authentication": "none", "encrypted": context.tunnel is not None}
    if body[0] == _FUNCTION | 0x80 and len(body) == 2:
        facts["refusal"] = body[1]
    elif body[:3] == b"\x2b\x0e\x01" and len(body) >= 7:
        facts |= _objects(body[7:])
    else:
        return None
    maker, product = str(facts.get("maker", "")), str(facts.get("product_name") or facts.get("product_code") or "")
    return Identity(
        service=NAME,
        product=product,
        version=str(facts.get("revision", "")),
        vendor=maker,
        why="it answers our number in Modbus",
        sentence=introduce("a machine's controller (Modbus)", product, str(facts.get("revision", "")))
        + " Whoever reaches it may read and write what it controls: it asks for no password.",
        facts=facts,
    )


def _objects(data: bytes) -> dict[str, Fact]:
    """Number (1), length (1), text."""
    found: dict[str, Fact] = {}
    place = 0
    while place + 2 <= len(data) and len(found) < 8:
        size = data[place + 1]
        text = data[place + 2 : place + 2 + size]
        if len(text) < size:
            break
        if data[place] in _OBJECTS:
            found[_OBJECTS[data[place]]] = printable(text.decode("utf-8", "replace"), 100)
        place += 2 + size
    return found
