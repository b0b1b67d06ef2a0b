"""Asking which doors answer: reads the caller's words, checks consent, and streams the lines of the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.ports.live_list import find_name, names, port_list
from doorward.scan.answer import DoorLine, PlanLine, SummaryLine, TargetLine
from doorward.scan.consent import consented
from doorward.scan.doorstates import CONNECT_STATES, LOST_HERE, DoorState, Reason
from doorward.scan.live_connect import ConnectScan
from doorward.scan.live_descriptors import batch_limit, raise_descriptor_limit
from doorward.scan.live_names import is_own_address, resolve_name, scope_number
from doorward.scan.plan import Plan, Speed, default_speed
from doorward.scan.results import DoorResult, Tally
from doorward.scan.targets import Resolver, TargetSet, parse_targets
from doorward.values.addresses import Address
from doorward.values.clocks import Clock
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

__all__ = ["Scan", "ScanRequest"]

_MOST_TARGET_LINES: Final = 1000
_LONGEST_TIMEOUT_S: Final = 60.0
_MOST_KNOCKS: Final = 10


class ScanRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller asks for, in his own words; ``None`` leaves it to us."""

    targets: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    ports: str | None = None
    timeout_s: float | None = None
    knocks: int | None = None
    rate: float | None = None  #: 0 means without limit
    host_rate: float | None = None  #: 0 means without limit
    may_scan: bool = False  #: the caller's word that he may scan public addresses
    every_state: bool = False  #: list closed, filtered and unknown doors too


class Scan:
    """A scan that has been read and allowed, and may be run once; raises `CallError` or `WorldError` when made of a bad request.

    ``key`` chooses the order of the knocks: the same key, the same order.
    """

    def __init__(
        self,
        request: ScanRequest,
        *,
        key: int,
        resolve: Resolver = resolve_name,
        is_own: Callable[[Address], bool] = is_own_address,
    ) -> None:
        self.ports = _read_ports(request.ports)
        asked = parse_targets(request.targets, resolve, request.exclude)
        targets = consented(asked, given=request.may_scan, is_own=is_own)
        for span in targets.spans:
            scope_number(span.scope)  # an interface that isn't there is better said now than at each of its doors
        ports = tuple(self.ports.ports(Transport.TCP))
        self.plan = Plan(targets, ports, key=key, speed=_read_speed(request, targets))
        self.tally = Tally()
        self._every_state = request.every_state
        raise_descriptor_limit()
        self._batch = batch_limit()

    def plan_line(self) -> PlanLine:
        """What it would do."""
        targets, speed = self.plan.targets, self.plan.speed
        estimate = self.plan.estimate(self._batch)
        named: dict[str, list[Address]] = {}
        for address, name in targets.names.items():
            named.setdefault(name, []).append(address)
        return PlanLine(
            targets=_target_lines(targets),
            names=named,
            addresses=targets.count,
            ports=str(self.ports),
            doors=self.plan.count,
            rate=speed.rate,
            host_rate=speed.host_rate,
            batch=self._batch,
            knocks_least=estimate.knocks_least,
            knocks_most=estimate.knocks_most,
            seconds_least=round(estimate.seconds_least, 3),
            seconds_most=round(estimate.seconds_most, 3),
        )

    def lines(
        self, clock: Clock, *, stop: Callable[[], bool] = lambda: False, on_round: Callable[[Tally], None] = lambda _: None
    ) -> Iterator[DoorLine | SummaryLine]:
        """Knock, and yield each door to be listed as soon as it is known, then the summary; also after ``stop`` said true."""
        began_ns = clock.monotonic_ns()
        scan = ConnectScan(self.plan.doors(), clock=clock, speed=self.plan.speed, batch=self._batch, stop=stop, on_round=on_round)
        self.tally = scan.tally
        reasons: Counter[Reason] = Counter()
        for result in scan:
            reason = result.reason
            reasons[reason] += 1
            if self._every_state or reason.state is DoorState.OPEN:
                yield self._door_line(result)
        yield self._summary(reasons, (clock.monotonic_ns() - began_ns) / 1e9)

    def _door_line(self, result: DoorResult) -> DoorLine:
        return DoorLine(
            address=result.address,
            transport=result.transport,
            port=result.port,
            state=result.state,
            reason=result.reason,
            rtt_ms=None if result.rtt_ns is None else round(result.rtt_ns / 1e6, 3),
            service=names(result.transport)[result.port],
            host=self.plan.targets.names.get(result.address, ""),
            knocks=result.knocks,
            told_by=result.told_by,
            detail=result.detail,
        )

    def _summary(self, reasons: Counter[Reason], seconds: float) -> SummaryLine:
        tally, targets = self.tally, self.plan.targets
        states = Counter(dict.fromkeys(CONNECT_STATES, 0))
        for reason, count in reasons.items():
            states[reason.state] += count
        return SummaryLine(
            targets=_target_lines(targets),
            addresses=targets.count,
            ports=str(self.ports),
            doors=self.plan.count,
            done=tally.done,
            sent=tally.knocks,
            received=tally.answers,
            repeated=tally.again,
            lost_here=sum(reasons[reason] for reason in LOST_HERE),
            held_up=tally.held_up,
            met_ourselves=tally.met_ourselves,
            states=dict(states),
            reasons={reason: reasons[reason] for reason in Reason if reasons[reason]},
            seconds=round(seconds, 3),
            interrupted=tally.done < self.plan.count,
        )


def _read_ports(text: str | None) -> PortSet:
    """Read ``-p``; without it, the doors that people meet: 1 to 1024 and every TCP port that our notes speak of."""
    if text is None:
        noted = [(own, port, port) for note in port_list().notes for own, port in note.ports if own is Transport.TCP]
        return PortSet([(Transport.TCP, 1, 1024), *noted])
    ports = PortSet.parse(text, names=find_name)
    others = [transport for transport in ports.transports if transport is not Transport.TCP]
    if others:
        why = f"a connection tells nothing of {others[0].upper()} doors, and this scan knocks by connecting"
        raise CallError("scan the ports", text, why=why, remedy="Give TCP ports alone: 22,80,T:53.")
    return ports


def _read_speed(request: ScanRequest, targets: TargetSet) -> Speed:
    speed = default_speed(targets)
    if request.timeout_s is not None:
        if not 0 < request.timeout_s <= _LONGEST_TIMEOUT_S:
            raise CallError(
                "wait for answers", f"{request.timeout_s:g} s", why=f"the wait must be above 0 and at most {_LONGEST_TIMEOUT_S:g} s"
            )
        speed = msgspec.structs.replace(speed, timeout_s=request.timeout_s)
    if request.knocks is not None:
        if not 1 <= request.knocks <= _MOST_KNOCKS:
            raise CallError("knock", f"{request.knocks} times", why=f"a door is knocked at 1 to {_MOST_KNOCKS} times")
        speed = msgspec.structs.replace(speed, knocks=request.knocks)
    for field, rate in (("rate", request.rate), ("host_rate", request.host_rate)):
        if rate is not None:
            if not 0 <= rate < float("inf"):
                raise CallError(
                    "knock at the rate", f"{rate:g}", why="a rate is a number of connections a second", remedy="0 means no limit."
                )
            speed = msgspec.structs.replace(speed, **{field: rate or None})
    return speed


def _target_lines(targets: TargetSet) -> list[TargetLine]:
    spans = targets.spans[:_MOST_TARGET_LINES]
    return [TargetLine(first=span.address(0), last=span.address(span.count - 1), count=span.count) for span in spans]
