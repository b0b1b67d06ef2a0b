"""TeamSpeak 3: may I come in? The first of four steps, in which the server still remembers nothing; it repeats our number backwards."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "teamspeak"
TITLE: Final = "Talking while playing (TeamSpeak)"
SOURCE: Final = "ReSpeak's tsdeclarations, ts3protocol.md §2.1-§2.5 (Init1 packets), written from observation: there is no standard"
PORTS: Final = (9987,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 22  # the client's random number
ANSWER_BYTES: Final = 32

_TAG: Final = b"TS3INIT1" + b"\0\x65"  # in place of a signature; packet number 101
_INIT: Final = 0x88  # not encrypted, type 8
_VERSION: Final = bytes.fromhex("0c87bf30")  # client 3.5.0, as seconds since 2013


def payload(nonce: int) -> bytes:
    """Client 0, type, version, step 0, a time (none), our number, eight zero bytes."""
    return _TAG + bytes(2) + bytes((_INIT,)) + _VERSION + bytes(5) + nonce_bytes(nonce, NONCE_SIZE) + bytes(8)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is step 1 with our number reversed, or 0x7f: "begin again"."""
    if data[:10] != _TAG or data[10:11] != bytes((_INIT,)):
        return False
    if data[11:12] == b"\x7f":
        return len(data) <= 32
    return len(data) == 32 and data[11] == 1 and data[28:] == nonce_bytes(nonce, NONCE_SIZE)[::-1]
