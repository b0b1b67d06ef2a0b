"""A raw scan of any targets: finds their ways, opens a ring for each, asks the link who is there, and drives the engine.

Targets that leave by different interfaces, or from different addresses of ours, are scanned one way after the other. Results come as
arrays; `live_raw_scan` knows neither lines nor files.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from doorward.errors import WorldError
from doorward.rings.packet_ring import PacketRing
from doorward.scan.doorstates import Reason
from doorward.scan.payloads.table import PayloadTable, table
from doorward.scan.raw.cookies import Cookies
from doorward.scan.raw.engine import Counts, Engine, Found, Patience
from doorward.scan.raw.hostcells import HostCells
from doorward.scan.raw.kinds import CODE_OF, Carrier, Kind
from doorward.scan.raw.live_loop import RingLoop
from doorward.scan.raw.live_way import OpenWay, has_way, legs_in_portions, open_way
from doorward.scan.raw.order import Order
from doorward.scan.raw.pace import Pace
from doorward.scan.raw.routes import Leg
from doorward.scan.raw.space import Space
from doorward.scan.raw.stamps import make_stamp
from doorward.scan.raw.window import Settled
from doorward.scan.spans import Span
from doorward.values.addresses import Address
from doorward.values.clocks import Clock
from doorward.wire.frames import Decoded

__all__ = ["Batch", "RawScan", "RawSettings", "Stretch"]

_UDP_GROUPS: Final = 128  # source ports of a UDP scan are drawn among so many groups of sixteen
_MAPPED: Final = bytes(10) + b"\xff\xff"


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
    is_in_order: bool = True  #: whether all doors before the settled ones are settled too


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
        groups = _UDP_GROUPS if self._settings.kind.carrier is Carrier.PORT else 1
        way = open_way(stretch.leg, stretch.space, secret=self._secret, groups=groups, clock=self._clock)
        try:
            engine = Engine(
                self._settings.kind,
                stretch.space,
                stretch.order,
                cookies=Cookies(self._secret, _packed16(way.envelope.source), self._settings.kind.protocol),
                ports=way.ports,
                host_rate=self._settings.host_rate,
                patience=self._settings.patience,
                first=skip,
                absent=way.absent,
            )
            self.counts.append(engine.counts)
            self.cells.append((stretch, engine.cells))
            yield from self._drive(way, engine, stretch)
        finally:
            way.ring.close()

    def _drive(self, way: OpenWay, engine: Engine, stretch: Stretch) -> Iterator[Batch | None]:
        found: list[tuple[Found, Decoded]] = []
        settled: list[Settled] = []
        # Frames of a packet ring leave by another socket than they come by, so one thread may send while another listens.
        sender = ThreadPoolExecutor(1) if isinstance(way.ring, PacketRing) else None
        loop = RingLoop(
            way.ring,
            engine,
            make_stamp(self._settings.kind, way.envelope, way.macs, self._payloads),
            Pace(self._settings.rate, self._clock.monotonic_ns()),
            clock=self._clock,
            on_found=lambda doors, decoded: found.append((doors, decoded)),
            on_settled=settled.append,
            stop=self._stop,
            sender=sender,
        )
        self.waiting = lambda: engine.window.next - engine.window.base
        with sender or contextlib.nullcontext():
            for _ in loop.turns():
                yield from (Batch(stretch, found=one) for one in found)
                yield from (Batch(stretch, settled=one) for one in settled)
                if not (found or settled):
                    yield None
                found.clear()
                settled.clear()
        if loop.beyond is not None and len(loop.beyond):
            yield Batch(stretch, settled=loop.beyond, is_in_order=False)
        self.lost += loop.lost()
        self.ended_by = loop.ended_by


def _stretches(spans: Sequence[Span], ports: Sequence[int], settings: RawSettings, key: int) -> tuple[Stretch, ...]:
    stretches: list[Stretch] = []
    first = 0
    for leg in legs_in_portions(spans):
        space = Space(leg.spans, ports)
        order = Order(space.count, key, shard=settings.shard, shards=settings.shards)
        stretches.append(Stretch(leg, space, order, first, None if has_way(leg) else Reason.NO_ROUTE))
        first += order.count
    return tuple(stretches)


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


def _packed16(address: Address) -> bytes:
    return address.packed if address.family == 6 else _MAPPED + address.packed
