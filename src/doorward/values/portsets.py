"""Sets of ports per transport, as people and scanners write them: ``22,80,8000-8100,-1024,T:443,U:53,ssh``.

Knows no names itself: whoever parses hands in the lookup. The grammar is nmap's ``-p`` in its everyday part:

    set   = item *("," item)
    item  = [("T" / "U" / "S" / "D") ":"] (port / range / name)     a letter holds for what follows it
    range = [port] "-" [port]                                       both ends inclusive; open ends mean 1 and 65535
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from doorward.errors import CallError
from doorward.values.transports import Transport

__all__ = ["NameLookup", "PortSet"]

#: From a service name to the ports it may mean; empty when it is unknown.
NameLookup = Callable[[str], Iterable[tuple[Transport, int]]]

_LETTERS = {"T": Transport.TCP, "U": Transport.UDP, "S": Transport.SCTP, "D": Transport.DCCP}
_LETTER_OF = {transport: letter for letter, transport in _LETTERS.items()}
_REMEDY = "Write numbers from 0 to 65535, ranges, or service names: 22,80,8000-8100,ssh,U:53."


class PortSet:
    """A set of (transport, port); immutable, hashable, kept as sorted disjoint inclusive ranges.

    ``PortSet.parse(str(x)) == x`` always holds.
    """

    __slots__ = ("ranges",)

    #: (transport, first, last) with both ends inclusive, sorted, neither touching nor overlapping within one transport.
    ranges: tuple[tuple[Transport, int, int], ...]

    def __init__(self, ranges: Iterable[tuple[Transport, int, int]] = ()) -> None:
        object.__setattr__(self, "ranges", _merged(ranges))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a PortSet never changes: {name}")

    @classmethod
    def parse(cls, text: str, names: NameLookup | None = None, default: Transport = Transport.TCP) -> PortSet:
        """Read a port set; numbers without a letter before them are of ``default``.

        A name counts for the transport in force when it is known there, else for all transports it is known on.
        Raises `CallError` that names the offending item.
        """
        transport = default
        ranges: list[tuple[Transport, int, int]] = []
        for raw in text.split(","):
            item = raw.strip()
            if item[1:2] == ":" and item[0].upper() in _LETTERS:
                transport = _LETTERS[item[0].upper()]
                item = item[2:].strip()
            if not item:
                raise CallError("read the ports", text, why="an item between two commas is empty", remedy=_REMEDY)
            ranges.extend(_parse_item(item, transport, names))
        return cls(ranges)

    def ports(self, transport: Transport) -> Iterator[int]:
        """Yield the ports of one transport in ascending order."""
        for own, first, last in self.ranges:
            if own is transport:
                yield from range(first, last + 1)

    @property
    def transports(self) -> tuple[Transport, ...]:
        """The transports that have at least one port here, in the order of `Transport`."""
        present = {transport for transport, _, _ in self.ranges}
        return tuple(transport for transport in Transport if transport in present)

    def __contains__(self, door: tuple[Transport, int]) -> bool:
        return any(own is door[0] and first <= door[1] <= last for own, first, last in self.ranges)

    def __iter__(self) -> Iterator[tuple[Transport, int]]:
        for transport, first, last in self.ranges:
            for port in range(first, last + 1):
                yield transport, port

    def __len__(self) -> int:
        return sum(last - first + 1 for _, first, last in self.ranges)

    def __or__(self, other: PortSet) -> PortSet:
        return PortSet(self.ranges + other.ranges)

    def __str__(self) -> str:
        items: list[str] = []
        transport: Transport | None = None
        for own, first, last in self.ranges:
            letter = f"{_LETTER_OF[own]}:" if own is not transport else ""
            items.append(f"{letter}{first}" if first == last else f"{letter}{first}-{last}")
            transport = own
        return ",".join(items)

    def __repr__(self) -> str:
        return f"PortSet.parse({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return self.ranges == other.ranges if isinstance(other, PortSet) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.ranges)


def _parse_item(item: str, transport: Transport, names: NameLookup | None) -> list[tuple[Transport, int, int]]:
    first, dash, last = item.partition("-")
    digits = (first + last).strip()
    if dash and all(not end.strip() or _is_number(end) for end in (first, last)):
        low = _number(first, item) if first.strip() else 1
        high = _number(last, item) if last.strip() else 65535
        if low > high:
            raise CallError("read the ports", item, why=f"the range ends at {high} before it starts at {low}", remedy=_REMEDY)
        return [(transport, low, high)]
    if _is_number(digits) and not dash:
        port = _number(item, item)
        return [(transport, port, port)]
    found = list(names(item)) if names is not None else []
    here = [(own, port, port) for own, port in found if own is transport]
    if not found:
        raise CallError("read the ports", item, why="no service of that name is known", remedy=_REMEDY)
    return here or [(own, port, port) for own, port in found]


def _is_number(text: str) -> bool:
    return text.strip().isascii() and text.strip().isdigit()


def _number(text: str, item: str) -> int:
    value = int(text) if len(text.strip()) <= 9 else 10**9
    if value > 65535:
        raise CallError("read the ports", item, why="a port is at most 65535 (16 bits)", remedy=_REMEDY)
    return value


def _merged(ranges: Iterable[tuple[Transport, int, int]]) -> tuple[tuple[Transport, int, int], ...]:
    order = {transport: place for place, transport in enumerate(Transport)}
    merged: list[tuple[Transport, int, int]] = []
    for transport, first, last in sorted(ranges, key=lambda r: (order[r[0]], r[1], r[2])):
        if not 0 <= first <= last <= 65535:
            raise CallError("make a port set of", f"{first}-{last}", why="ports run from 0 to 65535", remedy=_REMEDY)
        if merged and merged[-1][0] is transport and first <= merged[-1][2] + 1:
            merged[-1] = (transport, merged[-1][1], max(last, merged[-1][2]))
        else:
            merged.append((transport, first, last))
    return tuple(merged)
