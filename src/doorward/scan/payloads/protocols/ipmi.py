"""IPMI: which logins do you take? The question that precedes every session and needs none; some controllers answer it and no ping."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "ipmi"
TITLE: Final = "Remote power and console of servers (IPMI)"
SOURCE: Final = "IPMI 2.0 §13.1.3, §13.6 (session header), §13.8 (message), §22.13 (Get Channel Authentication Capabilities)"
PORTS: Final = (623,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 1
NONCE_OFFSET: Final = None  # six bits, under a checksum
ANSWER_BYTES: Final = 30

_RMCP: Final = bytes.fromhex("0600ff07")
_SESSION: Final = bytes(9)  # no authentication, sequence 0, session 0
_TO_CONTROLLER: Final = bytes.fromhex("2018c8")  # address 0x20, function "application"; both sum to zero with the third
_OURS: Final = 0x81


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    message = bytes((_OURS, _sequence(nonce), 0x38, 0x8E, 0x04))  # command, this channel and version 2.0, as administrator
    return _RMCP + _SESSION + b"\x09" + _TO_CONTROLLER + message + bytes((-sum(message) & 0xFF,))


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a response to that command with our number; both its sums are right."""
    if len(data) < 22 or data[:5] != _RMCP + b"\0" or data[13] != len(data) - 14:
        return False
    if data[14] != _OURS or data[15] >> 2 != 7 or data[18] & 0xFC != _sequence(nonce) or data[19] != 0x38:
        return False
    return sum(data[14:17]) & 0xFF == 0 and sum(data[17:]) & 0xFF == 0


def _sequence(nonce: int) -> int:
    return nonce % 64 << 2
