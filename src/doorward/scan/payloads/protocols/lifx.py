"""LIFX: which services do you have? The light repeats the number that says who asks."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "lifx"
TITLE: Final = "Lights in homes (LIFX)"
SOURCE: Final = "LIFX LAN protocol, 'Packet contents' (header), messages GetService (2) and StateService (3)"
PORTS: Final = (56700,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 4  # source
ANSWER_BYTES: Final = 41

_GET_SERVICE, _STATE_SERVICE = 2, 3
_HEADER: Final = 36


def payload(nonce: int) -> bytes:
    """Size, protocol 1024 to all lights of this host, source, no target, "answer wanted"; numbers are little-endian here."""
    head = _HEADER.to_bytes(2, "little") + b"\0\x34" + nonce_bytes(nonce, NONCE_SIZE)
    return head + bytes(14) + b"\1\0" + bytes(8) + _GET_SERVICE.to_bytes(2, "little") + bytes(2)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is StateService for our number: a service and its port."""
    if len(data) != 41 or int.from_bytes(data[:2], "little") != len(data) or int.from_bytes(data[2:4], "little") & 0x0FFF != 1024:
        return False
    return data[4:8] == nonce_bytes(nonce, NONCE_SIZE) and int.from_bytes(data[32:34], "little") == _STATE_SERVICE
