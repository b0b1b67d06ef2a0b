"""RakNet, as Minecraft's Bedrock edition speaks it: are you there? The server repeats our time and tells its name, so we add padding."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "minecraft_bedrock"
TITLE: Final = "Minecraft (Bedrock edition), games on RakNet"
SOURCE: Final = "RakNet's published source: RakPeer.cpp (ID_UNCONNECTED_PING, which may be longer, and its PONG), MessageIdentifiers.h"
PORTS: Final = (19132, 19133)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 1  # the client's time
ANSWER_BYTES: Final = 160

_MAGIC: Final = bytes.fromhex("00ffff00fefefefefdfdfdfd12345678")
_PING, _PONG = 0x01, 0x1C


def payload(nonce: int) -> bytes:
    """Ping, time, magic, our number, padding."""
    return bytes((_PING,)) + nonce_bytes(nonce, NONCE_SIZE) + _MAGIC + b"doorward" + bytes(31)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a pong with our time and the magic, and a text as long as it says where there is one."""
    if len(data) < 33 or data[0] != _PONG or data[1:9] != nonce_bytes(nonce, NONCE_SIZE) or data[17:33] != _MAGIC:
        return False
    return len(data) == 33 or len(data) == 35 + int.from_bytes(data[33:35])
