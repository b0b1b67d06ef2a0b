"""Whom to knock at: the grammar of targets and the set they make, as an index space that is never expanded.

    target  = address / network / range / octets / name
    address = 192.0.2.1 / 2001:db8::1 / [2001:db8::1] / fe80::1%eth0
    network = address "/" bits                      the host's own bits may be set: 192.168.1.7/24
    range   = address "-" address                   both ends inclusive
    octets  = 192.168.0-3.1,7-9 / 10.0.0.*          nmap's form; open ends mean 0 and 255

Names are asked of a resolver that is handed in, once, and all their addresses are taken. Knows no rights: those are in `consent`.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from doorward.errors import CallError, WorldError
from doorward.scan.spans import Span, merged, network_span, subtracted
from doorward.values.addresses import Address, Reach

__all__ = ["Resolver", "TargetSet", "parse_targets"]

#: From a name to all its addresses, of both families; empty or `WorldError` when it has none.
Resolver = Callable[[str], Sequence[Address]]

#: Octet patterns such as 1-9.*.*.7 make one span per combination of the leading octets; more than a /16's worth wants a network instead.
_MAX_SPANS: Final = 65536
_ADDRESSES_KEPT: Final = 65536  # made addresses remembered, so that many doors of one host share one object
_LOOPBACK: Final = (Address(bytes([127, 0, 0, 1])), Address(bytes(15) + b"\x01"))
_OCTETS_ONLY: Final = re.compile(r"[0-9.,*-]+")
_NAME: Final = re.compile(r"[^\s/:,*@%\[\]]{1,253}")  # RFC 1035 §2.3.4; international names are the resolver's affair
_REMEDY: Final = "Write 192.168.1.7, 192.168.1.0/24, 10.0.0.1-20, 2001:db8::1, fe80::1%eth0 or a name."


class TargetSet:
    """A set of addresses; ``[i]`` is the i-th in ascending order, ``names`` what the caller called some of them."""

    __slots__ = ("_ends", "_made", "count", "names", "spans")

    def __init__(self, spans: Iterable[Span], names: dict[Address, str] | None = None) -> None:
        self.spans: Final = merged(spans)
        self.names: Final = dict(names or {})
        self._ends: Final = list(itertools.accumulate(span.count for span in self.spans))
        self.count: Final = self._ends[-1] if self._ends else 0
        self._made: Final[dict[int, Address]] = {}

    def __getitem__(self, index: int) -> Address:
        address = self._made.get(index)
        return address if address is not None else self._make(index)

    def __contains__(self, address: Address) -> bool:
        number = int.from_bytes(address.packed, "big")
        return any(
            span.family == address.family and span.scope == address.scope and span.first <= number <= span.last for span in self.spans
        )

    def without(self, taken: Sequence[Span]) -> TargetSet:
        """The set less the addresses of ``taken``."""
        return TargetSet(subtracted(self.spans, taken), self.names)

    def __str__(self) -> str:
        return ", ".join(str(span) for span in self.spans)

    def _make(self, index: int) -> Address:
        if not 0 <= index < self.count:
            raise IndexError(index)
        place = bisect.bisect_right(self._ends, index)
        span = self.spans[place]
        address = span.address(index - (self._ends[place] - span.count))
        if len(self._made) >= _ADDRESSES_KEPT:
            self._made.clear()
        self._made[index] = address
        return address


def parse_targets(words: Iterable[str], resolve: Resolver, exclude: Iterable[str] = ()) -> TargetSet:
    """Read targets and take the excluded ones away; raises `CallError` for bad ones and `WorldError` for names without an address."""
    names: dict[Address, str] = {}
    spans = [span for word in words for span in _parse(word.strip(), resolve, names)]
    taken = [span for word in exclude for span in _parse(word.strip(), resolve, {})]
    for span in spans:
        _refuse_scopeless(span)
    return TargetSet(subtracted(spans, taken), names)


def _parse(word: str, resolve: Resolver, names: dict[Address, str]) -> list[Span]:
    if not word:
        raise CallError("read the targets", why="one of them is empty", remedy=_REMEDY)
    if "://" in word:
        raise CallError("read the target", word, why="it is a URL", remedy="Give its host alone, and the port with -p.")
    if "/" in word:
        return [_parse_network(word)]
    if ":" in word or "%" in word or word[0] == "[":
        return [_parse_range(word)]
    if _OCTETS_ONLY.fullmatch(word):
        return [_parse_range(word)] if word.count(".") == 6 and "," not in word else _parse_octets(word)
    return [Span.of(address) for address in _resolve(word, resolve, names)]


def _parse_network(word: str) -> Span:
    host, _, bits = word.rpartition("/")
    host, _, scope = host.strip("[]").partition("%")
    try:
        if not (bits.isascii() and bits.isdigit()):
            raise ValueError(bits)  # a netmask in dots is refused too: what it means is not clear at a glance
        return network_span(f"{host}/{bits}", scope)
    except ValueError:
        why = "it is neither an address with a number of bits nor anything else that can be scanned"
        raise CallError("read the target", word, why=why, remedy=_REMEDY) from None


def _parse_range(word: str) -> Span:
    low, dash, high = word.partition("-") if "%" not in word else (word, "", "")
    try:
        first = Address.parse(low).unmapped
        last = Address.parse(high).unmapped if dash else first
    except CallError:
        why = "it is no address" if word.count(":") != 1 else "a target has no port in it; ports are given with -p"
        raise CallError("read the target", word, why=why, remedy=_REMEDY) from None
    span = Span(first.family, first.scope, int.from_bytes(first.packed, "big"), int.from_bytes(last.packed, "big"))
    if first.family != last.family or span.count < 1:
        raise CallError("read the target", word, why="the range ends before it starts", remedy=_REMEDY)
    return span


def _parse_octets(word: str) -> list[Span]:
    """Read nmap's octet ranges: each combination of the octets before the last stands for the runs of the last."""
    octets = [_parse_octet(text, word) for text in word.split(".")]
    if len(octets) != 4:
        raise CallError("read the target", word, why=f"an IPv4 address has four parts, not {len(octets)}", remedy=_REMEDY)
    runs = _runs(octets.pop())
    while octets and runs == [(0, 256 ** (4 - len(octets)) - 1)]:  # full trailing octets widen the run instead of multiplying it
        width = 256 ** (4 - len(octets))
        runs = [(low * width, high * width + width - 1) for low, high in _runs(octets.pop())]
    width = 256 ** (4 - len(octets))
    combinations = len(runs)
    for values in octets:
        combinations *= len(values)
    if combinations > _MAX_SPANS:
        raise CallError("read the target", word, why=f"it makes {combinations} separate ranges", remedy="Write it as networks.")
    spans: list[Span] = []
    for leading in itertools.product(*octets):
        base = int.from_bytes(bytes(leading), "big") * width
        spans.extend(Span(4, "", base + low, base + high) for low, high in runs)
    return spans


def _parse_octet(text: str, word: str) -> list[int]:
    values: set[int] = set()
    for item in text.split(","):
        low, dash, high = ("0", "-", "255") if item == "*" else item.partition("-")
        first = int(low or 0) if _is_octet(low, open_end=bool(dash)) else 256
        last = (int(high or 255) if _is_octet(high, open_end=True) else 256) if dash else first
        if not first <= last <= 255:
            raise CallError("read the target", word, why=f"{item!r} is not a number from 0 to 255 or a range of them", remedy=_REMEDY)
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


def _resolve(word: str, resolve: Resolver, names: dict[Address, str]) -> Sequence[Address]:
    if not _NAME.fullmatch(word) or not word.isprintable():
        raise CallError("read the target", word, why="it is neither an address nor a name", remedy=_REMEDY)
    # RFC 6761 §6.3: localhost is always this machine, whatever a resolver would say.
    addresses = _LOOPBACK if word.lower().rstrip(".") == "localhost" else [address.unmapped for address in resolve(word)]
    if not addresses:
        raise WorldError("find the address of", word, why="the name has none", remedy="Check the spelling, or give the address itself.")
    for address in addresses:
        names.setdefault(address, word)
    return addresses


def _refuse_scopeless(span: Span) -> None:
    """A link-local IPv6 address means nothing without its link (RFC 4007 §6)."""
    if span.family == 6 and not span.scope and span.address(0).reach is Reach.LINK:
        why = "a link-local address needs the name of its interface"
        raise CallError("scan", str(span), why=why, remedy=f"Write {span.address(0)}%eth0, with the interface's own name.")
