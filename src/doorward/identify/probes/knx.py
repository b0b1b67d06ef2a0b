"""KNX: asks a house's gateway to describe itself; switches nothing. Only when asked for."""

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

NAME: Final = "knx"
TITLE: Final = "KNX: a house's lights and blinds"
SOURCE: Final = "KNX Standard 3/8/2 (KNXnet/IP Core)"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (3671,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ONLY_ASKED
MAX_BYTES: Final = 1024

_ASK: Final = b"\x06\x10\x02\x03\x00\x0e\x08\x01\x00\x00\x00\x00\x00\x00"
_DEVICE: Final = 0x36  # length of a description of a device


def first_words(host: str) -> bytes:  # noqa: ARG001
    """DESCRIPTION_REQUEST, to be answered where it came from."""
    return _ASK


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the description: 06 10, 02 04, length (2); then the device: length 54, kind 1, address at 4, serial at 8, name at 24."""
    size = int.from_bytes(received[4:6])
    device = received[6 : 6 + _DEVICE]
    if received[:4] != b"\x06\x10\x02\x04" or len(received) < size or len(device) < _DEVICE or device[:2] != bytes([_DEVICE, 1]):
        return None
    name = printable(device[24:54].partition(b"\x00")[0].decode("latin-1"), 30)
    address = int.from_bytes(device[4:6])
    facts: dict[str, Fact] = {
        "device": f"{address >> 12}.{address >> 8 & 15}.{address & 255}",
        "serial_number": device[8:14].hex(),
        "mac_address": device[18:24].hex(":"),
        "authentication": "none",
        "encrypted": False,
    }
    return Identity(
        service=NAME,
        product=name,
        why="it describes itself as a gateway of KNX",
        sentence=introduce("a gateway to a house's lights and blinds (KNX)", name) + " Whoever reaches it may switch them.",
        facts=facts,
    )
