"""GigE Vision: which version do you speak? One register, read in twelve bytes for twelve; reading needs no control of the camera.

The usual discovery is answered with 256 bytes for eight.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "gvcp"
TITLE: Final = "Industrial cameras (GigE Vision)"
SOURCE: Final = "AIA GigE Vision 2.0 §15 (headers), §16.2 (READREG_CMD and READREG_ACK), §27 (register 0: version)"
PORTS: Final = (3956,)
SAFE: Final = Safety.ONLY_ASKED
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 6  # request id; zero is not allowed
ANSWER_BYTES: Final = 12


def payload(nonce: int) -> bytes:
    """Key, "answer wanted", READREG, four bytes, our number, register 0."""
    return bytes.fromhex("420100800004") + nonce_bytes(nonce, NONCE_SIZE) + bytes(4)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is an acknowledgment of READREG, with the register or an error, and with our number."""
    if len(data) < 8 or data[2:4] != b"\0\x81" or int.from_bytes(data[4:6]) != len(data) - 8 or len(data) > 12:
        return False
    return data[6:8] == nonce_bytes(nonce, NONCE_SIZE) and (data[0] & 0x80 != 0 or (data[:2] == bytes(2) and len(data) == 12))
