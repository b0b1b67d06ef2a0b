"""L2TP: shall we open a tunnel? The answer is a yes or a stop to the tunnel number that we gave; we let it lapse.

A server repeats an answer that isn't acknowledged about five times in half a minute: the cap is kept by each of them.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "l2tp"
TITLE: Final = "Tunnel for dial-in lines (L2TP)"
SOURCE: Final = "RFC 2661 §3.1 (header), §4.4 (AVPs), §6.1 (SCCRQ), §6.2 (SCCRP), §6.4 (StopCCN)"
PORTS: Final = (1701,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 58  # our Assigned Tunnel ID; zero is not allowed
ANSWER_BYTES: Final = 150

_FLAGS: Final = b"\xc8\x02"  # control message with length and sequence numbers, version 2


def _avp(kind: int, value: bytes) -> bytes:
    return (0x8000 | 6 + len(value)).to_bytes(2) + bytes(2) + kind.to_bytes(2) + value


_ASKED: Final = _avp(0, b"\0\1") + _avp(2, b"\1\0") + _avp(7, b"doorward") + _avp(3, b"\0\0\0\3")  # SCCRQ, version 1.0, name, framing


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    avps = _ASKED + _avp(9, nonce_bytes(nonce, NONCE_SIZE))
    return _FLAGS + (12 + len(avps)).to_bytes(2) + bytes(8) + avps


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a control message to our tunnel whose first AVP says SCCRP (2) or StopCCN (4)."""
    if len(data) < 20 or data[:2] != _FLAGS or int.from_bytes(data[2:4]) != len(data):
        return False
    return data[4:6] == nonce_bytes(nonce, NONCE_SIZE) and data[14:18] == bytes(4) and data[18:20] in (b"\0\2", b"\0\4")
