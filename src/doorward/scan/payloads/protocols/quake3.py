"""Quake III and its many children: a challenge, please. Servers of today repeat the number that we bring; the oldest send theirs alone."""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "quake3"
TITLE: Final = "Game servers of Quake III's kind (OpenArena, Xonotic, Urban Terror)"
SOURCE: Final = "id Software's published source: code/server/sv_client.c (SV_GetChallenge), and ioquake3's"
PORTS: Final = (27960, 27961, 27962, 26000, 28960, 44400)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = None  # as a decimal number
ANSWER_BYTES: Final = 60

_CHALLENGE: Final = re.compile(
    rb"\xff\xff\xff\xff(?:challengeResponse (-?\d{1,11})(?: (-?\d{1,11})(?: \d{1,6})?)?"
    rb"|challenge (?!-?\d{1,11}\b)[\x21-\x7e]{8,40})\n?\0?"  # DarkPlaces (Xonotic) sends a text
)


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return b"\xff\xff\xff\xffgetchallenge %d" % _number(nonce)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is a challenge, and one to our number where it repeats one."""
    said = _CHALLENGE.match(data[:200])
    return said is not None and (said[2] is None or int(said[2]) == _number(nonce))


def _number(nonce: int) -> int:
    """Up to ten digits of a positive C int, always of one length."""
    return 1_000_000_000 + int.from_bytes(nonce_bytes(nonce, NONCE_SIZE)) % 1_000_000_000
