"""ONC RPC over UDP: a call of procedure 0, which every program has, and its reply (RFC 5531 §9, §12). Knows no program.

A server that doesn't have the program, or not in that version, says so in a reply too: all of them mean that somebody is there.
"""

from __future__ import annotations

import struct
from typing import Final

from doorward.scan.payloads.contract import nonce_bytes

__all__ = ["CALL_BYTES", "REPLY_BYTES", "is_reply", "null_call"]

CALL_BYTES: Final = 40
REPLY_BYTES: Final = 32  # with a version mismatch: its two bounds follow
_CALL: Final = struct.Struct(">8I")
_LONGEST_VERIFIER: Final = 400  # RFC 5531 §8.2


def null_call(xid: int, program: int, version: int) -> bytes:
    """Procedure 0: "does nothing", takes and returns nothing, needs no authentication (RFC 5531 §12.1)."""
    #       CALL, RPC version 2, program, version, procedure, AUTH_NONE and its length; the verifier is the same again
    return nonce_bytes(xid, 4) + _CALL.pack(0, 2, program, version, 0, 0, 0, 0) + bytes(4)


def is_reply(data: bytes, xid: int) -> bool:
    """Whether this is a whole reply to that call, accepted or rejected."""
    if len(data) < 12 or len(data) % 4 or data[:4] != nonce_bytes(xid, 4) or data[4:8] != b"\0\0\0\1":
        return False
    return _is_accepted(data[12:]) if data[8:12] == bytes(4) else data[8:12] == b"\0\0\0\1" and _is_rejected(data[12:])


def _is_accepted(body: bytes) -> bool:
    """Verifier (flavor, length, bytes), status, and the bounds of the version where that is the matter; NULL returns nothing."""
    length = int.from_bytes(body[4:8])
    if len(body) < 12 or length > _LONGEST_VERIFIER or length % 4 or len(body) < 12 + length:
        return False
    status, rest = int.from_bytes(body[8 + length : 12 + length]), len(body) - 12 - length
    return rest == (8 if status == 2 else 0) and status <= 5


def _is_rejected(body: bytes) -> bool:
    """RPC_MISMATCH with its two bounds, or AUTH_ERROR with its reason."""
    return (body[:4] == bytes(4) and len(body) == 12) or (body[:4] == b"\0\0\0\1" and len(body) == 8)
