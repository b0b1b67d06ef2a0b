"""Asking which doors answer: reads the caller's words, checks consent, and streams the lines of the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Final

from doorward.errors import WorldError
from doorward.ports.live_list import names
from doorward.ports.live_ranking import ranking
from doorward.scan.answer import DoorLine, PlanLine, SummaryLine, TargetLine
from doorward.scan.doorstates import CONNECT_STATES, LOST_HERE, DoorState, Reason
from doorward.scan.host_counts import HostCounts
from doorward.scan.live_descriptors import batch_limit, raise_descriptor_limit
from doorward.scan.live_names import is_own_address, resolve_name
from doorward.scan.live_resumption import ResumeFile
from doorward.scan.local_networks import InterfaceNetwork
from doorward.scan.plan import Plan
from doorward.scan.results import DoorResult, Tally
from doorward.scan.resumption import ScanState, identity_of
from doorward.scan.sampling import sampled
from doorward.scan.targets import Resolver, TargetSet
from doorward.values.addresses import Address
from doorward.values.clocks import Clock, SystemClock
from doorward.values.transports import Transport
from doorward.verbs.scan_journal import ScanJournal
from doorward.verbs.scan_request import ScanRequest, own_networks, read_ports, read_request_targets, read_shard, read_speed

__all__ = ["Scan", "ScanRequest"]

_MOST_TARGET_LINES: Final = 1000


class Scan:
    """A scan that has been read and allowed, and may be run once; raises `CallError` or `WorldError` when made of a bad request.

    ``key`` chooses the order of the knocks, and a sample: the same key, the same order. With ``resume`` the scan keeps its place in that
    file, and goes on from there when the file is there already, with the key it was begun with. ``interfaces`` tells this machine's.
    ``targets``: the request's, where they have been read and allowed already.
    """

    transport = Transport.TCP
    kind = "connect"

    def __init__(
        self,
        request: ScanRequest,
        *,
        key: int,
        resume: Path | None = None,
        clock: Clock | None = None,
        resolve: Resolver = resolve_name,
        is_own: Callable[[Address], bool] = is_own_address,
        interfaces: Callable[[], Iterable[InterfaceNetwork]] = own_networks,
        targets: TargetSet | None = None,
    ) -> None:
        self.ports = read_ports(request, self.transport)
        self.unresolved: list[str] = []
        if targets is None:
            targets = read_request_targets(request, resolve=resolve, is_own=is_own, interfaces=interfaces, unresolved=self.unresolved)
        self.asked = targets  #: before a sample was drawn
        file = None
        if resume is not None:
            file = self._resumed(resume, request, targets, key, clock or SystemClock())
            key = file.state.key
        if request.sample is not None:
            targets = sampled(targets, request.sample, key)
        ports = tuple(self.ports.ports(self.transport))
        self.plan = Plan(targets, ports, key=key, speed=read_speed(request, targets))
        self.tally = Tally()
        self.hosts = HostCounts()
        self.followed: set[Address] = set()  #: hosts of which every result is told to the hearers
        self.hearers: list[Callable[[DoorResult], None]] = []  #: told of every result, also of those that are not listed
        self._request = request
        self._file = file
        self._journal = ScanJournal(self.plan, file) if file is not None and self.kind == "connect" else None
        self._every_state = request.every_state
        raise_descriptor_limit()
        self._batch = batch_limit()

    def _resumed(self, path: Path, request: ScanRequest, targets: TargetSet, key: int, clock: Clock) -> ResumeFile:
        listed = "all doors" if request.every_state else "open doors"
        sample = "" if request.sample is None else str(request.sample)
        identity = identity_of(targets, self.ports, kind=self.kind, listed=listed, sample=sample)
        count = targets.count if request.sample is None else min(request.sample, targets.count)
        shard, shards = read_shard(request.shard)
        if shards > 1:
            identity["shard"] = f"{shard + 1}/{shards}"
        doors = count * len(self.ports)
        return ResumeFile.open(path, ScanState(identity=identity, key=key, doors=doors), clock)

    @property
    def trouble(self) -> WorldError | None:
        """Why the scan's place could no longer be kept, if it couldn't."""
        return self._journal.trouble if self._journal is not None else None

    @property
    def went_on(self) -> bool:
        """Whether it continues a scan that was stopped, so that `hosts` holds only a part."""
        return self._journal is not None and self._journal.goes_on

    def close(self, *, is_done: bool) -> None:
        """Let go of the file that keeps the scan's place; ``is_done`` when everything was handed over, and it may be removed."""
        if self._journal is not None:
            self._journal.close(is_done=is_done)

    def plan_line(self) -> PlanLine:
        """What it would do."""
        targets, speed = self.plan.targets, self.plan.speed
        estimate = self.plan.estimate(self._batch)
        named: dict[str, list[Address]] = {}
        for address, name in targets.names.items():
            if address in targets:
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
            packets_least=estimate.packets_least,
            packets_most=estimate.packets_most,
            seconds_least=round(estimate.seconds_least, 3),
            seconds_most=round(estimate.seconds_most, 3),
            port_source=ranking().source if self._request.top_ports is not None else "",
            unresolved=self.unresolved,
        )

    def lines(
        self, clock: Clock, *, stop: Callable[[], bool] = lambda: False, on_round: Callable[[Tally], None] = lambda _: None
    ) -> Generator[DoorLine | SummaryLine]:
        """Knock, and yield each door to be listed as soon as it is known, then the summary; also after ``stop`` said true.

        A scan that goes on yields the doors first that it had found before.
        """
        began_ns = clock.monotonic_ns()
        journal = self._journal

        def spent_s() -> float:
            return (clock.monotonic_ns() - began_ns) / 1e9 + (journal.earlier_s if journal is not None else 0.0)

        def each_round(tally: Tally) -> None:
            if journal is not None:
                journal.save(spent_s())
            on_round(tally)

        from doorward.scan.live_connect import ConnectScan  # a raw scan is a `Scan` too, and doesn't need it

        doors = journal.doors() if journal is not None else self.plan.doors()
        scan = ConnectScan(doors, clock=clock, speed=self.plan.speed, batch=self._batch, stop=stop, on_round=each_round)
        self.tally = scan.tally
        if journal is not None:
            journal.follow(self.tally)
            yield from self._found_before(journal)
        reasons: Counter[Reason] = Counter() if journal is None else journal.reasons
        for result in scan:
            line = self._door_line(result) if self._every_state or result.state is DoorState.OPEN else None
            self.hosts.note(result.address, result.reason)
            for hear in self.hearers:
                hear(result)
            if journal is None:
                reasons[result.reason] += 1
            else:
                if line is not None:
                    journal.keep(line)
                journal.note(result)
            if line is not None:
                yield line
        if journal is not None:
            journal.save(spent_s(), at_once=True)
        yield self._summary(reasons, spent_s())

    def _found_before(self, journal: ScanJournal) -> Iterator[DoorLine]:
        for line in journal.found:
            for hear in self.hearers:
                hear(_result(line))
            yield line

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
            unresolved=self.unresolved,
        )


def _result(line: DoorLine) -> DoorResult:
    """The result that a line tells."""
    rtt_ns = None if line.rtt_ms is None else round(line.rtt_ms * 1e6)
    return DoorResult(line.address, line.port, line.reason, rtt_ns, line.knocks, line.told_by, line.detail, line.transport)


def _target_lines(targets: TargetSet) -> list[TargetLine]:
    spans = targets.spans[:_MOST_TARGET_LINES]
    return [TargetLine(first=span.address(0), last=span.address(span.count - 1), count=span.count) for span in spans]
