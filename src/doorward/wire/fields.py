"""Fixed fields between bytes and numbers, with the house's errors instead of ``struct.error``; knows no protocol."""

from __future__ import annotations

import struct
from typing import Any

from doorward.errors import CallError, PeerError

__all__ = ["need", "nonsense", "pack", "unpack"]


def need(data: bytes, size: int, what: str) -> None:
    """Raise `PeerError` where ``data`` has fewer than ``size`` bytes; ``what`` reads after "read the"."""
    if len(data) < size:
        raise nonsense(what, f"it has {len(data)} of {size} bytes")


def nonsense(what: str, why: str) -> PeerError:
    """Return the error for a header that its protocol doesn't allow."""
    return PeerError(f"read the {what}", why=why)


def unpack(layout: struct.Struct, data: bytes, what: str) -> tuple[Any, ...]:
    """Unpack the first bytes of ``data``; raises `PeerError` where they are too few."""
    need(data, layout.size, what)
    return layout.unpack_from(data)


def pack(layout: struct.Struct, what: str, *values: int | bytes) -> bytes:
    """Pack ``values``; raises `CallError` where one doesn't fit its field (``struct`` would cut or pad texts in silence)."""
    try:
        packed = layout.pack(*values)
    except struct.error as error:
        raise CallError(f"write the {what}", why=f"a number doesn't fit its field ({error})") from None
    for value, kept in zip(values, layout.unpack(packed), strict=True):
        if isinstance(value, bytes) and value != kept:
            raise CallError(f"write the {what}", value.hex(), why=f"its field has {len(kept)} bytes")
    return packed
