"""Valve's server queries: asks a game's server for its state; joins no game."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
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

NAME: Final = "source_query"
TITLE: Final = "Source: servers of Valve's and many other games"
SOURCE: Final = "Valve Developer Community: Server queries (A2S_INFO)"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (
    27015,
    27016,
    27017,
    2303,
    7778,
    2457,
)  # Valve's manual; other makers' habits
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 4096

_ASK: Final = b"\xff\xff\xff\xffTSource Engine Query\x00"
_SINGLE: Final = b"\xff\xff\xff\xff"
_SYSTEMS: Final = {"l": "Linux", "w": "Windows", "m": "macOS", "o": "macOS"}


def first_words(host: str) -> bytes:  # noqa: ARG001
    """A2S_INFO."""
    return _ASK


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Give the challenge back, once."""
    if received[:5] == _SINGLE + b"A" and len(received) == 9 and len(context.turns) < 3:
        return _ASK + received[5:9]
    return Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read the state: ``I``, protocol, four texts, number (2), players, most, bots, kind, system, password, protection, version."""
    if received[:5] == _SINGLE + b"A" and len(received) == 9:
        return _identity({}, context)
    start = received.find(_SINGLE + b"I")
    fields = received[start + 6 :].split(b"\x00", 4) if start in (0, 9) else []
    if len(fields) != 5 or len(fields[4]) < 9 or chr(fields[4][5]) not in "dlp" or chr(fields[4][6]) not in _SYSTEMS:
        return None
    rest = fields[4]
    version = printable(rest[9:].partition(b"\x00")[0].decode("utf-8", "replace"), 40)
    name, _, _, game = (printable(field.decode("utf-8", "replace"), 100) for field in fields[:4])
    told: dict[str, Fact] = {"banner": name, "game": game, "users": rest[2], "most_users": rest[3], "protected": rest[7] == 1}
    return _identity(told | {"version": version, "system": _SYSTEMS[chr(rest[6])]}, context)


def _identity(told: dict[str, Fact], context: Context) -> Identity | None:
    if not told and context.spoke != NAME:
        return None
    version, system, game = str(told.pop("version", "")), str(told.pop("system", "")), str(told.get("game", ""))
    return Identity(
        service=NAME,
        product=game,
        version=version,
        system=system,
        certainty=Certainty.MEASURED if told else Certainty.INFERRED,
        why="it tells its state as Source servers do" if told else "it answers the query with a challenge",
        sentence=introduce("a game's server", game, version, system),
        facts={"encrypted": False, "authentication": "required" if told.get("protected") else "unknown", **told},
    )
