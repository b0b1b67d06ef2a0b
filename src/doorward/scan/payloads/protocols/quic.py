"""QUIC: a version that nobody has. The server has to name the versions that it does have, and repeats our connection id.

RFC 9000 wants 1,200 bytes of us, so that nobody can be flooded through it. HTTP/3 and DNS over QUIC stand on it.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "quic"
TITLE: Final = "Encrypted streams over UDP (QUIC): HTTP/3, DNS over QUIC"
SOURCE: Final = "RFC 8999 §5.1, §6 (version negotiation); RFC 9000 §6, §14.1 (1,200 bytes), §15 (versions kept for this); RFC 9250"
PORTS: Final = (443, 853, 784, 8443, 4433, 8853)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 15  # our connection id, the answer's destination
ANSWER_BYTES: Final = 60

_SIZE: Final = 1200
_RESERVED_VERSION: Final = bytes.fromhex("1a2a3a4a")  # 0x?a?a?a?a
_DESTINATION: Final = b"doorward"
_HEAD: Final = b"\xc0" + _RESERVED_VERSION + b"\x08" + _DESTINATION + b"\x08"


def payload(nonce: int) -> bytes:
    """A long header: version, both connection ids of eight bytes; then nothing."""
    return (_HEAD + nonce_bytes(nonce, NONCE_SIZE)).ljust(_SIZE, b"\0")


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a version negotiation (version 0) with the two ids exchanged, and at least one version."""
    if len(data) < 27 or not data[0] & 0x80 or data[1:5] != bytes(4) or (len(data) - 23) % 4:
        return False
    return data[5:23] == b"\x08" + nonce_bytes(nonce, NONCE_SIZE) + b"\x08" + _DESTINATION
