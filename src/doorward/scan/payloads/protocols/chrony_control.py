"""chrony's control: how many sources have you? Its questions are padded to the length of their answers by design; strangers are refused."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "chrony_control"
TITLE: Final = "Control of the clock (chrony)"
SOURCE: Final = "chrony's published source: candm.h (CMD_Request, CMD_Reply, version 6), pktlength.c (padding)"
PORTS: Final = (323,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 8  # sequence
ANSWER_BYTES: Final = 32

_N_SOURCES: Final = 14
_REQUEST, _REPLY = 1, 2


def payload(nonce: int) -> bytes:
    """Version 6, request, command, first attempt, sequence, eight bytes of padding before the data and twelve behind them."""
    return bytes((6, _REQUEST, 0, 0)) + _N_SOURCES.to_bytes(2) + bytes(2) + nonce_bytes(nonce, NONCE_SIZE) + bytes(20)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a reply to that command under our number, of whatever version and with whatever status."""
    if not 28 <= len(data) <= 400 or data[0] not in range(1, 16) or data[1:4] != bytes((_REPLY, 0, 0)):
        return False
    return int.from_bytes(data[4:6]) == _N_SOURCES and data[16:20] == nonce_bytes(nonce, NONCE_SIZE)
