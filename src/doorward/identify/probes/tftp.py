"""TFTP: asks for a file that is not there, and reads the refusal; takes no file and leaves none."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, banner_fact, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety
from doorward.values.evidence import Certainty, Fact
from doorward.values.transports import Transport

__all__ = [
    "ANSWERS_FROM_OTHER_PORTS",
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

NAME: Final = "tftp"
TITLE: Final = "Files for machines that start up (TFTP)"
SOURCE: Final = "RFC 1350"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (69,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES
ANSWERS_FROM_OTHER_PORTS: Final = True  # §4: each transfer has a port of its own

_ERRORS: Final = {
    0: "not defined",
    1: "file not found",
    2: "access violation",
    3: "disk full",
    4: "illegal operation",
    5: "unknown transfer",
}
_ERROR = re.compile(rb"\x00\x05\x00([\x00-\x08])([^\x00]{0,300})\x00")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Read request, in octets (§5)."""
    return b"\x00\x01doorward-asks\x00octet\x00"


def read(received: bytes, context: Context) -> Identity | None:
    """Read the error, or the first block of whatever is sent to everyone."""
    error = _ERROR.fullmatch(received[:400])
    block = context.spoke == NAME and received[:4] == b"\x00\x03\x00\x01"
    if error is None and not block:
        return None
    facts: dict[str, Fact] = {"encrypted": False, "authentication": "none"}
    if error is not None:
        facts["error"] = _ERRORS.get(error[1][0], "unknown")
        facts["banner"] = banner_fact(error[2])
    return Identity(
        service=NAME,
        certainty=Certainty.MEASURED if error and context.spoke == NAME else Certainty.INFERRED,
        why="it refuses our file in TFTP's own words" if error else "it sends a block of a file",
        sentence=introduce("a door to files for machines that start up (TFTP)") + " Whoever knows a file's name there may have it.",
        facts=facts,
    )
