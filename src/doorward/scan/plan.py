"""What a scan is going to do: which doors, in which order, how fast and at most how long. Knows no sockets and sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from doorward.scan.pace import RoundTrip
from doorward.scan.shuffle import Shuffle
from doorward.scan.targets import TargetSet
from doorward.values.addresses import Address

__all__ = ["Estimate", "Plan", "Speed", "default_speed"]

#: What this engine reaches against loopback on one core (bench/scan.py): no plan can be quicker.
_FASTEST_PER_S: Final = 60_000.0
#: When the kernel repeats an unanswered SYN by itself (RFC 6298 §2.1 and §5.5: one second, doubled each time).
_SYN_AGAIN_S: Final = (1.0, 3.0, 7.0, 15.0, 31.0)
#: Packets that an open door costs us: SYN, ACK, and the RST or FIN that ends it.
_OPEN_DOOR: Final = 3


class Speed(msgspec.Struct, frozen=True):
    """How fast to knock and how long to wait; ``None`` means without a limit of ours."""

    rate: float | None = None  #: connections a second, whole scan
    host_rate: float | None = None  #: connections a second, each host
    timeout_s: float = 1.5  #: the longest wait for one answer
    knocks: int = 3  #: knocks at a silent door before it is called filtered


#: Against other machines: fast enough for a /24 in minutes, slow enough for the connection table of a home router (often 65,536
#: entries, each kept for a minute or more).
OTHERS: Final = Speed(rate=20_000.0, host_rate=10_000.0)


def default_speed(targets: TargetSet) -> Speed:
    """The speed for targets where the caller says nothing: no limit for this machine alone, a careful one for others."""
    alone = all(span.address(0).is_loopback and span.address(span.count - 1).is_loopback for span in targets.spans)
    return Speed() if alone else OTHERS


class Estimate(msgspec.Struct, frozen=True):
    """How much a plan will send and how long it may take, from all doors answering to none."""

    knocks_least: int
    knocks_most: int
    packets_least: int  #: sent by this machine; every door refuses
    packets_most: int
    seconds_least: float
    seconds_most: float


class Plan:
    """Every address of ``targets`` with every port of ``ports``, once each, in the order of ``key``; takes no memory per door."""

    __slots__ = ("key", "ports", "speed", "targets")

    def __init__(self, targets: TargetSet, ports: tuple[int, ...], *, key: int, speed: Speed) -> None:
        self.targets = targets
        self.ports = ports
        self.key = key
        self.speed = speed

    @property
    def count(self) -> int:
        """How many doors there are."""
        return self.targets.count * len(self.ports)

    def doors(self, start: int = 0) -> Iterator[tuple[Address, int]]:
        """Yield (address, port) in the plan's order, from the ``start``-th on."""
        targets, ports = self.targets, self.ports
        width = len(ports)
        for place in Shuffle(self.count, self.key).walk(start):
            host, port = divmod(place, width)
            yield targets[host], ports[port]

    def estimate(self, batch: int) -> Estimate:
        """How much and how long, with at most ``batch`` doors waiting at a time."""
        speed = self.speed
        limits = [_FASTEST_PER_S, speed.rate, speed.host_rate * self.targets.count if speed.host_rate else None]
        pace = min(limit for limit in limits if limit is not None)
        stranger = RoundTrip(loopback=self.targets[0].is_loopback)
        patience_s = [stranger.patience_ns(knock, round(speed.timeout_s * 1e9)) / 1e9 for knock in range(1, speed.knocks + 1)]
        silence_s = sum(patience_s)
        silent_door = sum(1 + sum(wait_s > again_s for again_s in _SYN_AGAIN_S) for wait_s in patience_s)
        most = self.count * speed.knocks
        return Estimate(
            knocks_least=self.count,
            knocks_most=most,
            packets_least=self.count,
            packets_most=self.count * max(silent_door, _OPEN_DOOR),
            seconds_least=self.count / pace,
            seconds_most=max(most / pace, -(-self.count // batch) * silence_s),
        )
