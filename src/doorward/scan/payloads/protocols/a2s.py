"""Source and GoldSrc games: who plays? Without a challenge, which the server sends back first: nine bytes for nine.

The usual question for the server's name is answered by older games with 200 bytes at once.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "a2s"
TITLE: Final = "Game servers of Valve's kind (Source, GoldSrc, Rust, ARK)"
SOURCE: Final = "Valve Developer Community, 'Server queries': A2S_PLAYER, S2C_CHALLENGE"
PORTS: Final = (27015, 27016, 27017, 27018, 27019, 27020, 2303, 2457, 28015)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 9

_SINGLE: Final = b"\xff\xff\xff\xff"  # not split; and "no challenge yet"


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return _SINGLE + b"U" + _SINGLE


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is a challenge, or, from a server that wants none, the players (a count, then at least ten bytes for each)."""
    if data[:5] == _SINGLE + b"A":
        return len(data) == 9
    return data[:5] == _SINGLE + b"D" and len(data) >= 6 and len(data) - 6 >= 10 * data[5] and (data[5] > 0 or len(data) == 6)
