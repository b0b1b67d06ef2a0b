"""BitTorrent's distributed table: are you there? A ping from a node that says it only reads, so that nobody remembers us."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "bittorrent_dht"
TITLE: Final = "Sharing files (BitTorrent DHT)"
SOURCE: Final = "BEP 5 (ping, transaction id), BEP 43 (read-only nodes)"
PORTS: Final = (6881, 6882, 51413, 8999)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 54  # transaction id
ANSWER_BYTES: Final = 110

_BEFORE: Final = b"d1:ad2:id20:doorward only asks..e1:q4:ping2:roi1e1:t4:"
_AFTER: Final = b"1:y1:qe"


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return _BEFORE + nonce_bytes(nonce, NONCE_SIZE) + _AFTER


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a dictionary with our transaction that calls itself a response or an error."""
    if not 20 <= len(data) <= 1500 or data[:1] != b"d" or data[-1:] != b"e":
        return False
    return b"1:t4:" + nonce_bytes(nonce, NONCE_SIZE) in data and (b"1:y1:r" in data or b"1:y1:e" in data)
