"""The container of the files that ship with the port list: gzip without time or name, so that the same facts give the same bytes."""

from __future__ import annotations

import zlib
from typing import Final

from doorward.errors import DoorwardBug

__all__ = ["pack", "unpack"]

_GZIP: Final = 31  # zlib's name for the largest window inside gzip's container (zlib.h, deflateInit2)
_MAX_BYTES: Final = 64 << 20  # the registry is under 2 MB; a file that unpacks to more is not ours
_REMEDY: Final = "Install Doorward again."


def pack(document: bytes) -> bytes:
    """Compress ``document`` with the time and file name of gzip's header left empty (RFC 1952 §2.3)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return packer.compress(document) + packer.flush()


def unpack(packed: bytes) -> bytes:
    """Undo `pack`, in bounded memory; raises `DoorwardBug` for what is no such file."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        document = unpacker.decompress(packed, _MAX_BYTES)
    except zlib.error as error:
        raise DoorwardBug("unpack a shipped file", why=str(error), remedy=_REMEDY) from None
    if not unpacker.eof:
        raise DoorwardBug("unpack a shipped file", why="it is cut off or far too large", remedy=_REMEDY)
    return document
