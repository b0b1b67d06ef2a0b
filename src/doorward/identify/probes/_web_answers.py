"""One answer of HTTP as status, fields and body, for protocols that stand on it; knows none of them."""

from __future__ import annotations

import re
from typing import Final

from doorward.identify.probing import Context, Step
from doorward.values.printable import printable

__all__ = [
    "WebAnswer",
    "parse_web_answer",
    "text_of",
    "wait_for_answer",
    "web_request",
]


import msgspec

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
_HOST = re.compile(r"[\w.:\[\]-]{1,255}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[^\r\n]{0,200})?\r\n")
_MOST_CHUNKS: Final = 200


class WebAnswer(msgspec.Struct, frozen=True):
    """An answer, as much of it as came."""

    status: int
    fields: dict[str, str]  #: by lower-case names, the first of each
    body: bytes

    def json(self) -> dict[str, object]:
        """The body where it is a whole JSON object, else an empty one."""
        try:
            told = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return {}
        return told if isinstance(told, dict) else {}


def web_request(host: str, path: str) -> bytes:
    """Ask for ``path``; ``host`` stands in the Host field where it is one (RFC 9112 §3.2)."""
    name = host if _HOST.fullmatch(host) and host.isascii() else ""
    name = f"[{name}]" if ":" in name and name[:1] != "[" else name
    lines = [f"GET {path} HTTP/1.1", f"Host: {name}", "User-Agent: Doorward", "Accept: application/json, */*", "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode()


def parse_web_answer(received: bytes) -> WebAnswer | None:
    """Read an answer whose head is whole; `None` for everything else."""
    status = _STATUS.match(received)
    head, found, body = received.partition(b"\r\n\r\n")
    if status is None or not found:
        return None
    fields: dict[str, str] = {}
    for line in head.split(b"\r\n")[1:101]:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip()[:500])
    return WebAnswer(int(status[1]), fields, _joined(body) if "chunked" in fields.get("transfer-encoding", "") else body)


def wait_for_answer(received: bytes, context: Context) -> Step:
    """Wait until the answer is whole."""
    if not received.startswith(b"HTTP/"[: len(received)]) or context.closed:
        return Step.DONE
    answer = parse_web_answer(received)
    if answer is None:
        return Step.WAIT
    length = answer.fields.get("content-length", "")
    whole = length.isdigit() and len(length) < 10 and len(answer.body) >= int(length)
    ended = "chunked" in answer.fields.get("transfer-encoding", "") and received.endswith(b"0\r\n\r\n")
    return Step.DONE if whole or ended else Step.WAIT


def text_of(told: dict[str, object], key: str, limit: int = 100) -> str:
    """A text in JSON, printable; empty where it is missing or something else."""
    value = told.get(key)
    return printable(value[:limit]) if isinstance(value, str) else ""


def _joined(body: bytes) -> bytes:
    """Chunks without their lengths (RFC 9112 §7.1), as many as came."""
    parts: list[bytes] = []
    place = 0
    for _ in range(_MOST_CHUNKS):
        head = _CHUNK.match(body, place)
        if head is None or int(head[1], 16) == 0:
            break
        parts.append(body[head.end() : head.end() + int(head[1], 16)])
        place = head.end() + int(head[1], 16) + 2
    return b"".join(parts)
