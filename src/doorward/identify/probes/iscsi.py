"""iSCSI: opens a session for discovery without a password, and reads the names of the disks where they are told; touches no disk."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
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

NAME: Final = "iscsi"
TITLE: Final = "Disks over the network (iSCSI)"
SOURCE: Final = "RFC 7143 §11.12, §11.13"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    3260,
    860,
)
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.OWN_PORTS
MAX_BYTES: Final = ANSWER_BYTES

_TASK: Final = b"Door"
_LOGIN_ANSWER, _TEXT_ANSWER, _REJECT = 0x23, 0x24, 0x3F
_KEYS: Final = (
    b"InitiatorName=iqn.2026-01.invalid.doorward:asks\0SessionType=Discovery\0AuthMethod=None\0HeaderDigest=None\0DataDigest=None\0"
)
_TARGET = re.compile(rb"TargetName=([\x21-\x7e]{1,223})\0")


def _message(opcode: int, flags: int, text: bytes, fields: bytes) -> bytes:
    """The header of 48 bytes: code, flags, versions, length of the text (3), session (8), task (4) and the rest; then the text."""
    head = bytes((opcode, flags, 0, 0, 0)) + len(text).to_bytes(3) + b"\x40\x44\x57\x00\x00\x01\x00\x00" + _TASK + fields
    return head.ljust(48, b"\0") + text + bytes(-len(text) % 4)


# From the security stage straight to full features, for no password is wanted of us (T, stage 0 to 3: 0x83).
_LOGIN: Final = _message(0x43, 0x87, _KEYS, b"\x00\x01\x00\x00\x00\x00\x00\x01")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """Log in for discovery, as nobody."""
    return _LOGIN


def next_words(received: bytes, context: Context) -> bytes | Step:
    """Ask for the targets once we are let in."""
    messages = _messages(received)
    if not messages:
        return Step.WAIT if len(received) < 48 and not context.closed and received[:1] in (b"", b"\x23") else Step.DONE
    head, _ = messages[0]
    let_in = head[0] == _LOGIN_ANSWER and head[36:38] == b"\0\0" and head[1] & 0x83 == 0x83
    said = sum(bool(turn.sent) for turn in context.turns)
    if let_in and said == 1:
        return _message(0x04, 0x80, b"SendTargets=All\0", b"\xff\xff\xff\xff" + b"\x00\x00\x00\x01" + head[24:28])
    return Step.DONE if len(messages) >= said or not let_in else Step.WAIT


def read(received: bytes, context: Context) -> Identity | None:
    """Read the login's status, and the targets."""
    messages = _messages(received[:MAX_BYTES])
    if not messages or messages[0][0][0] != _LOGIN_ANSWER or messages[0][0][16:20] != _TASK:
        return None
    status = messages[0][0][36:38]
    if status[0] > 3:
        return None
    targets = [printable(name.decode(), 223) for head, text in messages[1:] if head[0] == _TEXT_ANSWER for name in _TARGET.findall(text)]
    asked = status[0] == 0 and b"AuthMethod=CHAP" in messages[0][1]
    access = "required" if status == b"\x02\x01" or asked else "none" if status[0] == 0 else "unknown"
    facts: dict[str, Fact] = {
        "encrypted": context.tunnel is not None,
        "authentication": access,
        "status": f"{status[0]:02x}{status[1]:02x}",
    }
    if targets:
        facts["targets"] = targets[:50]
    makers = (
        ("iqn.2003-01.org.linux-iscsi", "LIO"),
        ("iqn.2005-10.org.freenas", "TrueNAS"),
        ("iqn.2000-01.com.synology", "Synology iSCSI"),
    )
    product = next((name for stamp, name in makers if any(target.startswith(stamp) for target in targets)), "")
    sentence = introduce("a door to disks over the network (iSCSI)", product)
    if targets:
        sentence += f" It tells everyone of its disks: {', '.join(targets[:3])}."
    return Identity(service=NAME, product=product, why="it answers a login with iSCSI's own record", sentence=sentence, facts=facts)


def _messages(received: bytes) -> list[tuple[bytes, bytes]]:
    """Whole messages as (header, text), at most four."""
    found: list[tuple[bytes, bytes]] = []
    place = 0
    while len(received) >= place + 48 and received[place] in (_LOGIN_ANSWER, _TEXT_ANSWER, _REJECT) and len(found) < 4:
        more, size = received[place + 4] * 4, int.from_bytes(received[place + 5 : place + 8])
        start = place + 48 + more
        if len(received) < start + size:
            break
        found.append((received[place : place + 48], received[start : start + size]))
        place = start + size + -size % 4
    return found
