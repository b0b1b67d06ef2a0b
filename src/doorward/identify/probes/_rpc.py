"""ONC RPC's calls and replies (RFC 5531): writes a call without a name, reads what came of it; knows no program's own data."""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = ["PROGRAMS", "Reply", "decode_reply", "encode_call", "record"]

_NUMBER: Final = b"Door"
_REPLY: Final = 1
#: IANA's RPC program numbers that are met most.
PROGRAMS: Final = {
    100000: "portmapper",
    100001: "rstatd",
    100002: "rusersd",
    100003: "nfs",
    100004: "ypserv",
    100005: "mountd",
    100007: "ypbind",
    100008: "walld",
    100009: "yppasswdd",
    100011: "rquotad",
    100012: "sprayd",
    100020: "llockmgr",
    100021: "nlockmgr",
    100024: "status",
    100028: "ypupdated",
    100068: "cmsd",
    100083: "ttdbserverd",
    100227: "nfs_acl",
    100232: "sadmind",
    100300: "nisd",
    150001: "pcnfsd",
    391002: "sgi_fam",
}


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a call."""

    accepted: bool  #: whether the call was looked at; else the caller was refused or the RPC version is not taken
    outcome: int = 0  #: accepted: 0 done, 1 no such program, 2 no such version, 3 no such procedure (§9); else why it was refused
    lowest: int = 0  #: the versions there are, where the one called is not among them
    highest: int = 0
    result: bytes = b""


def encode_call(program: int, version: int, procedure: int) -> bytes:
    """A call in nobody's name (§9): number, kind 0, RPC version 2, program, version, procedure, two empty proofs."""
    return _NUMBER + b"".join(part.to_bytes(4) for part in (0, 2, program, version, procedure, 0, 0, 0, 0))


def record(message: bytes) -> bytes:
    """The message as TCP wants it: one last fragment, its length before it (§11)."""
    return (0x8000_0000 | len(message)).to_bytes(4) + message


def decode_reply(received: bytes, *, stream: bool) -> Reply | None:
    """Read the reply to our call; `None` for anything else, or while it is cut."""
    message = _joined(received) if stream else received
    if message is None or message[:4] != _NUMBER or int.from_bytes(message[4:8]) != _REPLY or len(message) < 16:
        return None
    state = int.from_bytes(message[8:12])
    if state == 1:  # refused: of RPC version, or of proof
        return Reply(accepted=False, outcome=int.from_bytes(message[12:16])) if len(message) <= 24 else None
    size = int.from_bytes(message[16:20])
    place = 20 + size + -size % 4
    if state != 0 or size > 400 or len(message) < place + 4:
        return None
    outcome, rest = int.from_bytes(message[place : place + 4]), message[place + 4 :]
    if outcome == 2 and len(rest) >= 8:
        return Reply(accepted=True, outcome=2, lowest=int.from_bytes(rest[:4]), highest=int.from_bytes(rest[4:8]))
    return Reply(accepted=True, outcome=outcome, result=rest) if outcome <= 5 else None


def _joined(received: bytes) -> bytes | None:
    """The fragments of the first record, at most 16; `None` while one is missing."""
    parts = []
    place = 0
    for _ in range(16):
        head = int.from_bytes(received[place : place + 4])
        size = head & 0x7FFF_FFFF
        if len(received) < place + 4 or len(received) < place + 4 + size:
            return None
        parts.append(received[place + 4 : place + 4 + size])
        place += 4 + size
        if head & 0x8000_0000:
            return b"".join(parts)
    return None
