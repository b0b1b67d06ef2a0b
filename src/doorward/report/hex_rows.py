"""Bytes as rows of sixteen: place, numbers, and the letters among them. Knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["hex_rows"]


def hex_rows(data: bytes) -> Iterator[str]:
    """Yield rows of 72 characters: ``0000  16 bytes in two groups  ................``; what is no ASCII letter is a dot."""
    for start in range(0, len(data), 16):
        row = data[start : start + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        yield f"{start:04x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  {shown}"
