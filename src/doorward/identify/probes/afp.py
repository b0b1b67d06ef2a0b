"""Apple's file sharing: asks the server for its own description; logs in nowhere."""

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
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "read",
]

NAME: Final = "afp"
TITLE: Final = "Apple file sharing (AFP)"
SOURCE: Final = "Apple, Apple Filing Protocol Reference: DSIGetStatus, FPGetSrvrInfo"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (548,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_NUMBER: Final = b"\x44\x57"
_GET_STATUS: Final = 3


def first_words(host: str) -> bytes:  # noqa: ARG001
    """DSI: a question, GetStatus, our number, four empty fields (4 bytes each but the number)."""
    return bytes((0, _GET_STATUS)) + _NUMBER + bytes(12)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the description: places (2 each) of machine, versions, logins, icon; flags; name with its length before it."""
    size = int.from_bytes(received[8:12])
    body = received[16 : 16 + size]
    if received[:4] != bytes((1, _GET_STATUS)) + _NUMBER or received[4:8] != bytes(4) or not 12 <= len(body) == size:
        return None
    machine, versions, logins = (int.from_bytes(body[place : place + 2]) for place in (0, 2, 4))
    kind, name = _text(body, machine), _text(body, 10)
    if not kind or not (offered := _texts(body, versions)):
        return None
    ways = _texts(body, logins)
    netatalk = re.fullmatch(r"Netatalk ?v?(\d[\w.]*)?", kind)
    version = (netatalk[1] or "") if netatalk else ""
    guests = any("no user" in way.lower() for way in ways)
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": "none" if guests else "required",
        "machine": kind,
        "protocol_versions": offered,
        "logins": ways,
    }
    return Identity(
        service=NAME,
        product="Netatalk" if netatalk else "",
        version=version,
        vendor="Netatalk project" if netatalk else "",
        system="" if netatalk or not kind.startswith(("Mac", "iMac", "Xserve")) else "macOS",
        host_name=name,
        cpe=cpe_name("netatalk", "netatalk", version) if netatalk else "",
        why="it answers DSI's question for its status",
        sentence=introduce("a door to folders shared with Apple machines", "Netatalk" if netatalk else "", version)
        + (" It lets guests in." if guests else ""),
        facts=facts,
    )


def _text(body: bytes, place: int) -> str:
    size = body[place] if place < len(body) else 0
    return printable(body[place + 1 : place + 1 + size].decode("mac_roman", "replace"))


def _texts(body: bytes, place: int) -> list[str]:
    """A count, then texts."""
    found: list[str] = []
    count, place = (body[place], place + 1) if place < len(body) else (0, place)
    for _ in range(min(count, 20)):
        if place >= len(body):
            break
        found.append(_text(body, place))
        place += 1 + body[place]
    return found
