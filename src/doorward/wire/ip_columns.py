"""The IP headers of many packets at once, down to the upper protocol; the same reader serves a frame and a packet quoted in ICMP.

Layouts stand in `ipv4`, `ipv6` and `ipv6_extensions`. A chain of IPv6 extension headers is walked in step for all rows that have one.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.wire.columns import some
from doorward.wire.ipv6 import NO_NEXT_HEADER
from doorward.wire.ipv6_extensions import AUTHENTICATION, DESTINATION_OPTIONS, EXTENSION_HEADERS, FRAGMENT, MOST_EXTENSIONS, ROUTING
from doorward.wire.rows import Places, Rows

__all__ = ["InternetLayer", "read_ipv4", "read_ipv6"]

_IPV4: Final = np.dtype(
    [
        ("first", "u1"),
        ("traffic_class", "u1"),
        ("total", ">u2"),
        ("identification", ">u2"),
        ("fragment", ">u2"),
        ("ttl", "u1"),
        ("protocol", "u1"),
        ("checksum", ">u2"),
        ("source", "=u4"),  # as they stand in memory: taken over, never counted with
        ("destination", "=u4"),
    ]
)
_IPV6: Final = np.dtype(
    [
        ("first", ">u4"),
        ("length", ">u2"),
        ("next", "u1"),
        ("hop_limit", "u1"),
        ("source", "u1", 16),
        ("destination", "u1", 16),
    ]
)
_EXTENSION: Final = np.dtype([("next", "u1"), ("length", "u1"), ("fragment", ">u2"), ("identification", ">u4")])

_IS_EXTENSION: Final = np.zeros(256, np.bool_)
_IS_EXTENSION[list(EXTENSION_HEADERS)] = True
_MAPPED: Final = np.frombuffer(b"\0\0\xff\xff", np.uint32)[0]  # RFC 4291 §2.5.5.2


@dataclasses.dataclass(eq=False, slots=True)
class InternetLayer:
    """The headers that could be read, one value per row in ``at``; and the rows where one couldn't, by its reason.

    A row whose IPv6 header is fine and whose chain isn't stands in both, with ``protocol`` 0, which no upper protocol has.
    """

    at: Places  #: row numbers, ascending
    family: int
    protocol: NDArray[np.uint8]
    source: NDArray[np.uint8]  #: (m, 16)
    destination: NDArray[np.uint8]  #: (m, 16)
    ttl: NDArray[np.uint8]
    traffic_class: NDArray[np.uint8]
    ip_id: NDArray[np.uint32]
    dont_fragment: NDArray[np.bool_]
    more_fragments: NDArray[np.bool_]
    later_fragment: NDArray[np.bool_]
    detour: NDArray[np.bool_]  #: options or a routing header may have put another address into the pseudo-header
    header: Places  #: where the IP header begins
    start: Places  #: where the upper protocol begins
    end: Places  #: where the packet ends, or the bytes of it that are held
    missing: Places  #: bytes that it promises and that aren't held
    whole: NDArray[np.bool_]  #: it says how long it is, and all of that is held
    truncated: Places  #: rows
    malformed: Places  #: rows


def read_ipv4(rows: Rows, at: Places, starts: Places, ends: Places) -> InternetLayer:
    """Read the header at ``starts`` of each row in ``at``, of which bytes up to ``ends`` may be looked at."""
    held = starts + 20 <= ends
    cut = at[~held]
    at, starts, ends = some(held, at, starts, ends)
    heads = rows.read(_IPV4, at, starts)
    size = (heads["first"] & 0x0F).astype(np.intp) * 4
    total = heads["total"].astype(np.intp)
    sound = (heads["first"] >> 4 == 4) & (size >= 20) & ((total >= size) | (total == 0))
    bad = at[~sound]
    held = sound & (starts + size <= ends)
    cut = np.concatenate([cut, at[sound & ~held]])
    at, starts, ends, heads, size, total = some(held, at, starts, ends, heads, size, total)
    fragment = heads["fragment"].astype(np.uint16)
    missing = np.maximum(starts + total - ends, 0)
    return InternetLayer(
        at=at,
        family=4,
        protocol=heads["protocol"],
        source=_mapped(heads["source"]),
        destination=_mapped(heads["destination"]),
        ttl=heads["ttl"],
        traffic_class=heads["traffic_class"],
        ip_id=heads["identification"].astype(np.uint32),
        dont_fragment=fragment & 0x4000 != 0,
        more_fragments=fragment & 0x2000 != 0,
        later_fragment=fragment & 0x1FFF != 0,
        detour=size > 20,
        header=starts,
        start=starts + size,
        end=np.where(total == 0, ends, np.minimum(starts + total, ends)),
        missing=missing,
        whole=(missing == 0) & (total > 0),
        truncated=cut,
        malformed=bad,
    )


def read_ipv6(rows: Rows, at: Places, starts: Places, ends: Places) -> InternetLayer:
    """Read the headers at ``starts`` of each row in ``at``, of which bytes up to ``ends`` may be looked at."""
    held = starts + 40 <= ends
    cut = at[~held]
    at, starts, ends = some(held, at, starts, ends)
    heads = rows.read(_IPV6, at, starts)
    sound = heads["first"] >> 28 == 6
    bad = at[~sound]
    at, starts, ends, heads = some(sound, at, starts, ends, heads)
    length = heads["length"].astype(np.intp)
    unsaid = (length == 0) & (heads["next"] != NO_NEXT_HEADER)
    missing = np.maximum(starts + 40 + length - ends, 0)
    none = np.zeros(len(at), np.bool_)
    layer = InternetLayer(
        at=at,
        family=6,
        protocol=heads["next"].copy(),
        source=heads["source"],
        destination=heads["destination"],
        ttl=heads["hop_limit"],
        traffic_class=(heads["first"] >> 20).astype(np.uint8),
        ip_id=np.zeros(len(at), np.uint32),
        dont_fragment=none,
        more_fragments=none.copy(),
        later_fragment=none.copy(),
        detour=none.copy(),
        header=starts,
        start=starts + 40,
        end=np.where(unsaid, ends, np.minimum(starts + 40 + length, ends)),
        missing=missing,
        whole=(missing == 0) & ~unsaid,
        truncated=cut,
        malformed=bad,
    )
    if _IS_EXTENSION[layer.protocol].any():
        _walk(rows, layer)
    return layer


def _walk(rows: Rows, layer: InternetLayer) -> None:
    """Pass over the extension headers, one of each row that has one left at a time."""
    left = np.flatnonzero(_IS_EXTENSION[layer.protocol])
    cut = []
    for _ in range(MOST_EXTENSIONS):
        left, short = _parted(layer.start[left] + 8 <= layer.end[left], left)
        cut.append(short)
        heads = rows.read(_EXTENSION, layer.at[left], layer.start[left])
        size = _sizes(layer.protocol[left], heads["length"])
        held = layer.start[left] + size <= layer.end[left]
        cut.append(left[~held])
        left, heads, size = some(held, left, heads, size)
        _note(layer, left, heads)
        layer.protocol[left] = heads["next"]
        layer.start[left] += size
        left = left[_IS_EXTENSION[layer.protocol[left]] & ~layer.later_fragment[left]]
        if not len(left):
            break
    short = np.concatenate(cut)
    promised = ~layer.whole[short]  # more bytes were promised than came: cut on the way; else the packet contradicts itself
    layer.truncated = np.concatenate([layer.truncated, layer.at[short[promised]]])
    layer.malformed = np.concatenate([layer.malformed, layer.at[short[~promised]], layer.at[left]])
    layer.protocol[short] = 0
    layer.protocol[left] = 0


def _note(layer: InternetLayer, left: Places, heads: NDArray[np.void]) -> None:
    """Keep what the headers of this step say of fragments and detours."""
    kinds = layer.protocol[left]
    layer.detour[left[(kinds == ROUTING) | (kinds == DESTINATION_OPTIONS)]] = True  # 60: a home address (RFC 6275 §6.3)
    fragments = kinds == FRAGMENT
    if fragments.any():
        which = left[fragments]
        layer.ip_id[which] = heads["identification"][fragments]
        layer.more_fragments[which] = heads["fragment"][fragments] & 1 != 0
        layer.later_fragment[which] = heads["fragment"][fragments] >= 8


def _sizes(kinds: NDArray[np.uint8], lengths: NDArray[np.uint8]) -> Places:
    size = (lengths.astype(np.intp) + 1) * 8
    size[kinds == FRAGMENT] = 8
    authentication = kinds == AUTHENTICATION
    size[authentication] = (lengths[authentication].astype(np.intp) + 2) * 4
    return size


def _parted(mask: NDArray[np.bool_], places: Places) -> tuple[Places, Places]:
    return places[mask], places[~mask]


def _mapped(addresses: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Bring IPv4 addresses, the four bytes of each as one number, into the form ::ffff:a.b.c.d."""
    mapped = np.zeros((len(addresses), 4), np.uint32)
    mapped[:, 2] = _MAPPED
    mapped[:, 3] = addresses
    return mapped.view(np.uint8)
