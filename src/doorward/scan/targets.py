"""Whom to knock at: the grammar of targets and the set they make, as an index space that is never expanded.

    target  = address / network / range / octets / name ["/" bits]
    address = 192.0.2.1 / 2001:db8::1 / [2001:db8::1] / fe80::1%eth0
    network = address "/" bits                      the host's own bits may be set: 192.168.1.7/24
    range   = address "-" address                   both ends inclusive
    octets  = 192.168.0-3.1,7-9 / 10.0.0.*          nmap's form, in `octets`

Names are asked of a resolver that is handed in, once, and all their addresses are taken; with bits, the networks around those of the
family that the bits suit (up to 32: IPv4). Knows no rights: those are in `consent`.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from doorward.errors import CallError, WorldError
from doorward.scan.octets import is_octet_pattern, parse_octets
from doorward.scan.spans import Span, merged, network_span, subtracted
from doorward.values.addresses import Address, Reach

__all__ = ["Resolver", "TargetSet", "TargetWord", "parse_targets"]

#: From a name to all its addresses, of both families; empty or `WorldError` when it has none.
Resolver = Callable[[str], Sequence[Address]]

_ADDRESSES_KEPT: Final = 65536  # made addresses remembered, so that many doors of one host share one object
_LOOPBACK: Final = (Address(bytes([127, 0, 0, 1])), Address(bytes(15) + b"\x01"))
_NAME: Final = re.compile(r"[^\s/:,*@%\[\]]{1,253}")  # RFC 1035 §2.3.4; international names are the resolver's affair
_REMEDY: Final = "Write 192.168.1.7, 192.168.1.0/24, 10.0.0.1-20, 2001:db8::1, fe80::1%eth0 or a name."


class TargetWord(NamedTuple):
    """One target as it was written, and where: ``hosts.txt:3:5`` (file, line, column), empty for the call itself."""

    text: str
    place: str = ""


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


def parse_targets(
    words: Iterable[str | TargetWord],
    resolve: Resolver,
    exclude: Iterable[str | TargetWord] = (),
    *,
    on_unresolved: Callable[[TargetWord, WorldError], None] | None = None,
) -> TargetSet:
    """Read targets and take the excluded ones away; raises `CallError` for bad ones and `WorldError` for names without an address.

    A name in a file that has no address is told to ``on_unresolved`` instead, where that is given: one dead name of a thousand
    shall not keep the others from being looked at. Among the excluded ones it always raises: what can't be found can't be spared.
    """
    names: dict[Address, str] = {}
    spans: list[Span] = []
    for word in _words(words):
        try:
            spans += _parse(word, resolve, names)
        except WorldError as error:
            if not word.place or on_unresolved is None:
                raise
            on_unresolved(word, error)
    taken = [span for word in _words(exclude) for span in _parse(word, resolve, {}, scopeless=True)]
    return TargetSet(subtracted(spans, taken), names)


def _words(words: Iterable[str | TargetWord]) -> Iterable[TargetWord]:
    for word in words:
        yield TargetWord(word.strip()) if isinstance(word, str) else word


def _parse(word: TargetWord, resolve: Resolver, names: dict[Address, str], *, scopeless: bool = False) -> list[Span]:
    """Read one target; an error says where it stands. ``scopeless`` lets link-local addresses stand for every link."""
    try:
        spans = _read(word.text, resolve, names)
        if not scopeless:
            for span in spans:
                _refuse_scopeless(span)
    except (CallError, WorldError) as error:
        if not word.place:
            raise
        raise type(error)(error.doing, error.target, why=f"{word.place}: {error.why}", remedy=error.remedy) from None
    return spans


def _read(word: str, resolve: Resolver, names: dict[Address, str]) -> list[Span]:
    if not word:
        raise CallError("read the targets", why="one of them is empty", remedy=_REMEDY)
    if "://" in word:
        raise CallError("read the target", word, why="it is a URL", remedy="Give its host alone, and the port with -p.")
    if "/" in word:
        return _read_network(word, resolve, names)
    if ":" in word or "%" in word or word[0] == "[":
        return [_parse_range(word)]
    if is_octet_pattern(word):
        return [_parse_range(word)] if word.count(".") == 6 and "," not in word else parse_octets(word)
    return [Span.of(address) for address in _resolve(word, resolve, names)]


def _read_network(word: str, resolve: Resolver, names: dict[Address, str]) -> list[Span]:
    host, _, bits = word.rpartition("/")
    bare, _, scope = host.strip("[]").partition("%")
    try:
        if not (bits.isascii() and bits.isdigit()):
            raise ValueError(bits)  # a netmask in dots is refused too: what it means is not clear at a glance
        return [network_span(f"{bare}/{bits}", scope)]
    except ValueError:
        why = "it is neither an address with a number of bits nor anything else that can be scanned"
        if not (bits.isascii() and bits.isdigit() and len(bits) <= 3 and int(bits) <= 128) or not host or ":" in host or "/" in host:
            raise CallError("read the target", word, why=why, remedy=_REMEDY) from None
    if is_octet_pattern(host):
        if int(bits) > 32:
            raise CallError("read the target", word, why=f"an IPv4 address has 32 bits, not {bits}", remedy=_REMEDY)
        return parse_octets(host, int(bits))
    return _named_networks(word, host, int(bits), _resolve(host, resolve, names))


def _named_networks(word: str, name: str, bits: int, addresses: Sequence[Address]) -> list[Span]:
    """The networks around a name's addresses, of the family that so many bits suit."""
    family = 4 if bits <= 32 else 6
    spans = [network_span(f"{Address(one.packed)}/{bits}", one.scope) for one in addresses if one.family == family]
    if not spans:
        why = f"{name} has no IPv{family} address, and only those can have /{bits}"
        raise CallError("read the target", word, why=why, remedy="Give more than 32 bits for IPv6." if family == 4 else "")
    return spans


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
