"""Time: how many seconds since 1900? Four bytes, of which none is ours; any datagram will do."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "time"
TITLE: Final = "Seconds since 1900"
SOURCE: Final = "RFC 868"
PORTS: Final = (37,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 4

_YEAR_2000: Final = 3_155_673_600


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return bytes(4)


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is a moment from 2000 on; the count starts anew in February 2036, so the first ten years of it pass too."""
    return len(data) == 4 and (int.from_bytes(data) >= _YEAR_2000 or 0 < int.from_bytes(data) < 315_360_000)
