"""AFS's Rx: which version are you? A question beneath all calls, so that none of its programs is bothered; the header comes back."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "afs"
TITLE: Final = "Files of campuses (AFS)"
SOURCE: Final = "OpenAFS's published source: src/rx/rx.h (header, RX_PACKET_TYPE_VERSION), rx_packet.c (rxi_ReceiveVersionPacket)"
PORTS: Final = (7000, 7001, 7002, 7003, 7005, 7007)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 8  # call number
ANSWER_BYTES: Final = 93

_HEADER: Final = 28
_VERSION: Final = 13
_CLIENT: Final = 1  # flag: from who began the call


def payload(nonce: int) -> bytes:
    """Epoch, connection, call, sequence, serial, type, flags and what is zero; then padding."""
    return b"door" + bytes(4) + nonce_bytes(nonce, NONCE_SIZE) + bytes(8) + bytes((_VERSION, _CLIENT)) + bytes(6) + bytes(36)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether our epoch, connection and call come back with the type, but not from a client."""
    if not _HEADER <= len(data) <= 1500 or data[:8] != b"door" + bytes(4) or data[8:12] != nonce_bytes(nonce, NONCE_SIZE):
        return False
    return data[20] == _VERSION and not data[21] & _CLIENT
