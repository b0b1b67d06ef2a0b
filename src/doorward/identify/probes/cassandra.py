"""Cassandra's native protocol: asks for what the server supports and for its version; reads none of its users' tables."""

from __future__ import annotations

from typing import Final

from doorward.identify.cpe import cpe_name
from doorward.identify.identity import Identity, introduce
from doorward.identify.probing import ANSWER_BYTES, Context, Safety, Step
from doorward.values.evidence import Fact
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = [
    "MAX_BYTES",
    "NAME",
    "SAFETY",
    "SERVER_SPEAKS_FIRST",
    "SOURCE",
    "TITLE",
    "TRANSPORTS",
    "USUAL_PORTS",
    "first_words",
    "next_words",
    "read",
]

NAME: Final = "cassandra"
TITLE: Final = "Cassandra: a database spread over many machines"
SOURCE: Final = "Apache Cassandra, native_protocol_v4.spec"
TRANSPORTS: Final = (Transport.TCP,)
USUAL_PORTS: Final = (
    9042,
    9142,
)  # Cassandra's manual: plain, in TLS
SERVER_SPEAKS_FIRST: Final = False
SAFETY: Final = Safety.ANY_PORT
MAX_BYTES: Final = ANSWER_BYTES

_VERSION: Final = 4
_ERROR, _READY, _AUTHENTICATE, _SUPPORTED, _RESULT = 0x00, 0x02, 0x03, 0x06, 0x08  # §2.4
_HEADER: Final = 9
_MOST_BODY: Final = 4000
_QUERY: Final = b"SELECT release_version, cluster_name, data_center FROM system.local"
_COLUMNS: Final = ("release_version", "cluster_name", "data_center")


def first_words(host: str) -> bytes:  # noqa: ARG001
    """OPTIONS: ask what it supports."""
    return _frame(0x05, b"")


def next_words(received: bytes, context: Context) -> bytes | Step:
    """STARTUP once it told what it supports; where that is enough to be let in, ask for the version."""
    frames = _decode_frames(received)
    if not frames:
        return Step.WAIT if len(received) < _HEADER or _is_frame(received) else Step.DONE
    said = len({turn.sent for turn in context.turns if turn.sent})
    if len(frames) < said:
        return Step.DONE if context.closed else Step.WAIT
    last = frames[-1][0]
    if last == _SUPPORTED and said == 1:
        return _frame(0x01, (1).to_bytes(2) + _text(b"CQL_VERSION") + _text(b"3.0.0"))
    if last == _READY and said == 2:
        return _frame(0x07, len(_QUERY).to_bytes(4) + _QUERY + b"\x00\x01\x00")  # consistency ONE, no flags
    return Step.DONE


def read(received: bytes, context: Context) -> Identity | None:
    """Read SUPPORTED, or the error of a server that speaks another version."""
    frames = _decode_frames(received[:MAX_BYTES])
    if not frames or frames[0][0] not in (_SUPPORTED, _ERROR):
        return None
    kind, body = frames[0]
    options = _multimap(body) if kind == _SUPPORTED else {}
    if not ("CQL_VERSION" in options or (kind == _ERROR and b"protocol version" in body)):
        return None
    told = next((_row(body) for kind, body in frames[1:] if kind == _RESULT), {})
    kinds = {kind for kind, _ in frames}
    access = "required" if _AUTHENTICATE in kinds else "none" if _READY in kinds else "unknown"
    scylla = any(name.startswith("SCYLLA_") for name in options)
    version = "" if scylla else told.get("release_version", "")
    facts: dict[str, Fact] = {"encrypted": context.tunnel is not None, "authentication": access}
    for name, ours in (("CQL_VERSION", "cql_versions"), ("PROTOCOL_VERSIONS", "protocol_versions"), ("COMPRESSION", "compression")):
        if name in options:
            facts[ours] = options[name]
    facts |= {name: told[name] for name in _COLUMNS[1:] if told.get(name)}
    product = "ScyllaDB" if scylla else "Apache Cassandra"
    return Identity(
        service=NAME,
        product=product,
        version=version,
        vendor="ScyllaDB" if scylla else "Apache Software Foundation",
        cpe=cpe_name("scylladb", "scylladb") if scylla else cpe_name("apache", "cassandra", version),
        why="it tells in Cassandra's frames what it supports",
        sentence=introduce("a database spread over many machines", product, version)
        + {"none": " Whoever reaches it may read and change it: it asks for no password.", "required": " It wants a login."}.get(
            access, ""
        ),
        facts=facts,
    )


def _frame(opcode: int, body: bytes) -> bytes:
    """Version, flags, stream (2), opcode, length (4), body (§2)."""
    return bytes((_VERSION, 0, 0, 7, opcode)) + len(body).to_bytes(4) + body


def _text(text: bytes) -> bytes:
    return len(text).to_bytes(2) + text


def _is_frame(received: bytes) -> bool:
    return received[0] & 0xF0 == 0x80 and received[0] & 0x0F in range(1, 7) and received[2:4] in (b"\x00\x07", b"\x00\x00")


def _decode_frames(received: bytes) -> list[tuple[int, bytes]]:
    """Whole answers to our stream as (opcode, body), at most four."""
    frames: list[tuple[int, bytes]] = []
    while len(received) >= _HEADER and _is_frame(received) and len(frames) < 4:
        size = int.from_bytes(received[5:_HEADER])
        if size > _MOST_BODY or len(received) < _HEADER + size:
            break
        frames.append((received[4], received[_HEADER : _HEADER + size]))
        received = received[_HEADER + size :]
    return frames


def _multimap(body: bytes) -> dict[str, list[str]]:
    """Count (2), then names with lists of texts, each with its length or count (2) before it (§3)."""
    found: dict[str, list[str]] = {}
    count, place = int.from_bytes(body[:2]), 2
    for _ in range(min(count, 30)):
        name, place = _short_text(body, place)
        size, place = int.from_bytes(body[place : place + 2]), place + 2
        values = []
        for _ in range(min(size, 20)):
            value, place = _short_text(body, place)
            values.append(value)
        if place > len(body):
            return {}
        found[name] = values
    return found


def _short_text(body: bytes, place: int) -> tuple[str, int]:
    end = place + 2 + int.from_bytes(body[place : place + 2])
    return printable(body[place + 2 : end].decode("utf-8", "replace"), 100), end


def _row(body: bytes) -> dict[str, str]:
    """The only row of our query: kind 2 (rows), metadata, and as many texts as columns at the end, each with its length (4)."""
    if body[:4] != b"\x00\x00\x00\x02" or int.from_bytes(body[8:12]) != len(_COLUMNS):
        return {}
    place = 12
    if int.from_bytes(body[4:8]) & 1:  # one keyspace and table for all columns
        place = _short_text(body, _short_text(body, place)[1])[1]
    for _ in _COLUMNS:
        place = _short_text(body, place)[1] + 2  # name, kind of value
    if int.from_bytes(body[place : place + 4]) != 1:
        return {}
    place += 4
    values = []
    for _ in _COLUMNS:
        size = int.from_bytes(body[place : place + 4], signed=True)
        raw = body[place + 4 : place + 4 + max(size, 0)]
        values.append(printable(raw.decode("utf-8", "replace"), 100))
        place += 4 + max(size, 0)
    return dict(zip(_COLUMNS, values, strict=True)) if place <= len(body) else {}
