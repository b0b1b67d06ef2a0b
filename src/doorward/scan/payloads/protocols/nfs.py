"""NFS: are you there? The procedure of version 3 that does nothing; a server of another version says which it has."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.onc_rpc import REPLY_BYTES, is_reply, null_call

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "nfs"
TITLE: Final = "Files over the network (NFS)"
SOURCE: Final = "RFC 1813 §3.3.0 (program 100003, version 3); RFC 5531 §9, §12.1"
PORTS: Final = (2049,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 0  # XID
ANSWER_BYTES: Final = REPLY_BYTES


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return null_call(nonce, 100003, 3)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a reply to our call."""
    return is_reply(data, nonce)
