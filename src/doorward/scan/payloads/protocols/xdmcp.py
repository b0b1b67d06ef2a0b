"""XDMCP: would you show me a login screen? The server tells its name and how busy it is, and repeats nothing of ours.

We name a way to prove oneself that nobody knows, as padding.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "xdmcp"
TITLE: Final = "Login screens over the network (XDMCP)"
SOURCE: Final = "X Display Manager Control Protocol 1.1 §5 (Query, Willing, Unwilling)"
PORTS: Final = (177,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 100

_AUTHENTICATION: Final = b"DOORWARD-ASKS-WHETHER-YOU-WOULD"
_BODY: Final = b"\1" + len(_AUTHENTICATION).to_bytes(2) + _AUTHENTICATION
_WILLING: Final = b"\0\1\0\5"
_UNWILLING: Final = b"\0\1\0\6"


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """Version 1, Query, length, one authentication name."""
    return b"\0\1\0\2" + len(_BODY).to_bytes(2) + _BODY


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is Willing with its three texts, or Unwilling with its two, exactly as long as they say."""
    texts = {_WILLING: 3, _UNWILLING: 2}.get(data[:4])
    if texts is None or int.from_bytes(data[4:6]) != len(data) - 6:
        return False
    place = 6
    for _ in range(texts):
        place += 2 + int.from_bytes(data[place : place + 2])
    return place == len(data) and len(data) >= 6 + 2 * texts
