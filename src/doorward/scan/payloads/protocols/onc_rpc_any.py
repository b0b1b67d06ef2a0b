"""Remote procedures on any port: is rpcbind there? Mountd, lockd and their kin live on ports of chance, and say "not here" in a reply."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.onc_rpc import REPLY_BYTES, is_reply, null_call

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "onc_rpc_any"
TITLE: Final = "Remote procedures (ONC RPC) of some program"
SOURCE: Final = "RFC 5531 §9 (PROG_UNAVAIL), §12.1; RFC 1833 §3 (program 100000)"
PORTS: Final = ()
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 0  # XID
ANSWER_BYTES: Final = REPLY_BYTES


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return null_call(nonce, 100000, 2)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a reply to our call."""
    return is_reply(data, nonce)
