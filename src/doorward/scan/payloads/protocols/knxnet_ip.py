"""KNXnet/IP: does my connection still stand? It never did, and the server says so in eight bytes for our 16.

A search or a description is answered with 70 bytes and more. The address 0.0.0.0 asks for the answer where the question came from.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "knxnet_ip"
TITLE: Final = "Light and blinds of buildings (KNXnet/IP)"
SOURCE: Final = "KNX 3.8.2 Core §7.8.3, §7.8.4 (connection state), §8.6.2 (host protocol address information; zero: the sender's)"
PORTS: Final = (3671,)
SAFE: Final = Safety.ONLY_ASKED
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 8

_QUESTION: Final = bytes.fromhex("06100207001000000801000000000000")  # channel 0, which is given to nobody
_ANSWER: Final = bytes.fromhex("061002080008")


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return _QUESTION


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is a connection state response to channel 0 with a status."""
    return len(data) == 8 and data[:6] == _ANSWER and data[6] == 0
