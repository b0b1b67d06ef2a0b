"""Modbus over UDP: which revision are you? One text about the device; no coil and no register is touched. Errors answer too."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "modbus"
TITLE: Final = "Industrial controllers (Modbus)"
SOURCE: Final = "MODBUS Application Protocol 1.1b3 §6.21 (read device identification), §7; Messaging on TCP/IP 1.0b §3.1.3 (header)"
PORTS: Final = (502,)
SAFE: Final = Safety.ONLY_ASKED
NONCE_SIZE: Final = 2
NONCE_OFFSET: Final = 0  # transaction id
ANSWER_BYTES: Final = 26

_ASKED: Final = bytes.fromhex("00000005ff2b0e0402")  # protocol 0, five bytes, unit 255, identification: the one text number 2
_MODBUS: Final = bytes(2)


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return nonce_bytes(nonce, NONCE_SIZE) + _ASKED


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is our transaction, as long as it says, with that function or its exception."""
    if len(data) < 9 or data[:4] != nonce_bytes(nonce, NONCE_SIZE) + _MODBUS or int.from_bytes(data[4:6]) != len(data) - 6:
        return False
    return (data[7] == 0xAB and len(data) == 9) or (data[7:9] == b"\x2b\x0e" and len(data) >= 14)
