"""EtherNet/IP: asks a controller for its identity; opens no session. Only when asked for."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety
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
    "read",
]

NAME: Final = "ethernet_ip"
TITLE: Final = "EtherNet/IP: a machine's controller"
SOURCE: Final = "CIP Networks Library volume 2, §2-4.2 (ListIdentity)"
TRANSPORTS: Final = (
    Transport.TCP,
    Transport.UDP,
)
USUAL_PORTS: Final = (
    44818,
    2222,
)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 2048

_COMMAND: Final = b"\x63\x00"
_ASK: Final = _COMMAND + bytes(10) + b"doorward" + bytes(4)  # length, session, status, our eight bytes, options
_HEADER: Final = 24
_MAKERS: Final = {
    1: "Rockwell Automation",
    5: "Omron",
    47: "Omron",
    90: "HMS",
    243: "Schneider Electric",
    26: "Festo",
    40: "Wago",
    283: "Hilscher",
}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """ListIdentity."""
    return _ASK


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the answer: header (24), count (2), then kind 12 (2), length (2), version (2), address (16), identity."""
    size = int.from_bytes(received[2:4], "little")
    body = received[_HEADER : _HEADER + size]
    if received[:2] != _COMMAND or received[12:20] != b"doorward" or len(body) < size or size < 41 or body[2:4] != b"\x0c\x00":
        return None
    maker, kind, code = (int.from_bytes(body[place : place + 2], "little") for place in (24, 26, 28))
    name = printable(body[39 : 39 + body[38]].decode("utf-8", "replace"), 64)
    version = f"{body[30]}.{body[31]}"
    facts: dict[str, Fact] = {
        "maker_number": maker,
        "device_type": kind,
        "product_code": code,
        "serial_number": body[34:38][::-1].hex(),
        "authentication": "none",
        "encrypted": False,
    }
    return Identity(
        service=NAME,
        product=name,
        version=version,
        vendor=_MAKERS.get(maker, ""),
        why="it tells its identity with our own eight bytes",
        sentence=introduce("a machine's controller (EtherNet/IP)", name, version)
        + " Whoever reaches it may read and change what it controls.",
        facts=facts,
    )
