"""Asking which doors answer by raw knocks: the arrays of the engine turned into the same lines that a connect scan gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from doorward.errors import WorldError
from doorward.scan.answer import DoorLine, LimitLine, SummaryLine
from doorward.scan.doorstates import LOST_HERE, DoorState, Reason
from doorward.scan.plan import Speed
from doorward.scan.raw.engine import Found, Patience
from doorward.scan.raw.kinds import CODES, Kind
from doorward.scan.raw.live_raw_scan import Batch, RawScan, RawSettings, Stretch
from doorward.scan.raw.reflex import is_suspicious
from doorward.scan.raw.window import Settled
from doorward.scan.results import DoorResult, Tally
from doorward.scan.targets import TargetSet
from doorward.values.addresses import Address, Reach
from doorward.values.clocks import Clock
from doorward.verbs.scan import Scan
from doorward.verbs.scan_request import ScanRequest, read_shard

__all__ = ["RawDoorScan", "raw_speed"]

_MOST_LIMITS: Final = 100
_PUBLIC_RATE: Final = 10_000.0  # through other people's routers, what zmap takes for harmless by default
_OPEN_CODES: Final = np.array([reason.state is DoorState.OPEN for reason in CODES])


def raw_speed(request: ScanRequest, targets: TargetSet, speed: Speed) -> Speed:
    """The caller's speed; without one: as fast as known doors answer on own and private networks, 10,000 a second elsewhere."""
    private = all(_is_near(span.address(0)) and _is_near(span.address(span.count - 1)) for span in targets.spans)
    rate = speed.rate if request.rate is not None else (None if private else _PUBLIC_RATE)
    return msgspec.structs.replace(speed, rate=rate, host_rate=speed.host_rate if request.host_rate is not None else None)


def _is_near(address: Address) -> bool:
    return address.reach is not Reach.PUBLIC


class RawDoorScan(Scan):
    """A raw scan that has been read and allowed, and may be run once; as `Scan` in all else."""

    def __init__(
        self,
        request: ScanRequest,
        *,
        kind: Kind,
        key: int,
        secret: bytes,
        clock: Clock,
        resume: Path | None = None,
        targets: TargetSet | None = None,
    ) -> None:
        self.transport = kind.transport
        self.kind = kind.value
        super().__init__(request, key=key, resume=resume, clock=clock, targets=targets)
        self._raw_kind = kind
        self._secret = secret
        speed = raw_speed(request, self.plan.targets, self.plan.speed)
        self.plan.speed = speed
        self._shard = read_shard(request.shard)
        self._patience = Patience(ceiling_ns=round(speed.timeout_s * 1e9))
        if request.knocks is not None:
            self._patience = Patience(least_knocks=request.knocks, most_knocks=request.knocks, ceiling_ns=self._patience.ceiling_ns)
        elif kind is Kind.UDP:
            self._patience = msgspec.structs.replace(self._patience, least_knocks=5)  # a port may be asked in up to five languages
        self._file_trouble: WorldError | None = None
        self._settled_before = self._file.state.settled if self._file is not None else 0
        self._known: set[tuple[Address, int]] = set()
        self._held: dict[
            Address, list[DoorResult]
        ] = {}  # doors that seem open, until it is clear that their host isn't one that always does

    @property
    def trouble(self) -> WorldError | None:
        """Why the scan's place could no longer be kept, if it couldn't."""
        return self._file_trouble

    @property
    def went_on(self) -> bool:
        """Whether it continues a scan that was stopped."""
        return self._file is not None and (self._settled_before > 0 or bool(self._file.found))

    def close(self, *, is_done: bool) -> None:
        """Let go of the file that keeps the scan's place."""
        if self._file is not None:
            if is_done and self._file_trouble is None:
                self._file.finish()
            else:
                self._file.close()

    def lines(
        self, clock: Clock, *, stop: Callable[[], bool] = lambda: False, on_round: Callable[[Tally], None] = lambda _: None
    ) -> Generator[DoorLine | SummaryLine]:
        """Knock, and yield each door to be listed as soon as it is known, then the summary; also after ``stop`` said true."""
        began_ns = clock.monotonic_ns()
        scan = RawScan(
            self.plan.targets.spans,
            self.plan.ports,
            RawSettings(self._raw_kind, self.plan.speed.rate, self.plan.speed.host_rate, self._patience, *self._shard),
            key=self.plan.key,
            secret=self._secret,
            clock=clock,
            first=self._settled_before,
            stop=stop,
        )
        reasons: Counter[Reason] = Counter()
        beyond: Counter[Reason] = Counter()  # of a scan that was stopped: its place is behind them, so they count for this summary alone
        yield from self._found_before(reasons)
        for batch in scan.batches():
            if batch is not None:
                if batch.found is not None:
                    self._note_found(batch.stretch, batch.found[0])
                if batch.settled is not None:
                    yield from self._settled(batch, reasons if batch.is_in_order else beyond)
                yield from self._released(scan)
                self._save(reasons, (clock.monotonic_ns() - began_ns) / 1e9)
            self._note(scan, reasons)
            on_round(self.tally)
        yield from self._judged(reasons)
        self._note(scan, reasons)
        seconds = (clock.monotonic_ns() - began_ns) / 1e9
        self._save(reasons, seconds, at_once=True)
        yield self._raw_summary(scan, reasons + beyond, seconds + (self._file.state.seconds if self._file and self.went_on else 0.0))

    # --- lines

    def _found_before(self, reasons: Counter[Reason]) -> Iterator[DoorLine]:  # type: ignore[override]  # the connect scan's takes its journal
        if self._file is None:
            return
        reasons.update({Reason(name): count for name, count in self._file.state.reasons.items()})
        for line in {(line.address, line.port): line for line in self._file.found}.values():  # a later line corrects an earlier one
            self._known.add((line.address, line.port))
            self._tell(DoorResult(line.address, line.port, line.reason, None, line.knocks, line.told_by, line.detail, line.transport))
            yield line

    def _note_found(self, stretch: Stretch, found: Found) -> None:
        """Write down doors that answered as open ones do, as soon as they did."""
        for place, door in enumerate(found.doors.tolist()):
            rtt_us = int(found.rtt_us[place])
            result = self._result(stretch, door, int(found.codes[place]), knocks=int(found.knocks[place]), rtt_us=rtt_us)
            if (result.address, result.port) in self._known:
                continue
            self._keep(result)
            self._held.setdefault(result.address, []).append(result)

    def _keep(self, result: DoorResult) -> None:
        if self._file is not None and self._file_trouble is None:
            try:
                self._file.keep(self._door_line(result))
            except WorldError as error:
                self._file_trouble = error

    def _released(self, scan: RawScan) -> Iterator[DoorLine]:
        """Doors of hosts that have refused as often as they have offered: whatever answers there is choosy."""
        stretch, cells = scan.cells[-1] if scan.cells else (None, None)
        for address in list(self._held):
            if stretch is not None and cells is not None and self._raw_kind is Kind.SYN and not cells.is_shared:
                packed = address.packed if address.family == 6 else bytes(10) + b"\xff\xff" + address.packed
                host = int(stretch.space.hosts_of(np.frombuffer(packed, dtype=np.uint8).reshape(1, 16))[0])
                if host < 0 or cells.closed[host] < cells.opened[host]:
                    continue
            yield from map(self._told, self._held.pop(address))

    def _judged(self, reasons: Counter[Reason]) -> Iterator[DoorLine]:
        """The doors that are still held: those of hosts that answer at every port alike are no open doors."""
        suspects = [
            (address, [one.port for one in held]) for address, held in self._held.items() if is_suspicious(len(held), len(self.plan.ports))
        ]
        reflexes: set[tuple[Address, int]] = set()
        if suspects:
            from doorward.scan.raw.live_reflex import reflex_doors  # loads asyncio, which most scans can do without

            reflexes = reflex_doors(suspects, self.plan.key)
        for held in self._held.values():
            for result in held:
                if (result.address, result.port) not in reflexes:
                    yield self._told(result)
                    continue
                judged = msgspec.structs.replace(result, reason=Reason.ANSWERS_EVERYWHERE)
                if reasons[result.reason] > 0:
                    reasons[result.reason] -= 1
                    reasons[judged.reason] += 1
                self._keep(judged)
                line = self._told(judged)
                if self._every_state:
                    yield line
        self._held.clear()

    def _told(self, result: DoorResult) -> DoorLine:
        self._tell(result)
        return self._door_line(result)

    def _settled(self, batch: Batch, reasons: Counter[Reason]) -> Iterator[DoorLine]:
        """Doors that are settled: counted, and told where the caller or memory wants each."""
        settled, stretch = batch.settled, batch.stretch
        assert settled is not None
        counts = np.bincount(settled.codes, minlength=len(CODES))
        for code in np.flatnonzero(counts).tolist():
            reasons[CODES[code]] += int(counts[code])
        self._count_hosts(stretch, settled)
        for place in self._wanted(stretch, settled):
            result = self._result(
                stretch,
                int(settled.doors[place]),
                int(settled.codes[place]),
                knocks=int(settled.knocks[place]),
                rtt_us=int(settled.rtt_us[place]),
                teller=bytes(settled.tellers[place]),
            )
            self._tell(result)
            if self._every_state:
                yield self._door_line(result)

    def _wanted(self, stretch: Stretch, settled: Settled) -> list[int]:
        """Which of the settled doors are to be told one by one: all when listed, else those of hosts that memory knows."""
        shut = ~_OPEN_CODES[settled.codes]
        if self._every_state:
            return np.flatnonzero(shut).tolist()
        followed = [address for address in self.followed if address in self.plan.targets]
        if not followed:
            return []
        mapped = np.array([list(a.packed if a.family == 6 else bytes(10) + b"\xff\xff" + a.packed) for a in followed], dtype=np.uint8)
        hosts = stretch.space.hosts_of(mapped)
        return np.flatnonzero(shut & np.isin(settled.doors // stretch.space.width, hosts)).tolist()

    def _count_hosts(self, stretch: Stretch, settled: Settled) -> None:
        if not self.hosts.is_whole or not len(settled):
            return
        pairs = settled.doors // stretch.space.width * 256 + settled.codes
        kinds, counts = np.unique(pairs, return_counts=True)
        for pair, count in zip(kinds.tolist(), counts.tolist(), strict=True):
            self.hosts.note_many(stretch.space.address(pair // 256), {CODES[pair % 256]: count})

    def _result(self, stretch: Stretch, door: int, code: int, *, knocks: int, rtt_us: int, teller: bytes = bytes(16)) -> DoorResult:
        host, place = divmod(door, stretch.space.width)
        return DoorResult(
            address=stretch.space.address(host),
            port=int(stretch.space.ports[place]),
            reason=CODES[code],
            rtt_ns=rtt_us * 1000 if rtt_us >= 0 else None,
            knocks=knocks,
            told_by=Address(teller).unmapped if any(teller) else None,
            transport=self.transport,
        )

    def _tell(self, result: DoorResult) -> None:
        for hear in self.hearers:
            hear(result)

    # --- sums

    def _note(self, scan: RawScan, reasons: Counter[Reason]) -> None:
        tally = self.tally
        before = self._file.state.counters if self._file is not None and self.went_on else {}
        tally.knocks = sum(counts.sent for counts in scan.counts) + before.get("sent", 0)
        tally.answers = sum(counts.received for counts in scan.counts) + before.get("received", 0)
        tally.again = sum(counts.repeated for counts in scan.counts) + before.get("repeated", 0)
        tally.done = reasons.total()
        tally.waiting = scan.waiting()

    def _save(self, reasons: Counter[Reason], seconds: float, *, at_once: bool = False) -> None:
        file = self._file
        if file is None or self._file_trouble is not None or not (at_once or file.is_due):
            return
        state = msgspec.structs.replace(
            file.state,
            settled=reasons.total(),
            reasons={str(reason): count for reason, count in reasons.items() if count},
            seconds=round(seconds, 3),
        )
        try:
            file.save(state, at_once=at_once)
        except WorldError as error:
            self._file_trouble = error

    def _raw_summary(self, scan: RawScan, reasons: Counter[Reason], seconds: float) -> SummaryLine:
        line = self._summary(reasons, seconds)
        states = {state: count for state, count in line.states.items() if count or state in (DoorState.OPEN, DoorState.CLOSED)}
        limits, missed = self._confidence(scan, reasons)
        return msgspec.structs.replace(
            line,
            doors=scan.count,
            done=reasons.total(),
            states=states,
            interrupted=reasons.total() < scan.count,
            lost_here=sum(reasons[reason] for reason in LOST_HERE),
            method=self.kind,
            controls=sum(counts.controls for counts in scan.counts),
            excused=sum(counts.excused for counts in scan.counts),
            frames_lost=scan.lost,
            expected_missed=missed,
            limits=limits,
            trouble=scan.ended_by.why if scan.ended_by is not None else "",
        )

    def _confidence(self, scan: RawScan, reasons: Counter[Reason]) -> tuple[list[LimitLine], float | None]:
        """Hosts that hold refusals back, and how many open doors are expected to be missing."""
        limits: list[LimitLine] = []
        missed = 0.0
        for stretch, cells in scan.cells:
            missed += cells.missed_in_all()
            if cells.is_shared:
                continue
            for host in np.flatnonzero(cells.limited).tolist()[: _MOST_LIMITS - len(limits)]:
                address = stretch.space.address(host)
                held = self.hosts.of(address)
                doors = held.get(Reason.RESETS_LIMITED, 0) + held.get(Reason.ERRORS_LIMITED, 0)
                if doors:
                    limits.append(LimitLine(address=address, per_s=round(cells.refusals_per_s(host), 1), doors=doors))
        silent = reasons[self._raw_kind.silence] + reasons[self._raw_kind.limited]
        return limits, (round(missed, 6) if silent else 0.0) if scan.cells else None
