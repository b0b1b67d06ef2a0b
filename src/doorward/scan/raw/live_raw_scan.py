"""A raw scan of any targets: finds their ways, opens a ring for each, asks the link who is there, and drives the engine.

Targets that leave by different interfaces, or from different addresses of ours, are scanned one way after the other. Results come as
arrays; `live_raw_scan` knows neither lines nor files.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from doorward.errors import PeerError, PermissionMissing, WorldError
from doorward.rings.contract import Ring
from doorward.rings.filters import answers
from doorward.rings.packet_ring import open_packet_ring
from doorward.rings.privileges import CAP_NET_RAW, has_capability
from doorward.rings.raw_ip_ring import open_raw_ip_ring
from doorward.rings.remote_ring import is_helper_there, open_remote_ring
from doorward.scan.doorstates import Reason
from doorward.scan.payloads.table import PayloadTable, table
from doorward.scan.raw.answers import KnockPorts
from doorward.scan.raw.cookies import Cookies
from doorward.scan.raw.engine import Counts, Engine, Found, Patience
from doorward.scan.raw.hostcells import HostCells
from doorward.scan.raw.kinds import CODE_OF, Carrier, Kind
from doorward.scan.raw.live_census import find_neighbour, take_census
from doorward.scan.raw.live_loop import RingLoop
from doorward.scan.raw.live_routes import free_knock_ports, read_legs
from doorward.scan.raw.order import Order
from doorward.scan.raw.pace import Pace
from doorward.scan.raw.routes import Leg
from doorward.scan.raw.space import Space
from doorward.scan.raw.stamps import make_stamp
from doorward.scan.raw.window import Settled
from doorward.scan.spans import Span
from doorward.values.addresses import Address
from doorward.values.clocks import Clock
from doorward.wire.frames import Decoded, LinkType
from doorward.wire.templates import Envelope

__all__ = ["Batch", "RawScan", "RawSettings", "Stretch", "may_scan_raw"]

_CENSUS_MOST: Final = 65536  # hosts of one link asked for at once
_UDP_GROUPS: Final = 128  # source ports of a UDP scan are drawn among so many groups of sixteen
_MAPPED: Final = bytes(10) + b"\xff\xff"
_HELPER_REMEDY: Final = "Use --kind connect, or run as root."


@dataclasses.dataclass(frozen=True, slots=True)
class RawSettings:
    """How a raw scan goes."""

    kind: Kind = Kind.SYN
    rate: float | None = None  #: knocks a second, whole scan; ``None``: as fast as known doors answer
    host_rate: float | None = None
    patience: Patience = dataclasses.field(default_factory=Patience)
    shard: int = 0  #: counted from 0
    shards: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a scan that leaves by one way; ``way_less`` says why it can't be scanned."""

    leg: Leg
    space: Space
    order: Order
    first: int  #: doors of the whole scan that come before it
    way_less: Reason | None = None


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """What a turn brought: doors found open, with their decoded frames, or doors that are settled for good."""

    stretch: Stretch
    found: tuple[Found, Decoded] | None = None
    settled: Settled | None = None


def may_scan_raw() -> bool:
    """Whether this process may send frames, itself or through the helper."""
    return has_capability(CAP_NET_RAW) or is_helper_there()


class RawScan:
    """One raw scan, run once; ``key`` chooses the order and, with ``secret`` (16 bytes), the cookies."""

    def __init__(
        self,
        spans: Sequence[Span],
        ports: Sequence[int],
        settings: RawSettings,
        *,
        key: int,
        secret: bytes,
        clock: Clock,
        first: int = 0,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._settings = settings
        self._secret = secret
        self._clock = clock
        self._first = first
        self._stop = stop
        self.stretches: Final = _stretches(spans, ports, settings, key)
        self.count: Final = sum(stretch.order.count for stretch in self.stretches)
        self.counts: list[Counts] = []
        self.cells: list[tuple[Stretch, HostCells]] = []
        self.lost = 0  #: frames lost on this machine
        self.waiting: Callable[[], int] = lambda: 0
        self.ended_by: WorldError | None = None
        self._payloads: PayloadTable | None = table() if settings.kind is Kind.UDP else None

    def batches(self) -> Iterator[Batch | None]:
        """Scan; ``None`` when a turn brought nothing."""
        for stretch in self.stretches:
            if self._stop() or self.ended_by is not None:
                return
            skip = max(0, self._first - stretch.first)
            if skip >= stretch.order.count:
                continue
            if stretch.way_less is not None:
                yield from _given_up(stretch, skip, stretch.way_less)
            else:
                yield from self._scan(stretch, skip)

    def _scan(self, stretch: Stretch, skip: int) -> Iterator[Batch | None]:
        ports = self._ports()
        ring = self._open(stretch, ports)
        try:
            source = _source(stretch)
            envelope = Envelope(source=source, link=ring.link.type, source_mac=ring.link.mac or bytes(6))
            envelope, macs, absent = self._meet(ring, stretch, envelope)
            engine = Engine(
                self._settings.kind,
                stretch.space,
                stretch.order,
                cookies=Cookies(self._secret, _packed16(source), self._settings.kind.protocol),
                ports=ports,
                host_rate=self._settings.host_rate,
                patience=self._settings.patience,
                first=skip,
                absent=absent,
            )
            self.counts.append(engine.counts)
            self.cells.append((stretch, engine.cells))
            yield from self._drive(ring, engine, stretch, envelope, macs)
        finally:
            ring.close()

    def _drive(
        self, ring: Ring, engine: Engine, stretch: Stretch, envelope: Envelope, macs: NDArray[np.uint8] | None
    ) -> Iterator[Batch | None]:
        found: list[tuple[Found, Decoded]] = []
        settled: list[Settled] = []
        loop = RingLoop(
            ring,
            engine,
            make_stamp(self._settings.kind, envelope, macs, self._payloads),
            Pace(self._settings.rate, self._clock.monotonic_ns()),
            clock=self._clock,
            on_found=lambda doors, decoded: found.append((doors, decoded)),
            on_settled=settled.append,
            stop=self._stop,
        )
        self.waiting = lambda: engine.window.next - engine.window.base
        for _ in loop.turns():
            yield from (Batch(stretch, found=one) for one in found)
            yield from (Batch(stretch, settled=one) for one in settled)
            if not (found or settled):
                yield None
            found.clear()
            settled.clear()
        self.lost += loop.lost()
        self.ended_by = loop.ended_by

    def _ports(self) -> KnockPorts:
        groups = _UDP_GROUPS if self._settings.kind.carrier is Carrier.PORT else 1
        turn = int.from_bytes(self._secret[:4], "little")
        return KnockPorts(free_knock_ports(groups * 16, turn), groups)

    def _open(self, stretch: Stretch, ports: KnockPorts) -> Ring:
        name, source = stretch.leg.way.interface, _source(stretch)
        if has_capability(CAP_NET_RAW):
            words = answers([source], ports.first, ports.last)
            # Linux refuses frames from its own addresses (and all of 127.0.0.0/8) unless they were routed out.
            return open_raw_ip_ring(name, words) if stretch.leg.way.is_local else open_packet_ring(name, words)
        try:
            return open_remote_ring(name, [source], ports.first, ports.last)
        except PeerError as error:
            raise PermissionMissing("open a ring on", name, why=error.why, remedy=_HELPER_REMEDY) from None

    def _meet(
        self, ring: Ring, stretch: Stretch, envelope: Envelope
    ) -> tuple[Envelope, NDArray[np.uint8] | None, NDArray[np.bool_] | None]:
        """Find the link addresses: of the router, or of every host; also which hosts nobody on the link has."""
        way = stretch.leg.way
        if ring.link.type is not LinkType.ETHERNET or way.is_local or not any(ring.link.mac):
            return envelope, None, None
        if way.gateway is not None:
            router = find_neighbour(ring, way.gateway, envelope, self._clock)
            if router is None:
                return envelope, None, np.ones(stretch.space.hosts, dtype=np.bool_)
            return _with_router(envelope, router.tobytes()), None, None
        census = take_census(ring, stretch.space, envelope, self._clock)
        return envelope, census.macs, ~census.is_known


def _stretches(spans: Sequence[Span], ports: Sequence[int], settings: RawSettings, key: int) -> tuple[Stretch, ...]:
    stretches: list[Stretch] = []
    first = 0
    for leg in read_legs(spans):
        way_less = None if leg.way.interface and leg.way.source is not None else Reason.NO_ROUTE
        whole = way_less is not None or leg.way.gateway is not None or leg.way.is_local
        for part in [leg.spans] if whole else _portions(leg.spans, _CENSUS_MOST):
            space = Space(part, ports)
            order = Order(space.count, key, shard=settings.shard, shards=settings.shards)
            stretches.append(Stretch(Leg(leg.way, tuple(part)), space, order, first, way_less))
            first += order.count
    return tuple(stretches)


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


def _given_up(stretch: Stretch, skip: int, reason: Reason) -> Iterator[Batch]:
    """All doors of a stretch that nothing can be sent to."""
    step = 1 << 16
    for place in range(skip, stretch.order.count, step):
        count = min(step, stretch.order.count - place)
        zeros = np.zeros(count, dtype=np.uint8)
        yield Batch(
            stretch,
            settled=Settled(
                stretch.order.numbers(place, count),
                np.full(count, CODE_OF[reason], dtype=np.uint8),
                zeros,
                np.full(count, -1, dtype=np.int32),
                np.zeros((count, 16), dtype=np.uint8),
            ),
        )


def _source(stretch: Stretch) -> Address:
    source = stretch.leg.way.source
    assert source is not None
    return source


def _packed16(address: Address) -> bytes:
    return address.packed if address.family == 6 else _MAPPED + address.packed


def _with_router(envelope: Envelope, mac: bytes) -> Envelope:
    return msgspec.structs.replace(envelope, destination_mac=mac)
