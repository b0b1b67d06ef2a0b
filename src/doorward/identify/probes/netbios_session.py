"""NetBIOS's session door: calls the server by the name that all take, then speaks SMB in that session."""

from __future__ import annotations

from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probes._smb_messages import ASK_ANY
from doorward.identify.probes.smb import conclude, next_question
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Certainty, Fact
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

NAME: Final = "netbios_session"
TITLE: Final = "Windows file sharing in NetBIOS"
SOURCE: Final = "RFC 1002 §4.3, MS-SMB2"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (139,)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_ERRORS: Final = {
    0x80: "it does not listen for that name",
    0x81: "it does not listen for us",
    0x82: "nobody of that name is there",
    0x83: "it has no room",
    0x8F: "it gives no reason",
}  # §4.3.4


def _encoded(name: bytes, kind: int) -> bytes:
    """A NetBIOS name in its first-level form: each half byte as a letter (§4.1, RFC 1001 §14.1)."""
    letters = bytes(65 + half for byte in name.ljust(15) + bytes((kind,)) for half in divmod(byte, 16))
    return b"\x20" + letters + b"\x00"


_REQUEST: Final = b"\x81\x00\x00\x44" + _encoded(b"*SMBSERVER", 0x20) + _encoded(b"DOORWARD", 0x00)


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Call the name that stands for any file server."""
    return _REQUEST


def next_words(received: bytes, context: Context) -> bytes | Step:
    """SMB's questions once the call was taken."""
    said = {turn.sent for turn in context.turns}
    if received[:1] != b"\x82" and received:
        return Step.DONE
    if len(received) < 4:
        return Step.DONE if context.closed else Step.WAIT
    return ASK_ANY if ASK_ANY not in said else next_question(received, said, closed=context.closed)


def read(received: bytes, context: Context) -> Identity | None:
    """Read the session's answer, and SMB's behind it."""
    if received[:4] == b"\x82\x00\x00\x00":
        found = conclude(received[:MAX_BYTES], NAME, encrypted=False)
        if found is not None:
            return found
    elif received[:4] != b"\x83\x00\x00\x01" or len(received) < 5 or received[4] not in _ERRORS:
        return None
    facts: dict[str, Fact] = {"encrypted": False, "authentication": "unknown"}
    if received[0] == 0x83:
        facts["refusal"] = _ERRORS[received[4]]
    return Identity(
        service=NAME,
        certainty=Certainty.MEASURED if context.spoke == NAME else Certainty.INFERRED,
        why="it answers a NetBIOS call",
        sentence=introduce("a door to shared folders and printers (NetBIOS)"),
        facts=facts,
    )
