"""Walking the way to a door: sends the knocks that plans ask for, spaced, and hands them what came back. Judges nothing.

Everything is bounded: hops and knocks by the plans, time by the patience with each knock, and the rate by one bucket for all.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Sequence
from typing import Final

from doorward.scan.doorstates import Reason, judge_error
from doorward.scan.pace import Bucket, RoundTrip
from doorward.scan.trail.hops import DIRECT, SILENCE, Heard, KnockKind, Sign, Trail
from doorward.scan.trail.live_feelers import Feeler
from doorward.scan.trail.plan import TrailPlan
from doorward.values.addresses import Address
from doorward.values.clocks import Clock

__all__ = ["RATE_PPS", "TrailWalk"]

#: Knocks a second, all trails of a call together. Routers answer few of them at once, and on a near link each answer is there before
#: the next knock: an open door is then met no more often than it must.
RATE_PPS: Final = 25.0

_LEAST_PATIENCE_NS: Final = 300_000_000  # a router writes ICMP errors when it has nothing better to do
_CEILING_NS: Final = 1_000_000_000
_HOP_LIFE_NS: Final = 950_000_000  # beyond 1 s the kernel repeats a SYN by itself (RFC 6298 §2.1)
#: A knock that goes all the way is listened to for longer: a router that asks in vain for the host on its last link says so after
#: 3 s (RFC 4861 §10 and Linux's net.ipv4.neigh.*.mcast_solicit: three requests, one a second).
_DIRECT_LIFE_NS: Final = 3_400_000_000
_LONGEST_SLEEP_MS: Final = 100


class _Pending:
    """A knock on its way."""

    __slots__ = ("dies_at_ns", "feeler", "is_given_up", "patient_until_ns", "plan", "since_ns")

    def __init__(self, plan: TrailPlan, feeler: Feeler, since_ns: int, patience_ns: int, life_ns: int) -> None:
        self.plan = plan
        self.feeler = feeler
        self.since_ns = since_ns
        self.patient_until_ns = since_ns + patience_ns
        self.dies_at_ns = since_ns + max(patience_ns, life_ns)
        self.is_given_up = False


class TrailWalk:
    """Follows any number of plans to one target at the same time; ``nonce`` draws a random number for each knock.

    ``stop`` is asked at least every 100 ms; what was found until then stands in `trails`.
    """

    def __init__(
        self,
        target: Address,
        *,
        clock: Clock,
        nonce: Callable[[], int],
        is_own: Callable[[Address], bool],
        stop: Callable[[], bool] = lambda: False,
        on_round: Callable[[Sequence[Trail]], None] = lambda _: None,
    ) -> None:
        self._target = target
        self._now = clock.monotonic_ns
        self._nonce = nonce
        self._is_own = is_own
        self._stop = stop
        self._on_round = on_round
        self._bucket = Bucket(RATE_PPS)
        self._round_trip = RoundTrip(loopback=target.is_loopback)
        self._poll = select.poll()
        self._pending: dict[int, _Pending] = {}
        self._attempts: dict[tuple[int, int], int] = {}

    def walk(self, plans: Sequence[TrailPlan]) -> list[Trail]:
        """Follow ``plans`` to their ends; the trails in the same order."""
        try:
            while not self._stop():
                self._knock(plans)
                if all(plan.is_done for plan in plans):
                    break
                self._listen()
                self._on_round([plan.trail() for plan in plans])
        finally:
            for pending in list(self._pending.values()):
                self._let_go(pending)
        return [plan.trail() for plan in plans]

    def _knock(self, plans: Sequence[TrailPlan]) -> None:
        """Send what the plans want and the pace allows."""
        for plan in plans:
            while not self._bucket.wait_ns(self._now()):
                place = plan.next()
                if place is None:
                    break
                self._bucket.take(self._now())
                self._send(plan, place)

    def _send(self, plan: TrailPlan, place: int) -> None:
        attempt = self._attempts[id(plan), place] = self._attempts.get((id(plan), place), 0) + 1
        nonce = self._nonce() | 1  # some protocols take zero for "none"
        now = self._now()
        try:
            feeler = Feeler(self._target, plan.means, place, attempt, nonce=nonce, is_own=self._is_own)
        except OSError as shortage:
            plan.take(place, Heard(Sign.UNSENT, reason=judge_error(shortage.errno or -1), detail=shortage.strerror or ""))
            return
        pending = _Pending(plan, feeler, now, *self._times(plan, place, attempt))
        heard = feeler.begin()
        if heard is not None:
            self._tell(pending, heard)
            feeler.close()
            return
        self._watch(pending)

    def _times(self, plan: TrailPlan, place: int, attempt: int) -> tuple[int, int]:
        """How long to wait for an answer before the next knock, and how long a late one is still heard."""
        if self._target.is_loopback:
            patience = self._round_trip.patience_ns(attempt, _CEILING_NS)
            return patience, patience
        if place == DIRECT:
            # TCP repeats this knock by itself after 1 s and 3 s (RFC 6298 §5.5), so that one socket makes three.
            return (_DIRECT_LIFE_NS if plan.means.kind is KnockKind.TCP else _CEILING_NS), _DIRECT_LIFE_NS
        least = min(_LEAST_PATIENCE_NS << (attempt - 1), _CEILING_NS)
        return max(least, self._round_trip.patience_ns(attempt, _CEILING_NS)), _HOP_LIFE_NS

    def _watch(self, pending: _Pending) -> None:
        descriptor = pending.feeler.descriptor
        self._pending[descriptor] = pending
        # A socket that begins a connection is writable when it stands or failed; all others are writable always.
        wanted = select.POLLIN | (select.POLLOUT if pending.plan.means.kind is KnockKind.TCP else 0)
        self._poll.register(descriptor, wanted)

    def _listen(self) -> None:
        for descriptor, _ in self._poll.poll(self._pause_ms()):
            pending = self._pending.get(descriptor)
            if pending is None:
                continue
            heard = pending.feeler.look()
            if heard is not None:
                self._tell(pending, heard)
                self._forget(descriptor)
                pending.feeler.close()
            elif pending.feeler.descriptor != descriptor:  # it met itself and knocked again from another socket
                self._forget(descriptor)
                self._watch(pending)
        self._give_up()

    def _pause_ms(self) -> int:
        now = self._now()
        moments = [pending.dies_at_ns if pending.is_given_up else pending.patient_until_ns for pending in self._pending.values()]
        if wait_ns := self._bucket.wait_ns(now):
            moments.append(now + wait_ns)
        soonest = min(moments, default=now + _LONGEST_SLEEP_MS * 1_000_000)
        return min(_LONGEST_SLEEP_MS, max(0, -(-(soonest - now) // 1_000_000)))

    def _give_up(self) -> None:
        now = self._now()
        for pending in list(self._pending.values()):
            if not pending.is_given_up and now >= pending.patient_until_ns:
                pending.is_given_up = True
                pending.plan.take(pending.feeler.place, SILENCE)
            if now >= pending.dies_at_ns:
                self._let_go(pending)

    def _tell(self, pending: _Pending, heard: Heard) -> None:
        rtt_ns = self._now() - pending.since_ns
        # A router asks its link for three seconds before it says that nobody is there: that is no round trip.
        if heard.sign is not Sign.UNSENT and heard.reason is not Reason.HOST_UNREACHABLE:
            self._round_trip.learn(rtt_ns)
            heard = Heard(heard.sign, heard.sender, heard.reason, rtt_ns, heard.answer_hops, heard.detail)
        pending.plan.take(pending.feeler.place, heard, is_late=pending.is_given_up)

    def _let_go(self, pending: _Pending) -> None:
        self._forget(pending.feeler.descriptor)
        pending.feeler.close()

    def _forget(self, descriptor: int) -> None:
        if self._pending.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)
