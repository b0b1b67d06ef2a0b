"""Opens the way to a leg's targets: the ring, our address and ports on it, and the link addresses of the router or the hosts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from doorward.errors import CallError, DoorwardBug, PeerError, PermissionMissing
from doorward.rings.contract import Ring
from doorward.rings.filters import answers
from doorward.rings.packet_ring import open_packet_ring
from doorward.rings.privileges import CAP_NET_RAW, has_capability
from doorward.rings.raw_ip_ring import open_raw_ip_ring
from doorward.rings.remote_ring import is_helper_there, open_remote_ring
from doorward.scan.raw.answers import KnockPorts
from doorward.scan.raw.live_census import find_neighbour, take_census
from doorward.scan.raw.live_routes import free_knock_ports, read_legs
from doorward.scan.raw.routes import Leg
from doorward.scan.raw.space import Space
from doorward.scan.spans import Span
from doorward.values.clocks import Clock
from doorward.wire.frames import LinkType
from doorward.wire.templates import Envelope

__all__ = ["OpenWay", "has_way", "legs_in_portions", "may_scan_raw", "open_way"]

_CENSUS_MOST: Final = 65536  # hosts of one link asked for at once
_NEIGHBOURS_MOST: Final = 1 << 28  # at a million questions a second, a quarter of an hour for all three rounds


@dataclasses.dataclass(frozen=True, slots=True)
class OpenWay:
    """A way that is open; close its ring."""

    ring: Ring
    envelope: Envelope
    ports: KnockPorts
    macs: NDArray[np.uint8] | None  #: (hosts, 6) where every host is a neighbour
    absent: NDArray[np.bool_] | None  #: (hosts,) those that nobody on the link answered for


def may_scan_raw() -> bool:
    """Whether this process may send frames, itself or through the helper."""
    return has_capability(CAP_NET_RAW) or is_helper_there()


def has_way(leg: Leg) -> bool:
    """Whether this machine can send to a leg's targets at all."""
    return bool(leg.way.interface) and leg.way.source is not None


def legs_in_portions(spans: Sequence[Span]) -> Iterator[Leg]:
    """The legs to all targets; those of neighbours, whose link addresses must be remembered, in portions.

    Raises `CallError` where that would take for ever, as for an IPv6 network of 2^64 addresses on the link.
    """
    for leg in read_legs(spans):
        if not has_way(leg) or leg.way.gateway is not None or leg.way.is_local:
            yield leg
        elif leg.count > _NEIGHBOURS_MOST:
            why = f"{leg.count:,} addresses on one link are more than could be asked for one by one"
            raise CallError("look for neighbours on", leg.way.interface, why=why, remedy="Give fewer targets.")
        else:
            yield from (Leg(leg.way, tuple(portion)) for portion in _portions(leg.spans, _CENSUS_MOST))


def open_way(leg: Leg, space: Space, *, secret: bytes, groups: int, clock: Clock) -> OpenWay:
    """Open a ring for a leg, and learn the link addresses; raises `WorldError` where that fails."""
    if leg.way.source is None:
        raise DoorwardBug("open the way to", str(leg.spans[0]), why="there is none")
    ports = KnockPorts(free_knock_ports(groups * 16, int.from_bytes(secret[:4], "little")), groups)
    ring = _open(leg, ports)
    try:
        envelope = Envelope(source=leg.way.source, link=ring.link.type, source_mac=ring.link.mac or bytes(6))
        return _met(OpenWay(ring, envelope, ports, None, None), leg, space, clock)
    except BaseException:
        ring.close()
        raise


def _open(leg: Leg, ports: KnockPorts) -> Ring:
    name, source = leg.way.interface, leg.way.source
    assert source is not None
    if has_capability(CAP_NET_RAW):
        words = answers([source], ports.first, ports.last)
        # Linux refuses frames from its own addresses (and all of 127.0.0.0/8) unless they were routed out.
        return open_raw_ip_ring(name, words) if leg.way.is_local else open_packet_ring(name, words)
    try:
        return open_remote_ring(name, [source], ports.first, ports.last)
    except PeerError as error:
        raise PermissionMissing("open a ring on", name, why=error.why, remedy="Use --kind connect, or run as root.") from None


def _met(way: OpenWay, leg: Leg, space: Space, clock: Clock) -> OpenWay:
    link = way.ring.link
    if link.type is not LinkType.ETHERNET or leg.way.is_local or not any(link.mac):
        return way
    if leg.way.gateway is None:
        census = take_census(way.ring, space, way.envelope, clock)
        return dataclasses.replace(way, macs=census.macs, absent=~census.is_known)
    router = find_neighbour(way.ring, leg.way.gateway, way.envelope, clock)
    if router is None:
        return dataclasses.replace(way, absent=np.broadcast_to(np.True_, (space.hosts,)))  # a view: no memory per host
    return dataclasses.replace(way, envelope=msgspec.structs.replace(way.envelope, destination_mac=router.tobytes()))


def _portions(spans: Sequence[Span], most: int) -> Iterator[list[Span]]:
    """Spans in portions of at most ``most`` addresses."""
    portion: list[Span] = []
    room = most
    for span in spans:
        first = span.first
        while first <= span.last:
            last = min(span.last, first + room - 1)
            portion.append(Span(span.family, span.scope, first, last))
            room -= last - first + 1
            first = last + 1
            if not room:
                yield portion
                portion, room = [], most
    if portion:
        yield portion
