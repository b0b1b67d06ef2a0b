"""Hosts made of arrays that answer a raw scan's frames on a memory ring, and a scan of them with a clock that only the ring moves."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from doorward.rings.memory_ring import Behaviour, MemoryRing, Mischief, join_rings
from doorward.scan.doorstates import Reason
from doorward.scan.raw.answers import KnockPorts
from doorward.scan.raw.cookies import Cookies
from doorward.scan.raw.engine import Engine, Found, Patience
from doorward.scan.raw.kinds import CODES, Kind
from doorward.scan.raw.live_loop import RingLoop
from doorward.scan.raw.order import Order
from doorward.scan.raw.pace import Pace
from doorward.scan.raw.space import Space
from doorward.scan.raw.stamps import make_stamp
from doorward.scan.raw.window import Settled
from doorward.scan.spans import network_span
from doorward.values.addresses import Address
from doorward.values.clocks import ManualClock
from doorward.wire.frames import Decoded, Frames
from doorward.wire.templates import Envelope

NOON = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
SOURCE = Address.parse("10.0.0.1")
SOURCE16 = bytes(10) + b"\xff\xff" + SOURCE.packed
KEY = bytes(range(16))
PORTS = KnockPorts(61008)
SYN_ACK, RST_ACK = 0x12, 0x14


def replies(data: NDArray[np.uint8], flags: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a TCP host sends back to segments over Ethernet and IPv4: ends swapped, one more acknowledged, bare headers."""
    out = data[:, :54].copy()
    out[:, 0:6], out[:, 6:12] = data[:, 6:12], data[:, 0:6]
    out[:, 16:18] = (0, 40)
    out[:, 26:30], out[:, 30:34] = data[:, 30:34], data[:, 26:30]
    out[:, 34:36], out[:, 36:38] = data[:, 36:38], data[:, 34:36]
    sequence = np.ascontiguousarray(data[:, 38:42]).view(">u4")[:, 0].astype(np.uint32) + np.uint32(1)
    out[:, 38:42] = 0
    out[:, 42:46] = sequence.astype(">u4").view(np.uint8).reshape(-1, 4)
    out[:, 46] = 0x50
    out[:, 47] = flags
    return out


@dataclass
class Hosts:
    """All the hosts at the far end of the ring."""

    opened: frozenset[int]
    silent: bool = False  #: whether doors that aren't open drop knocks
    resets_per_s: float | None = None
    clock: ManualClock | None = None
    copies: int = 1
    heard: int = 0
    resets: bool = False  #: whether it ever heard a RST
    _tokens: float = 20.0
    _then_ns: int = 0

    def __call__(self, ring: MemoryRing, frames: Frames) -> None:
        data = frames.data
        self.heard += len(data)
        self.resets |= bool((data[:, 47] & 4).any())
        ports = np.ascontiguousarray(data[:, 36:38]).view(">u2")[:, 0]
        is_open = np.isin(ports, list(self.opened))
        answering = is_open.copy() if self.silent else np.ones(len(data), dtype=np.bool_)
        if self.resets_per_s is not None:
            answering &= is_open | self._let_through(~is_open)
        chosen = np.repeat(np.flatnonzero(answering), self.copies)
        if len(chosen):
            flags = np.where(is_open[chosen], SYN_ACK, RST_ACK).astype(np.uint8)
            ring.send(replies(data[chosen], flags), np.full(len(chosen), 54, dtype=np.uint16))

    def _let_through(self, resets: NDArray[np.bool_]) -> NDArray[np.bool_]:
        assert self.clock is not None
        assert self.resets_per_s is not None
        now = self.clock.monotonic_ns()
        self._tokens = min(20.0, self._tokens + (now - self._then_ns) / 1e9 * self.resets_per_s)
        self._then_ns = now
        numbered = np.cumsum(resets)
        passed = resets & (numbered <= int(self._tokens))
        self._tokens -= int(passed.sum())
        return passed


@dataclass
class Outcome:
    """What a scan of the made hosts came to."""

    engine: Engine
    loop: RingLoop
    here: MemoryRing
    clock: ManualClock
    found: set[tuple[int, int]] = field(default_factory=set)  #: (host, port)
    settled: list[Settled] = field(default_factory=list)

    @property
    def reasons(self) -> Counter[Reason]:
        """All settled doors by reason."""
        return Counter(CODES[code] for part in self.settled for code in part.codes.tolist())

    @property
    def seconds(self) -> float:
        """How long it took, on the ring's clock."""
        return self.clock.monotonic_ns() / 1e9


def scan_hosts(
    behaviour: Callable[[ManualClock], Behaviour],
    *,
    network: str = "10.0.0.2/32",
    ports: range = range(1, 1001),
    kind: Kind = Kind.SYN,
    lose: float = 0.0,
    duplicate: float = 0.0,
    refuse: float = 0.0,
    seed: int = 1,
    latency_s: float = 0.001,
    rate: float | None = None,
    host_rate: float | None = None,
    receive_slots: int = 1 << 20,
    patience: Patience | None = None,
    first: int = 0,
    most_turns: int | None = None,
    on_turn: Callable[[Outcome], None] = lambda _: None,
) -> Outcome:
    """Scan hosts that behave as ``behaviour(clock)``; the same arguments give the same frames."""
    clock = ManualClock(NOON)
    here, _ = join_rings(
        clock,
        outward=Mischief(seed=seed, lose=lose, refuse=refuse),
        homeward=Mischief(seed=seed + 1, lose=lose, duplicate=duplicate),
        latency_s=latency_s,
        receive_slots=receive_slots,
        there_does=behaviour(clock),
    )
    space = Space([network_span(network)], ports)
    engine = Engine(
        kind,
        space,
        Order(space.count, seed),
        cookies=Cookies(KEY, SOURCE16, 6),
        ports=PORTS,
        host_rate=host_rate,
        patience=patience,
        first=first,
    )
    found_doors: set[tuple[int, int]] = set()
    settled: list[Settled] = []

    def on_found(found: Found, _: Decoded) -> None:
        nonlocal found_doors
        found_doors |= {(door // space.width, int(space.ports[door % space.width])) for door in found.doors.tolist()}

    envelope = Envelope(source=SOURCE, source_mac=bytes(6), destination_mac=bytes(6))
    turns = iter(range(most_turns)) if most_turns is not None else None
    loop = RingLoop(
        here,
        engine,
        make_stamp(kind, envelope),
        Pace(rate, clock.monotonic_ns()),
        clock=clock,
        on_found=on_found,
        on_settled=settled.append,
        stop=lambda: turns is not None and next(turns, None) is None,
    )
    outcome = Outcome(engine, loop, here, clock, found_doors, settled)
    for _ in loop.turns():
        on_turn(outcome)
    return outcome
