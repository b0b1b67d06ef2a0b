"""BACnet: asks a building's controller for its names; reads no value, writes none. Only when asked for."""

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

NAME: Final = "bacnet"
TITLE: Final = "BACnet: a building's controller"
SOURCE: Final = "ANSI/ASHRAE 135-2020, annex J and clause 15.5 (ReadProperty)"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (47808,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 4096

_PROPERTIES: Final = ((75, "device"), (121, "maker"), (70, "model"), (44, "firmware"), (77, "name"))
_ACK, _ERROR, _REJECT = 0x30, 0x50, 0x60
_TEXT: Final = 0x75  # character string with its length after it


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Ask the device, whatever its number (4194303), for its own number."""
    return _ask(0)


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask for one name after the other."""
    answered = len(_answers(received))
    said = sum(1 for turn in context.turns if turn.sent)
    return _ask(said) if answered and answered >= said and said < len(_PROPERTIES) else Step.DONE


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the answers: each 81 0a, length (2), 01 00, then kind, our number, 0c."""
    answers = _answers(received)
    if not answers:
        return None
    facts: dict[str, Fact] = {"authentication": "none", "encrypted": False}
    for answer in answers:
        number = answer[1] - 1
        if answer[0] == _ACK and 0 <= number < len(_PROPERTIES):
            name = _PROPERTIES[number][1]
            value = _value(answer)
            if value:
                facts[name] = value
    model, firmware = str(facts.get("model", "")), str(facts.get("firmware", ""))
    return Identity(
        service=NAME,
        product=model,
        version=firmware,
        vendor=str(facts.get("maker", "")),
        host_name=str(facts.get("name", "")),
        why="it answers our number in BACnet",
        sentence=introduce("a building's controller (BACnet)", model, firmware)
        + " Whoever reaches it may read and change what it controls.",
        facts=facts,
    )


def _ask(number: int) -> bytes:
    prop = _PROPERTIES[number][0]
    body = b"\x01\x04\x00\x05" + bytes([number + 1]) + b"\x0c\x0c\x02\x3f\xff\xff\x19" + bytes([prop])
    return b"\x81\x0a" + (4 + len(body)).to_bytes(2) + body


def _answers(received: bytes) -> list[bytes]:
    """What stands behind the network header of each whole answer: kind, number, service."""
    found: list[bytes] = []
    place = 0
    while len(found) < 8 and received[place : place + 2] == b"\x81\x0a":
        size = int.from_bytes(received[place + 2 : place + 4])
        body = received[place + 6 : place + size]
        if size < 9 or len(received) < place + size or received[place + 4 : place + 6] != b"\x01\x00":
            break
        if body[0] not in (_ACK, _ERROR, _REJECT) or not 1 <= body[1] <= len(_PROPERTIES):
            break
        found.append(body)
        place += size
    return found


def _value(answer: bytes) -> str:
    """What stands between 3e and 3f: a text (75, length, character set, text) or an object's number (c4, 4 bytes)."""
    start = answer.find(b"\x3e", 9)
    value = answer[start + 1 : -1] if start > 0 and answer[-1:] == b"\x3f" else b""
    if value[:1] == b"\xc4" and len(value) == 5:
        return str(int.from_bytes(value[1:]) & 0x3FFFFF)
    if value[:1] == bytes([_TEXT]) and len(value) == 2 + value[1] and value[2:3] == b"\x00":
        return printable(value[3:].decode("utf-8", "replace"), 100)
    return ""
