"""Minecraft: asks a game's server for its state, as the game's list of servers does; joins no game."""

from __future__ import annotations

import json
import re
from typing import Final

from doorward.identify.cpe import cpe_name
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

NAME: Final = "minecraft"
TITLE: Final = "Minecraft: a game's server"
SOURCE: Final = "Minecraft protocol: Server List Ping"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    25565,
    25566,
    25577,
)  # IANA: 25565; habits
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 32768

_MOST_BYTES: Final = 32_000


def first_words(host: str) -> bytes:
    """Handshake (number 0: protocol -1, host, port, next state 1), then the wish for the state."""
    name = host.encode("utf-8", "replace")[:100]
    hello = b"\x00\xff\xff\xff\xff\x0f" + bytes([len(name)]) + name + (25565).to_bytes(2) + b"\x01"
    return bytes([len(hello)]) + hello + b"\x01\x00"


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait until the packet is whole."""
    size, start = _varint(received, 0)
    cut = (start == 0 and len(received) < 5) or (0 < size < _MOST_BYTES and len(received) < start + size)
    return Step.WAIT if cut else Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the state: length, number 0, length of the JSON, JSON with version, players and description."""
    size, start = _varint(received, 0)
    if not start or not 0 < size < _MOST_BYTES or received[start : start + 1] != b"\x00":
        return None
    length, text = _varint(received, start + 1)
    if not text or text + length > len(received) or text + length > start + size:
        return None
    try:
        told = json.loads(received[text : text + length])
    except (ValueError, RecursionError):
        return None
    version = told.get("version") if isinstance(told, dict) else None
    if not isinstance(version, dict) or not isinstance(version.get("name"), str) or not isinstance(version.get("protocol"), int):
        return None
    return _identity(told, version["name"], context)


def _identity(told: dict[str, object], name: str, context: Context) -> Identity:
    found = re.search(r"(?:([A-Za-z]{3,20}) )?(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)", name[:100])
    brand, version = (found[1] or "", found[2]) if found else ("", "")
    facts: dict[str, Fact] = {"banner": printable(name, 100), "authentication": "unknown", "encrypted": context.tunnel is not None}
    players = told.get("players")
    if isinstance(players, dict):
        for key, fact in (("online", "users"), ("max", "most_users")):
            if isinstance(players.get(key), int):
                facts[fact] = players[key]
    product = "Minecraft" if not brand or brand.lower() == "minecraft" else f"Minecraft ({brand})"
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor="Mojang",
        cpe=cpe_name("mojang", "minecraft", version),
        why="it tells its state as Minecraft's servers do",
        sentence=introduce("a game's server", product, version),
        facts=facts,
    )


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """The number at ``place`` and where it ends; end 0 where it is cut or longer than five bytes."""
    value = 0
    for count, byte in enumerate(data[place : place + 5]):
        value |= (byte & 127) << 7 * count
        if byte < 128:
            return value, place + count + 1
    return 0, 0
