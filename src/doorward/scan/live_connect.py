"""The unprivileged scan: connections begun by the thousand on non-blocking sockets, and their outcomes as they come.

Knows time only through its clock, and of the plan only the next door. Everything is bounded: sockets by the batch, postponed doors by
`_MOST_LATER`, memories per host by their own limits. Silence decides nothing before a door has been knocked at often enough, and
what this machine's own shortage prevents is waited for and tried again, and reported as lost here when it lasts.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from doorward.errors import WorldError
from doorward.scan.doorstates import LOST_HERE, Reason, judge_error, judge_icmp
from doorward.scan.hosts import Host, HostBook
from doorward.scan.icmp_errors import IcmpError
from doorward.scan.live_descriptors import batch_limit
from doorward.scan.live_knocks import PENDING, Knocker, SocketAddress
from doorward.scan.live_names import own_address_memory, scope_number
from doorward.scan.live_neighbours import AbsenceMemory
from doorward.scan.live_pool import KnockerPool
from doorward.scan.live_readiness import make_readiness
from doorward.scan.pace import Bucket
from doorward.scan.plan import Speed
from doorward.scan.results import DoorResult, Tally
from doorward.values.addresses import Address
from doorward.values.clocks import Clock

__all__ = ["ConnectScan", "connect_scan"]

_ROUND: Final = 256  # knocks between two looks at the sockets that wait
_LONGEST_SLEEP_NS: Final = 100_000_000  # so that a wish to stop, and the progress line, never wait longer
_MOST_LATER: Final = 4096  # postponed doors; beyond, no new ones are drawn
_HOLD_NS: Final = 50_000_000  # the first wait for a scarce thing; each further one is longer by as much
_MOST_HOLDS: Final = 20  # 50 ms + 100 ms + … + 1 s: ten seconds in all before a door counts as lost here
_HOLDS_FOR_STRANGERS: Final = 5  # where no knock ever left, EADDRNOTAVAIL means the address and not the ports (0.75 s in all)
_MOST_SELF_MEETINGS: Final = 5
_DIRECT: Final = frozenset({Reason.ACCEPTED, Reason.ACCEPTED_THEN_RESET, Reason.REFUSED})  # said by the host itself
_KEPT_HERE: Final = frozenset(
    {Reason.LOCAL_RULE, Reason.LOCAL_PROHIBITION, Reason.NO_ROUTE, Reason.DISCARDED_HERE, Reason.NO_FAMILY, Reason.OTHER_ERROR}
)


class _Task:
    """A door on its way to its result."""

    __slots__ = ("holds", "host", "knocks", "port", "self_meetings", "target")

    def __init__(self, host: Host, port: int) -> None:
        self.host = host
        self.port = port
        self.target: SocketAddress = ("", 0)
        self.knocks = 0
        self.holds = 0
        self.self_meetings = 0


class _Waiting(NamedTuple):
    """A knock that nothing has answered yet."""

    knocker: Knocker
    task: _Task
    since_ns: int


def connect_scan(
    doors: Iterable[tuple[Address, int]],
    *,
    clock: Clock,
    speed: Speed | None = None,
    batch: int | None = None,
) -> Iterator[DoorResult]:
    """Knock at every (address, port) and yield each one's result as soon as it is known, in the order of the answers.

    Nothing is judged about rights: who may be knocked at is the caller's decision (`consent`). Closing the iterator closes all sockets.
    """
    return iter(ConnectScan(doors, clock=clock, speed=speed, batch=batch))


class ConnectScan:
    """One scan; iterate over it once. ``tally`` is true at any moment.

    ``stop`` is asked at least every 100 ms: once it says true, no further result comes. ``on_round`` is called as often, with the tally.
    """

    def __init__(
        self,
        doors: Iterable[tuple[Address, int]],
        *,
        clock: Clock,
        speed: Speed | None = None,
        batch: int | None = None,
        stop: Callable[[], bool] = lambda: False,
        on_round: Callable[[Tally], None] = lambda _: None,
    ) -> None:
        speed = speed or Speed()
        self.tally = Tally()
        self._doors = iter(doors)
        self._drawn_out = False
        self._now = clock.monotonic_ns
        self._most_knocks = speed.knocks
        self._ceiling_ns = round(speed.timeout_s * 1e9)
        self._bucket = Bucket(speed.rate) if speed.rate else None
        self._book = HostBook(speed.host_rate)
        self._widest = self._batch = batch if batch is not None else batch_limit()
        self._stop = stop
        self._on_round = on_round
        self._is_own = own_address_memory()
        self._absence = AbsenceMemory()
        self._waiting: dict[int, _Waiting] = {}
        self._deadlines: list[tuple[int, int, _Waiting]] = []
        self._later: list[tuple[int, int, _Task]] = []
        self._serial = 0

    def __iter__(self) -> Iterator[DoorResult]:
        self._readiness = make_readiness()
        self._pool = KnockerPool(self._readiness)
        try:
            while not self._stop():
                yield from self._knock_round()
                if self._drawn_out and not self._waiting and not self._later:
                    return
                self.tally.waiting = len(self._waiting)
                self._on_round(self.tally)
                yield from self._listen_round()
        finally:
            self._pool.close()
            self._readiness.close()

    # --- whose turn it is

    def _knock_round(self) -> Iterator[DoorResult]:
        for _ in range(_ROUND):
            now = self._now()
            task = self._next(now)
            if task is None:
                return
            result = self._knock(task, now)
            if result is not None:
                yield result

    def _next(self, now: int) -> _Task | None:
        """The next door whose turn it is, or ``None`` when there is none now."""
        if len(self._waiting) >= self._batch or (self._bucket is not None and self._bucket.wait_ns(now)):
            return None
        task = heapq.heappop(self._later)[2] if self._later and self._later[0][0] <= now else self._draw(now)
        if task is not None and self._bucket is not None:
            self._bucket.take(now)
        return task

    def _draw(self, now: int) -> _Task | None:
        """The next new door that its host's pace lets us knock at now; the others are put off until theirs comes."""
        while not self._drawn_out and len(self._later) < _MOST_LATER:
            door = next(self._doors, None)
            if door is None:
                self._drawn_out = True
                break
            task = _Task(self._book.of(door[0]), door[1])
            when = task.host.book(now)
            if when <= now:
                return task
            self._put_off(task, when)
        return None

    def _put_off(self, task: _Task, when_ns: int) -> None:
        self._serial += 1
        heapq.heappush(self._later, (when_ns, self._serial, task))

    def _pause_ns(self, now: int) -> int:
        """How long nothing will be to do."""
        until = now + _LONGEST_SLEEP_NS
        if self._deadlines:
            until = min(until, self._deadlines[0][0])
        if len(self._waiting) < self._batch:
            turn = self._later[0][0] if self._later else until
            if not self._drawn_out and len(self._later) < _MOST_LATER:
                turn = now
            if self._bucket is not None:
                turn = max(turn, now + self._bucket.wait_ns(now))
            until = min(until, turn)
        return max(0, until - now)

    # --- knocking and listening

    def _knock(self, task: _Task, now: int) -> DoorResult | None:
        """Knock once; the result when it is known at once."""
        if task.host.given_up is not None:
            return self._result(task, task.host.given_up)
        try:
            task.target = _socket_address(task)
            family = task.host.family
            knocker = self._pool.take_apart_from(family, task.port) if task.self_meetings else self._pool.take(family)
        except WorldError as no_interface:
            return self._result(task, Reason.NO_ROUTE, detail=no_interface.why)
        except OSError as shortage:
            return self._decide(task, judge_error(shortage.errno or -1), now, detail=shortage.strerror or "")
        error = knocker.knock(task.target)
        if error == PENDING:
            self._count_knock(task)
            self._wait_for(_Waiting(knocker, task, now))
            return None
        return self._settle(_Waiting(knocker, task, now), error, None, counted=False)

    def _wait_for(self, waiting: _Waiting) -> None:
        descriptor = waiting.knocker.descriptor
        self._readiness.watch(descriptor)
        self._waiting[descriptor] = waiting
        self._serial += 1
        deadline = waiting.since_ns + waiting.task.host.round_trip.patience_ns(waiting.task.knocks, self._ceiling_ns)
        heapq.heappush(self._deadlines, (deadline, self._serial, waiting))

    def _listen_round(self) -> Iterator[DoorResult]:
        for descriptor in self._readiness.wait(self._pause_ns(self._now()) / 1e9):
            waiting = self._waiting.get(descriptor)
            result = self._look(waiting, expired=False) if waiting is not None else None
            if result is not None:
                yield result
        now = self._now()
        while self._deadlines and self._deadlines[0][0] <= now:
            waiting = heapq.heappop(self._deadlines)[2]
            if self._waiting.get(waiting.knocker.descriptor) is waiting:
                result = self._look(waiting, expired=True)
                if result is not None:
                    yield result

    def _look(self, waiting: _Waiting, *, expired: bool) -> DoorResult | None:
        """See how a knock went: the last look comes after the wait, so that an answer already here isn't lost."""
        error = waiting.knocker.outcome(waiting.task.target)
        icmp = waiting.knocker.icmp_error() if error == PENDING else None
        if error == PENDING and icmp is None and not expired:
            return None
        del self._waiting[waiting.knocker.descriptor]
        if error == PENDING and icmp is None:
            self._pool.drop(waiting.knocker)
            return self._decide(waiting.task, Reason.NO_ANSWER, self._now())
        return self._settle(waiting, error, icmp, counted=True)

    # --- what an answer means

    def _settle(self, waiting: _Waiting, error: int, icmp: IcmpError | None, *, counted: bool) -> DoorResult | None:
        """Judge an answered knock, take its socket back, and return the door's result unless it must be knocked at again."""
        knocker, task, since_ns = waiting
        now = self._now()
        if icmp is None and error:
            icmp = knocker.icmp_error()
        reason = judge_error(error) if icmp is None else judge_icmp(icmp, from_ourselves=self._is_from_ourselves(icmp, task))
        if not counted and reason not in _KEPT_HERE and reason not in LOST_HERE:
            self._count_knock(task)
        if reason is Reason.REFUSED and error != PENDING:
            self._pool.keep(knocker)
            return self._decide(task, reason, now, since_ns=since_ns)
        ourselves = reason is Reason.ACCEPTED and self._pool.met_ourselves(knocker)
        self._pool.drop(knocker)
        if ourselves:
            return self._met_ourselves(task, now)
        detail = f"error {error}" if reason is Reason.OTHER_ERROR else ""
        return self._decide(task, reason, now, since_ns=since_ns, told_by=icmp.sender if icmp else None, detail=detail)

    def _decide(
        self, task: _Task, reason: Reason, now: int, *, since_ns: int | None = None, told_by: Address | None = None, detail: str = ""
    ) -> DoorResult | None:
        """Turn a knock's reason into the door's result, or arrange for the next knock."""
        if reason in LOST_HERE:
            return self._hold(task, reason, now)
        if self._batch < self._widest:
            self._batch += 1
        if reason is Reason.NO_ANSWER:
            if task.knocks < self._most_knocks:
                self._put_off(task, task.host.book(now))
                return None
            if task.host.round_trip.is_known or not self._absence.has(task.host.address, now):
                return self._result(task, reason)
            reason = Reason.NO_NEIGHBOUR
        if reason is Reason.NO_NEIGHBOUR and not task.host.round_trip.is_known:
            task.host.given_up = reason
        if reason in _KEPT_HERE or reason is Reason.NO_NEIGHBOUR or since_ns is None:
            return self._result(task, reason, detail=detail)
        self.tally.answers += 1
        if reason in _DIRECT:
            task.host.round_trip.learn(now - since_ns)
        return self._result(task, reason, rtt_ns=now - since_ns, told_by=told_by, detail=detail)

    def _hold(self, task: _Task, reason: Reason, now: int) -> DoorResult | None:
        """Something ran out here: wait and try again, for as long as there is hope."""
        self.tally.held_up += 1
        task.holds += 1
        if reason is Reason.NO_LOCAL_PORT and task.holds > _HOLDS_FOR_STRANGERS and not task.host.was_knocked:
            task.host.given_up = Reason.ADDRESS_NOT_AVAILABLE
            return self._result(task, Reason.ADDRESS_NOT_AVAILABLE)
        if task.holds > _MOST_HOLDS:
            return self._result(task, reason)
        if reason is Reason.NO_DESCRIPTOR:
            self._batch = max(1, len(self._waiting))
            if self._pool.spare_one():
                self._put_off(task, now)
                return None
        self._put_off(task, now + task.holds * _HOLD_NS)
        return None

    def _met_ourselves(self, task: _Task, now: int) -> DoorResult | None:
        """Both ends are the same: our own socket took the connection, or address translation leads elsewhere. Ask from another port."""
        self.tally.met_ourselves += 1
        task.self_meetings += 1
        if task.self_meetings > _MOST_SELF_MEETINGS:
            return self._result(task, Reason.REFUSED, detail="only our own socket answered")
        self._put_off(task, now)
        return None

    def _count_knock(self, task: _Task) -> None:
        task.host.was_knocked = True
        task.knocks += 1
        self.tally.knocks += 1
        if task.knocks > 1:
            self.tally.again += 1

    def _result(
        self, task: _Task, reason: Reason, *, rtt_ns: int | None = None, told_by: Address | None = None, detail: str = ""
    ) -> DoorResult:
        self.tally.done += 1
        return DoorResult(task.host.address, task.port, reason, rtt_ns, task.knocks, told_by, detail)

    def _is_from_ourselves(self, icmp: IcmpError, task: _Task) -> bool:
        """Whether this machine's own kernel sent it, about another host."""
        return icmp.sender is not None and icmp.sender != task.host.address and self._is_own(icmp.sender)


def _socket_address(task: _Task) -> SocketAddress:
    host = task.host
    if host.family == 4:
        return host.text, task.port
    if host.scope_number is None:
        host.scope_number = scope_number(host.address.scope)
    return host.text, task.port, 0, host.scope_number
