"""FastCGI: asks an application how many callers it takes; runs no script."""

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

NAME: Final = "fastcgi"
TITLE: Final = "FastCGI: the way from a web front to an application"
SOURCE: Final = "FastCGI Specification 1.0 §4.1"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    9000,
    9001,
    9002,
)  # PHP-FPM's manual; habits beside it
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 2048

_GET_VALUES, _RESULT = 9, 10
_NAMES: Final = (b"FCGI_MAX_CONNS", b"FCGI_MAX_REQS", b"FCGI_MPXS_CONNS")
_PAIRS: Final = b"".join(bytes([len(name), 0]) + name for name in _NAMES)
_ASK: Final = bytes([1, _GET_VALUES, 0, 0]) + len(_PAIRS).to_bytes(2) + bytes(2) + _PAIRS


def first_words(host: str) -> bytes:  # noqa: ARG001
    """FCGI_GET_VALUES with the three names of the standard."""
    return _ASK


def next_words(received: bytes, context: Context) -> bytes | Step:  # noqa: ARG001
    """Wait until the record is whole."""
    if received[:2] != bytes([1, _RESULT])[: len(received)]:
        return Step.DONE
    return Step.DONE if len(received) >= 8 + int.from_bytes(received[4:6]) and len(received) >= 8 else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the record: version 1, kind 10, number 0 (2), length (2), padding (1), reserved; then lengths, name and value of each pair."""
    body = received[8 : 8 + int.from_bytes(received[4:6])]
    if received[:4] != bytes([1, _RESULT, 0, 0]) or len(received) < 8 or len(body) < int.from_bytes(received[4:6]):
        return None
    values = _values(body)
    if not values.keys() & set(_NAMES):
        return None
    facts: dict[str, Fact] = {"authentication": "none", "encrypted": context.tunnel is not None, "runs_code": True}
    for name in _NAMES:
        if name in values:
            facts[name.decode().lower().removeprefix("fcgi_")] = printable(values[name].decode("ascii", "replace"), 20)
    return Identity(
        service=NAME,
        why="it tells its values in a record of FastCGI",
        sentence=introduce("the back door of a web application (FastCGI)")
        + " Whoever reaches it may have it run any file it finds: only the web front should.",
        facts=facts,
    )


def _values(body: bytes) -> dict[bytes, bytes]:
    """Pairs with lengths below 128, as these are; stops at a longer one."""
    values: dict[bytes, bytes] = {}
    place = 0
    while place + 2 <= len(body) and len(values) < 10:
        name, value = body[place], body[place + 1]
        end = place + 2 + name + value
        if name > 127 or value > 127 or end > len(body):
            break
        values[body[place + 2 : place + 2 + name]] = body[place + 2 + name : end]
        place = end
    return values
