"""rpcbind: are you there? The procedure that does nothing; never the list of programs (factor 30)."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.onc_rpc import REPLY_BYTES, is_reply, null_call

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "rpcbind"
TITLE: Final = "Where to find remote procedures (rpcbind, portmapper)"
SOURCE: Final = "RFC 1833 §3 (program 100000, version 2); RFC 5531 §9, §12.1"
PORTS: Final = (111,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 0  # XID
ANSWER_BYTES: Final = REPLY_BYTES


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return null_call(nonce, 100000, 2)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a reply to our call; every server of remote procedures sends one, be it "no such program"."""
    return is_reply(data, nonce)
