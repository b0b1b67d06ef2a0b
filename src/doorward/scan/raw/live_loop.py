"""Drives an engine over a ring: receive, judge, stamp, send, and wait no longer than there is nothing to do.

One loop judges; a second thread does nothing but hand full buffers to the kernel, where two thirds of a scan's time goes, without
holding the interpreter. Sending and receiving are two sockets of a ring, so both may be in the kernel at once. A ring that can't do that
(one in memory, moved by the test's clock) is sent to from the loop itself. The order of things stays: a wait is judged over after
everything that had come before was heard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
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
_WIDEST: Final = 1514  # a frame of Ethernet's usual size; payloads are far smaller
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
        sender: Executor | None = None,
    ) -> None:
        self._ring = ring
        self._engine = engine
        self._stamp = stamp
        self._pace = pace
        self._now: Final = clock.monotonic_ns
        self._on_found = on_found
        self._on_settled = on_settled
        self._stop = stop
        self._sender = sender
        self._buffers: list[NDArray[np.uint8]] = [np.empty((_TOGETHER, _WIDEST), dtype=np.uint8) for _ in range(2)] if sender else []
        self._under_way: tuple[Knocks, Future[int]] | None = None
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
            self._finish_sending(self._now())
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
        return self._send_here(most, now) if self._sender is None else self._send_there(self._sender, most, now)

    def _send_here(self, most: int, now: int) -> int:
        out = self._ring.reserve(most)
        knocks = self._engine.take(len(out), now) if len(out) else None
        if knocks is None:
            self._watch_stall(now, is_full=not len(out))
            return 0
        knocks, lengths = self._stamp(knocks, out[: len(knocks)])
        self._engine.sent(knocks, now)
        taken = self._ring.commit(lengths)
        self._note_taken(knocks, taken, now)
        return taken

    def _send_there(self, sender: Executor, most: int, now: int) -> int:
        """Stamp the next knocks while the other thread sends those before, and hand them over when it is done."""
        knocks = self._engine.take(most, now)
        if knocks is None:
            self._finish_sending(now)
            return 0
        out = self._buffers[0][: len(knocks)]
        knocks, lengths = self._stamp(knocks, out)
        self._finish_sending(now)
        self._engine.sent(knocks, self._now())
        self._buffers.reverse()
        self._under_way = (knocks, sender.submit(self._ring.send, out, lengths))
        return len(knocks)

    def _finish_sending(self, now: int) -> None:
        if self._under_way is not None:
            knocks, future = self._under_way
            self._under_way = None
            self._note_taken(knocks, future.result(), now)

    def _note_taken(self, knocks: Knocks, taken: int, now: int) -> None:
        self._engine.left(knocks, taken, self._now())
        self._pace.took(taken, now)
        self._watch_stall(now, is_full=not taken)

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
