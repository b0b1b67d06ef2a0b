"""VxWorks' debug agent: are you there? Its remote procedures can read and write all memory; we call the one that does nothing."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.onc_rpc import REPLY_BYTES, is_reply, null_call

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "vxworks_wdb"
TITLE: Final = "Debugger of devices in the field (VxWorks WDB)"
SOURCE: Final = "RFC 5531 §9, §12.1; the program's number 0x55555555: CERT VU#362332"
PORTS: Final = (17185,)
SAFE: Final = Safety.ONLY_ASKED
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 0  # XID
ANSWER_BYTES: Final = REPLY_BYTES


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return null_call(nonce, 0x55555555, 1)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a reply to our call."""
    return is_reply(data, nonce)
