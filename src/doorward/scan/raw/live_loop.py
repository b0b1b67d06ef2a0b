"""Drives an engine over a ring: receive, judge, stamp, send, and wait no longer than there is nothing to do.

One loop in one thread. The obvious way is a thread for each direction; but the kernel's work is most of a scan, the receiving softirq
already takes a second core, and one loop knows the order of things: all that had come before a wait was judged over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import WorldError
from doorward.rings.contract import Ring
from doorward.scan.doorstates import Reason
from doorward.scan.raw.answers import read_answers
from doorward.scan.raw.engine import Engine, Found, Knocks
from doorward.scan.raw.pace import Pace
from doorward.scan.raw.window import Settled
from doorward.values.clocks import Clock
from doorward.wire.frames import Decoded, decode_frames

__all__ = ["RingLoop", "Stamp"]

#: Writes knocks into rows of a ring; returns them in the order written, and the rows' lengths.
Stamp = Callable[[Knocks, NDArray[np.uint8]], tuple[Knocks, NDArray[np.uint16]]]

_TOGETHER: Final = 2048  # knocks stamped and sent at once
_LONGEST_WAIT_NS: Final = 50_000_000  # so often a wish to stop is noticed
_COUNTERS_NS: Final = 5_000_000
_LEAST_CONTROLS: Final = 6
_STALLED_NS: Final = 5_000_000_000  # a link that takes nothing for so long is as good as gone


class RingLoop:
    """One engine on one ring until it is done, told to stop, or the link goes away."""

    def __init__(
        self,
        ring: Ring,
        engine: Engine,
        stamp: Stamp,
        pace: Pace,
        *,
        clock: Clock,
        on_found: Callable[[Found, Decoded], None],
        on_settled: Callable[[Settled], None],
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._ring = ring
        self._engine = engine
        self._stamp = stamp
        self._pace = pace
        self._now: Final = clock.monotonic_ns
        self._on_found = on_found
        self._on_settled = on_settled
        self._stop = stop
        self.ended_by: WorldError | None = None
        self.beyond: Settled | None = None  #: of a scan that was stopped: settled doors behind one that isn't
        self._before = ring.counters()
        self.counters = self._before
        self._counted_ns = self._now()
        self._took_ns = self._counted_ns
        self._controls = (0.0, 0.0)

    def turns(self) -> Iterator[None]:
        """Scan until the end, giving the caller a turn after each of its own; `ended_by` tells what ended it early, if the world did."""
        try:
            while not self._engine.is_done and not self._stop():
                self._hear(self._turn())
                yield
        except WorldError as error:
            self._engine.give_up(Reason.INTERFACE_GONE)
            self.ended_by = error
        self._harvest()
        if not self._engine.is_done:
            in_order, beyond = self._engine.leave(self._now())
            if in_order is not None:
                self._on_settled(in_order)
            self.beyond = beyond
        yield

    def lost(self) -> int:
        """Frames that this machine lost during the scan."""
        return self.counters.lost() - self._before.lost()

    def _turn(self) -> int:
        """Judge, send; returns how long there is nothing to do, in nanoseconds."""
        now = self._now()
        self._engine.turn(now)
        sent = self._send(now)
        self._harvest()
        self._watch_losses(now)
        if sent or self._engine.is_done:
            return 0
        due = self._engine.next_ns(now)
        if due <= now:  # only the pace, or a full ring, holds it back
            due = max(self._pace.next_ns(), now + 100_000)
        return min(due - now, _LONGEST_WAIT_NS)

    def _send(self, now: int) -> int:
        most = min(_TOGETHER, self._pace.allowance(now))
        if most <= 0:
            return 0
        out = self._ring.reserve(most)
        knocks = self._engine.take(len(out), now) if len(out) else None
        if knocks is None:
            self._watch_stall(now, is_full=not len(out))
            return 0
        knocks, lengths = self._stamp(knocks, out[: len(knocks)])
        taken = self._ring.commit(lengths)
        self._engine.sent(knocks, taken, now)
        self._pace.took(taken, now)
        self._watch_stall(now, is_full=not taken)
        return taken

    def _hear(self, wait_ns: int) -> None:
        """Take in all that has come; waits for the first frame only."""
        wait_s = wait_ns / 1e9
        while True:
            frames = self._ring.receive(wait_s)
            if not len(frames):
                return
            decoded = decode_frames(frames, self._ring.link.type)
            answers = read_answers(self._engine.kind, decoded, self._engine.cookies, self._engine.ports)
            if len(answers):
                found = self._engine.heard(answers, self._now())
                if found is not None:
                    self._on_found(found, decoded)
            if wait_ns == 0 and len(frames) < _TOGETHER:
                return
            wait_s = 0.0

    def _harvest(self) -> None:
        settled = self._engine.harvest(self._now())
        if settled is not None:
            self._on_settled(settled)

    def _watch_losses(self, now: int) -> None:
        """See whether frames were lost here, and have the doors asked meanwhile asked again."""
        if now - self._counted_ns < _COUNTERS_NS:
            return
        counters = self._ring.counters()
        if counters.lost() > self.counters.lost():
            self._engine.excuse(2 * self._counted_ns - now - _COUNTERS_NS, now)
        self.counters = counters
        self._counted_ns = now
        silent, trials = self._engine.open_controls()
        if trials - self._controls[1] >= _LEAST_CONTROLS:
            self._pace.judge(silent - self._controls[0], trials - self._controls[1], now)
            self._controls = (silent, trials)

    def _watch_stall(self, now: int, *, is_full: bool) -> None:
        if not is_full:
            self._took_ns = now
        elif now - self._took_ns > _STALLED_NS:
            raise WorldError("send on", self._ring.link.name, why="it has taken no frame for five seconds")
