"""Finds the hosts that are there: a census where they are neighbours, a roll call where routers lie between."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import WorldError
from doorward.scan.raw.live_way import OpenWay, has_way, legs_in_portions, open_way
from doorward.scan.raw.rollcall import WAYS, RollCall, Way
from doorward.scan.raw.routes import Leg
from doorward.scan.raw.space import Space
from doorward.scan.spans import Span
from doorward.values.addresses import Address
from doorward.values.clocks import Clock
from doorward.wire.frames import decode_frames

__all__ = ["Discovery", "Presence"]

_TOGETHER: Final = 1024
_UDP_GROUPS: Final = 16
_LEAST_WAIT_NS: Final = 200_000
_LONGEST_WAIT_NS: Final = 50_000_000
_STALLED_NS: Final = 5_000_000_000  # a link that takes nothing for so long is as good as gone
_ROLL_MOST: Final = 65536  # hosts asked together: so many are remembered


@dataclasses.dataclass(frozen=True, slots=True)
class Presence:
    """One host that is there."""

    address: Address
    way: Way
    rtt_us: int  #: -1 when it wasn't measured
    mac: bytes  #: its link address where it is a neighbour, else empty


class Discovery:
    """One search for hosts, run once."""

    def __init__(self, spans: Sequence[Span], *, secret: bytes, clock: Clock, stop: Callable[[], bool] = lambda: False) -> None:
        self._spans = spans
        self._secret = secret
        self._clock = clock
        self._stop = stop
        self.asked = 0  #: addresses asked for until now
        self.unreachable = 0  #: of these, those without a route from here
        self.sent = 0  #: frames

    def hosts(self) -> Iterator[Presence]:
        """Search, and yield each host that is there, in ascending order within a portion of the targets."""
        for whole in legs_in_portions(self._spans):
            for leg in _small(whole):
                if self._stop():
                    return
                self.asked += leg.count
                if not has_way(leg):
                    self.unreachable += leg.count
                    continue
                yield from self._search(leg)

    def _search(self, leg: Leg) -> Iterator[Presence]:
        space = Space(leg.spans, [0])
        way = open_way(leg, space, secret=self._secret, groups=_UDP_GROUPS, clock=self._clock)
        try:
            if way.macs is not None and way.absent is not None:
                self.sent += way.ring.counters().sent
                for host in np.flatnonzero(~way.absent).tolist():
                    yield Presence(space.address(host), Way.NEIGHBOUR, -1, way.macs[host].tobytes())
            elif way.absent is None:
                roll = self._call(way, space)
                for host in np.flatnonzero(roll.ways >= 0).tolist():
                    yield Presence(space.address(host), WAYS[int(roll.ways[host])], int(roll.rtt_us[host]), b"")
        finally:
            way.ring.close()

    def _call(self, way: OpenWay, space: Space) -> RollCall:
        roll = RollCall(space, way.envelope, key=self._secret, ports=way.ports)
        now_ns = self._clock.monotonic_ns
        took_ns = now_ns()
        roll.turn(took_ns)
        while not roll.is_done and not self._stop():
            out = way.ring.reserve(_TOGETHER)
            lengths: NDArray[np.uint16] = roll.write(out, now_ns())
            taken = way.ring.commit(lengths) if len(lengths) else 0
            if taken:
                roll.took(taken)
            if taken or (len(out) and not len(lengths)):
                took_ns = now_ns()
            elif now_ns() - took_ns > _STALLED_NS:
                raise WorldError("search for hosts on", way.ring.link.name, why="it has taken no frame for five seconds")
            due_ns = now_ns() if len(lengths) else roll.next_ns()
            wait_ns = 0 if taken else min(max(_LEAST_WAIT_NS, due_ns - now_ns()), _LONGEST_WAIT_NS)
            frames = way.ring.receive(wait_ns / 1e9)
            if len(frames):
                roll.heard(decode_frames(frames, way.ring.link.type), now_ns())
            roll.turn(now_ns())
        self.sent += roll.sent
        return roll


def _small(leg: Leg) -> Iterator[Leg]:
    """A leg in parts of so many hosts as are asked together."""
    for span in leg.spans:
        for first in range(span.first, span.last + 1, _ROLL_MOST):
            yield Leg(leg.way, (Span(span.family, span.scope, first, min(span.last, first + _ROLL_MOST - 1)),))
