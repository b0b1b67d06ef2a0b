"""NFS's mount protocol: are you there? The procedure of version 3 that does nothing."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.onc_rpc import REPLY_BYTES, is_reply, null_call

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "nfs_mount"
TITLE: Final = "Who may mount which folder (NFS mountd)"
SOURCE: Final = "RFC 1813 §5.2.0 (program 100005, version 3); RFC 5531 §9, §12.1"
PORTS: Final = (20048, 635, 892)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 0  # XID
ANSWER_BYTES: Final = REPLY_BYTES


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return null_call(nonce, 100005, 3)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a reply to our call."""
    return is_reply(data, nonce)
