"""San Andreas Multiplayer: are you there? Its own ping: four bytes of ours come back, all else as it was sent."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "samp"
TITLE: Final = "Game servers (San Andreas Multiplayer)"
SOURCE: Final = "SA-MP documentation, 'Query mechanism': opcode 'p'"
PORTS: Final = (7777,)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 11
ANSWER_BYTES: Final = 15

_HEAD: Final = b"SAMP" + bytes((127, 0, 0, 1)) + (7777).to_bytes(2, "little") + b"p"  # the address asked, which servers don't compare


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return _HEAD + nonce_bytes(nonce, NONCE_SIZE)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether our own words come back."""
    return data == _HEAD + nonce_bytes(nonce, NONCE_SIZE)
