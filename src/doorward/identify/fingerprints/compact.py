"""The file in which fingerprints are kept: fields packed one by one behind an index, so that one is read without the others. Pure bytes.

file = "doorward fingerprints 1" LF, length of the index (4 bytes), index (MessagePack), field (MessagePack in zlib) …
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

import msgspec

from doorward.errors import WorldError
from doorward.identify.fingerprints.fingerprint import Field

__all__ = ["HEAD_BYTES", "Index", "Part", "decode_field", "decode_index", "encode_file", "index_length"]

_MAGIC: Final = b"doorward fingerprints 1\n"
#: Bytes before the index.
HEAD_BYTES: Final = len(_MAGIC) + 4
_MOST_INDEX_BYTES: Final = 1_000_000
_MOST_FIELD_BYTES: Final = 64_000_000  # unpacked
_REMEDY: Final = "Install the fingerprints again: doorward update fingerprints --from DIR"


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Where a field's bytes lie, counted from the end of the index."""

    name: str
    offset: int
    size: int
    fingerprints: int


class Index(msgspec.Struct, frozen=True, array_like=True):
    """What the file holds."""

    source: str  #: "Recog"
    installed: str  #: when, ISO 8601
    parts: tuple[Part, ...]


def encode_file(source: str, installed: str, fields: Iterable[Field]) -> bytes:
    """Write the file."""
    parts, blocks, offset = [], [], 0
    for field in fields:
        block = zlib.compress(msgspec.msgpack.encode(field), 6)
        parts.append(Part(field.name, offset, len(block), len(field.fingerprints)))
        blocks.append(block)
        offset += len(block)
    index = msgspec.msgpack.encode(Index(source, installed, tuple(parts)))
    return b"".join([_MAGIC, len(index).to_bytes(4), index, *blocks])


def index_length(head: bytes) -> int:
    """Read the first `HEAD_BYTES`; raises `WorldError` for another file's."""
    length = int.from_bytes(head[len(_MAGIC) : HEAD_BYTES])
    if not head.startswith(_MAGIC) or len(head) < HEAD_BYTES or length > _MOST_INDEX_BYTES:
        raise WorldError("read the fingerprints", why="the file is damaged, or of another version of Doorward", remedy=_REMEDY)
    return length


def decode_index(data: bytes) -> Index:
    """Read the index; raises `WorldError` when it is damaged."""
    try:
        return msgspec.msgpack.decode(data, type=Index)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise WorldError("read the fingerprints", why="their index is damaged", remedy=_REMEDY) from None


def decode_field(data: bytes) -> Field:
    """Read one field; raises `WorldError` when it is damaged or grows beyond all measure."""
    try:
        unpacked = zlib.decompressobj().decompress(data, _MOST_FIELD_BYTES)
        return msgspec.msgpack.decode(unpacked, type=Field)
    except (zlib.error, msgspec.MsgspecError, UnicodeDecodeError):
        raise WorldError("read the fingerprints", why="a field of theirs is damaged", remedy=_REMEDY) from None
