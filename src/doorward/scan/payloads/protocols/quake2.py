"""Quake, QuakeWorld and Quake II: a challenge, please. The first word of a client, with the shortest answer there is."""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "quake2"
TITLE: Final = "Game servers of Quake's first kinds (QuakeWorld, Quake II)"
SOURCE: Final = "id Software's published sources: QW/server/sv_main.c (SVC_GetChallenge), Quake-2/server/sv_main.c (SVC_GetChallenge)"
PORTS: Final = (27500, 27910)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 45

_CHALLENGE: Final = re.compile(rb"\xff\xff\xff\xff(?:challenge |c)-?\d{1,11}(?: p=[\d,]{1,16})?\n?\0?")


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return b"\xff\xff\xff\xffgetchallenge\n"


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is a challenge number."""
    return _CHALLENGE.fullmatch(data) is not None
