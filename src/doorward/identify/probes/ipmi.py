"""IPMI: asks a machine's service processor which proofs it takes; logs in nowhere."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import Context, Safety
from doorward.values.evidence import Fact
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

NAME: Final = "ipmi"
TITLE: Final = "IPMI: switching and watching a machine from beside it"
SOURCE: Final = "IPMI 2.0 §13.1.3, §22.13 (Get Channel Authentication Capabilities)"
TRANSPORTS: Final = (Transport.UDP,)
USUAL_PORTS: Final = (623,)  # IANA
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = 1024

# RMCP (version 6, no acknowledgment, IPMI), session without proof, length 9, then: to 0x20, application, sum, from 0x81, number,
# command 0x38, channel 14 with 2.0 data, privilege 4, sum.
_ASK: Final = b"\x06\x00\xff\x07" + bytes(9) + b"\x09\x20\x18\xc8\x81\x00\x38\x8e\x04\xb5"
_PROOFS: Final = ((0, "none"), (1, "MD2"), (2, "MD5"), (4, "plain password"), (5, "maker's own"))


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Get Channel Authentication Capabilities, for IPMI 2.0, this channel, as administrator."""
    return _ASK


def read(received: bytes, context: Context) -> Identity | None:  # noqa: ARG001
    """Read the answer: RMCP (4), session (9), length (1), to, application, sum, from, number, command, code, then eight bytes of data."""
    if len(received) < 30 or received[:4] != _ASK[:4] or received[14:16] != b"\x81\x1c" or received[19] != 0x38 or received[13] != 16:
        return None
    if sum(received[14:17]) & 255 or sum(received[17:30]) & 255 or received[20]:
        return None
    proofs, status, extended = received[22], received[23], received[24]
    anonymous = bool(status & 0x03)
    facts: dict[str, Fact] = {
        "proofs": [name for bit, name in _PROOFS if proofs >> bit & 1],
        "protocol_version": "2.0" if proofs & 0x80 and extended & 2 else "1.5",
        "authentication": "none" if proofs & 1 or status & 0x01 else "required",
        "anonymous_login": anonymous,
        "encrypted": False,
    }
    maker = int.from_bytes(received[25:28], "little")
    if maker:
        facts["maker_number"] = maker
    advice = " It lets somebody in without a name." if anonymous else ""
    return Identity(
        service=NAME,
        why="it tells its proofs in an answer of IPMI with right sums",
        sentence=introduce("a machine's service processor (IPMI): who enters may switch it off and read its screen")
        + advice
        + " Its passwords can be guessed from what it tells strangers: keep it on a network of its own.",
        facts=facts,
    )
