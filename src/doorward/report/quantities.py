"""Bytes, durations and counts as a person writes them: few digits, and the unit beside them."""

from __future__ import annotations

__all__ = ["amount", "count", "duration_us"]

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB")  # powers of 1000 (SI)


def amount(size_bytes: int) -> str:
    """Write bytes with two or three digits: ``0 B``, ``1.2 kB``, ``340 MB``."""
    size = float(size_bytes)
    for unit in _UNITS:
        if size < 999.5 or unit == _UNITS[-1]:
            return f"{size:.0f} {unit}" if size >= 9.95 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return ""


def duration_us(microseconds: int) -> str:
    """Write a short time with two or three digits: ``0.04 ms``, ``12 ms``, ``1.3 s``."""
    if microseconds < 1000:
        return f"{microseconds / 1000:.2f} ms"
    if microseconds < 999_500:
        return f"{microseconds / 1000:.1f} ms" if microseconds < 9950 else f"{microseconds / 1000:.0f} ms"
    return f"{microseconds / 1e6:.1f} s"


def count(number: int, noun: str) -> str:
    """Write how many there are, with the noun in its number: ``1 socket``, ``12,345 sockets``, ``2 processes``."""
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{ending}"
