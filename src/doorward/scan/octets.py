"""IPv4 octet patterns as nmap writes them: ``192.168.0-3.1,7-9``, ``10.0.0.*``, ``10.0.0-1.0/28``; knows numbers, no names and no rights.

    pattern = octet "." octet "." octet "." octet ["/" bits]
    octet   = item *("," item)
    item    = number / [number] "-" [number] / "*"      both ends inclusive; open ends mean 0 and 255

The bits widen each address of the pattern to its network.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from doorward.errors import CallError
from doorward.scan.spans import Span, merged

__all__ = ["is_octet_pattern", "parse_octets"]

#: Octet patterns such as 1-9.*.*.7 make one span per combination of the leading octets; more than a /16's worth wants a network instead.
_MAX_SPANS: Final = 65536
_OCTETS_ONLY: Final = re.compile(r"[0-9.,*-]+")
_REMEDY: Final = "Write 192.168.1.7, 10.0.0.1-20, 192.168.0-3.1,7 or 10.0.0.*."


def is_octet_pattern(text: str) -> bool:
    """Whether a target is written in digits, points, commas, dashes and stars alone, so that it can only be meant as an IPv4 pattern."""
    return _OCTETS_ONLY.fullmatch(text) is not None


def parse_octets(pattern: str, bits: int = 32) -> list[Span]:
    """Read a pattern: each combination of the octets before the last stands for the runs of the last; raises `CallError`."""
    octets = [_parse_octet(text, pattern) for text in pattern.split(".")]
    if len(octets) != 4:
        raise CallError("read the target", pattern, why=f"an IPv4 address has four parts, not {len(octets)}", remedy=_REMEDY)
    runs = _runs(octets.pop())
    while octets and runs == [(0, 256 ** (4 - len(octets)) - 1)]:  # full trailing octets widen the run instead of multiplying it
        width = 256 ** (4 - len(octets))
        runs = [(low * width, high * width + width - 1) for low, high in _runs(octets.pop())]
    width = 256 ** (4 - len(octets))
    combinations = len(runs)
    for values in octets:
        combinations *= len(values)
    if combinations > _MAX_SPANS:
        raise CallError("read the target", pattern, why=f"it makes {combinations} separate ranges", remedy="Write it as networks.")
    spans: list[Span] = []
    for leading in itertools.product(*octets):
        base = int.from_bytes(bytes(leading), "big") * width
        spans.extend(_widened(base + low, base + high, bits) for low, high in runs)
    return list(merged(spans)) if bits < 32 else spans


def _widened(first: int, last: int, bits: int) -> Span:
    """From the beginning of the first address's network to the end of the last one's; what lies between belongs to networks between."""
    host = (1 << (32 - bits)) - 1
    return Span(4, "", first & ~host, last | host)


def _parse_octet(text: str, pattern: str) -> list[int]:
    values: set[int] = set()
    for item in text.split(","):
        low, dash, high = ("0", "-", "255") if item == "*" else item.partition("-")
        first = int(low or 0) if _is_octet(low, open_end=bool(dash)) else 256
        last = (int(high or 255) if _is_octet(high, open_end=True) else 256) if dash else first
        if not first <= last <= 255:
            raise CallError("read the target", pattern, why=f"{item!r} is not a number from 0 to 255 or a range of them", remedy=_REMEDY)
        values.update(range(first, last + 1))
    return sorted(values)


def _is_octet(text: str, *, open_end: bool) -> bool:
    """Digits without a leading zero, which some programs take for octal (inet_aton(3)) and others don't."""
    return (text.isdigit() and (text == "0" or (text[0] != "0" and len(text) <= 3))) or (open_end and not text)


def _runs(values: Sequence[int]) -> list[tuple[int, int]]:
    """Consecutive values as (first, last)."""
    runs: list[tuple[int, int]] = []
    for value in values:
        if runs and value == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], value)
        else:
            runs.append((value, value))
    return runs
