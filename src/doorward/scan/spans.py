"""Runs of consecutive addresses and their set arithmetic; knows numbers and families, no syntax and no rights.

A network of sixteen million addresses is one span, so it costs as much memory as one host.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import itertools
from collections.abc import Iterable, Sequence

from doorward.values.addresses import Address

__all__ = ["Span", "merged", "network_span", "subtracted"]


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Span:
    """Addresses ``first`` to ``last``, both inclusive, as numbers of one family (4 or 6) and one scope."""

    family: int
    scope: str
    first: int
    last: int

    @classmethod
    def of(cls, address: Address) -> Span:
        """The span of one address alone."""
        number = int.from_bytes(address.packed, "big")
        return cls(address.family, address.scope, number, number)

    @property
    def count(self) -> int:
        """How many addresses it holds."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        first = str(self.address(0))
        return first if self.count == 1 else f"{first}-{self.address(self.count - 1)}"

    def address(self, place: int) -> Address:
        """The address at 0-based ``place``."""
        return Address((self.first + place).to_bytes(4 if self.family == 4 else 16, "big"), self.scope)


def network_span(text: str, scope: str = "") -> Span:
    """The span of a network such as ``10.0.0.0/8``; raises `ValueError`. Bits of the host part are allowed and ignored."""
    network = ipaddress.ip_network(text, strict=False)
    return Span(network.version, scope, int(network.network_address), int(network.broadcast_address))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same addresses as sorted spans that neither overlap nor touch."""
    result: list[Span] = []
    for span in sorted(spans):
        last = result[-1] if result else None
        if last is not None and (last.family, last.scope) == (span.family, span.scope) and span.first <= last.last + 1:
            result[-1] = dataclasses.replace(last, last=max(last.last, span.last))
        else:
            result.append(span)
    return tuple(result)


def subtracted(spans: Iterable[Span], taken: Sequence[Span]) -> tuple[Span, ...]:
    """``spans`` without the addresses of ``taken``; what is taken without a scope is taken in every scope.

    One pass over both in ascending order, so that a million addresses less a hundred thousand networks take seconds.
    """
    everywhere = [hole for hole in taken if not hole.scope]
    left: list[Span] = []
    for (family, scope), group in itertools.groupby(merged(spans), key=lambda span: (span.family, span.scope)):
        scoped = [hole for hole in taken if hole.scope == scope] if scope else []
        holes = merged(dataclasses.replace(hole, scope=scope) for hole in (*everywhere, *scoped) if hole.family == family)
        left += _cut_out(list(group), holes)
    return tuple(left)


def _cut_out(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """Cut ``holes`` out of ``spans``; both ascending, disjoint, and of one family and scope."""
    left: list[Span] = []
    place = 0
    for span in spans:
        first = span.first
        while place < len(holes) and holes[place].last < first:
            place += 1
        at = place
        while at < len(holes) and holes[at].first <= span.last:
            if holes[at].first > first:
                left.append(dataclasses.replace(span, first=first, last=holes[at].first - 1))
            first = holes[at].last + 1
            at += 1
        if first == span.first:
            left.append(span)
        elif first <= span.last:
            left.append(dataclasses.replace(span, first=first))
    return left
