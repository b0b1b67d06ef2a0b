"""Which way knocks leave: target spans cut where routes differ, and the kernel's own answers read. Pure; `live_routes` asks the kernel.

Computing routes oneself means rebuilding policy rules, tables, metrics and nexthop groups. We don't: every prefix of every table only
tells where the answer *may* change, the spans are cut there, and the kernel decides for one address of each piece.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from doorward.errors import CallError
from doorward.scan.spans import Span, merged, network_span
from doorward.values.addresses import Address

__all__ = ["Leg", "Way", "boundaries", "cut", "legs", "read_way"]


class Way(msgspec.Struct, frozen=True):
    """How packets to an address leave this machine; ``interface`` is empty where they don't."""

    interface: str = ""
    source: Address | None = None
    gateway: Address | None = None  #: the next router; ``None`` on the link itself
    is_local: bool = False  #: the address is this machine's own


class Leg(msgspec.Struct, frozen=True):
    """All targets of one family that leave by one way."""

    way: Way
    spans: tuple[Span, ...]

    @property
    def count(self) -> int:
        """How many addresses."""
        return sum(span.count for span in self.spans)


def boundaries(routes: Iterable[dict[str, Any]], family: int) -> list[int]:
    """The addresses, as sorted numbers, at which a routing decision may change: where a prefix of any table begins, or has ended."""
    edges: set[int] = set()
    for route in routes:
        destination = str(route.get("dst", "default"))
        if destination == "default":
            continue
        try:
            span = network_span(destination)
        except (ValueError, CallError):  # "unreachable default" and whatever a later iproute2 prints
            continue
        if span.family == family:
            edges |= {span.first, span.last + 1}
    return sorted(edges)


def cut(span: Span, edges: Sequence[int]) -> list[Span]:
    """``span`` in pieces, none of which crosses an edge."""
    low = bisect.bisect_right(edges, span.first)
    high = bisect.bisect_right(edges, span.last)
    starts = [span.first, *edges[low:high]]
    ends = [*(start - 1 for start in starts[1:]), span.last]
    return [Span(span.family, span.scope, first, last) for first, last in zip(starts, ends, strict=True)]


def read_way(answer: dict[str, Any]) -> Way:
    """Read one answer of ``ip -j route get``."""
    kind = str(answer.get("type", "unicast"))
    if kind not in ("unicast", "local") or "dev" not in answer:
        return Way()
    gateway = answer.get("gateway") or (answer.get("via") or {}).get("host")
    return Way(
        interface=str(answer["dev"]),
        source=Address.parse(str(answer["prefsrc"])) if "prefsrc" in answer else None,
        gateway=Address.parse(str(gateway)) if gateway else None,
        is_local=kind == "local",
    )


def legs(pieces: Iterable[tuple[Span, Way]]) -> list[Leg]:
    """Join pieces that leave by the same way, in the order in which ways come up."""
    joined: dict[tuple[Way, int], list[Span]] = {}
    for span, way in pieces:
        joined.setdefault((way, span.family), []).append(span)
    return [Leg(way, merged(spans)) for (way, _), spans in joined.items()]
