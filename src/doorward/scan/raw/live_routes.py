"""Asks the kernel, through ``ip -j`` (iproute2), which way each target leaves, and what the interfaces are."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from doorward.errors import WorldError
from doorward.scan.raw.routes import Leg, Way, boundaries, cut, legs, read_way
from doorward.scan.spans import Span
from doorward.values.addresses import Address

__all__ = ["free_knock_ports", "read_legs"]

_TIMEOUT_S: Final = 10
_MOST_QUESTIONS: Final = 65536


def read_legs(spans: Sequence[Span]) -> list[Leg]:
    """Sort targets by the way that they leave; those without a route come as a leg without interface."""
    pieces: list[Span] = []
    for family in (4, 6):
        own = [span for span in spans if span.family == family]
        if own:
            alone = all(span.count == 1 for span in own)
            edges = [] if alone else boundaries(_ask(family, ["route", "show", "table", "all"]), family)
            pieces += [piece for span in own for piece in cut(span, edges)]
    if len(pieces) > _MOST_QUESTIONS:
        raise WorldError(
            "find the ways to the targets", why=f"{len(pieces):,} routes differ among them", remedy="Scan fewer networks at once."
        )
    return legs(zip(pieces, _ways(pieces), strict=True))


def free_knock_ports(count: int, turn: int) -> int:
    """A first source port for ``count`` of them, above the range from which the kernel gives ports to clients; ``turn`` chooses.

    The kernel's own sockets never have such ports unless a program asks for them by number, so no answer of theirs is taken for ours.
    """
    try:
        low, high = (int(word) for word in Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    except (OSError, ValueError):
        low, high = 32768, 60999  # Linux's default (Documentation/networking/ip-sysctl.rst)
    first, last = (high + 1, 65535) if 65535 - high >= count else (1024, low - 1)
    places = (last - first + 1) // count
    return first + (turn % places) * count if places > 0 else 65536 - count


def _ways(pieces: Sequence[Span]) -> list[Way]:
    answers: dict[tuple[int, str, str], Way] = {}
    for family in (4, 6):
        questions = [_question(piece) for piece in pieces if piece.family == family]
        if not questions:
            continue
        found = _ask_many(family, questions)
        for piece in pieces:
            if piece.family == family:
                address = Address(piece.address(0).packed)
                answer = found.get((str(address), piece.scope))
                answers[family, str(address), piece.scope] = read_way(answer) if answer is not None else Way()
    return [answers[piece.family, str(Address(piece.address(0).packed)), piece.scope] for piece in pieces]


def _question(piece: Span) -> tuple[str, str]:
    return str(Address(piece.address(0).packed)), piece.scope


def _ask_many(family: int, questions: Sequence[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The kernel's answers by (address, scope); those it refuses ("network is unreachable") are missing."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for scope in sorted({scope for _, scope in questions}):
        lines = [f"route get {address}{f' oif {scope}' if scope else ''}" for address, own in questions if own == scope]
        for row in _run([f"-{family}", "-force", "-batch", "-"], "\n".join(lines) + "\n"):
            found[str(row.get("dst")), scope] = row
    return found


def _ask(family: int, words: list[str]) -> list[dict[str, Any]]:
    return _run([f"-{family}", *words], "")


def _run(words: list[str], text: str) -> list[dict[str, Any]]:
    try:
        done = subprocess.run(["ip", "-j", *words], input=text, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    except FileNotFoundError:
        raise WorldError(
            "find the way to the targets", why="the program 'ip' is missing", remedy="Install iproute2, or use --kind connect."
        ) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WorldError("find the way to the targets", why=f"'ip' failed: {error}", remedy="Use --kind connect.") from None
    decoder, rows, place = json.JSONDecoder(), [], 0
    while place < len(done.stdout):
        if done.stdout[place].isspace():
            place += 1
            continue
        try:
            value, place = decoder.raw_decode(done.stdout, place)
        except ValueError:
            break
        rows += [row for row in value if isinstance(row, dict)]
    return rows
