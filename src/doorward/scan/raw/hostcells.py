"""What a raw scan remembers of hosts, in a bounded number of cells: round trip, losses, limits, controls, pace. Knows no doors' order.

A host's cell is its number modulo the number of cells, so a scan of a /8 shares cells: shared estimates are the path's, shared buckets
are stricter, never laxer. Time is nanoseconds handed in.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.scan.raw.confidence import MISSED_BOUND, expected_missed, is_limited, loss, unheard

__all__ = ["HostCells"]

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOST_CELLS: Final = 1 << 16
_CONTROLS: Final = 16  # doors kept per cell and group; chosen among in turn
_LEAST_NS: Final = 10_000_000.0  # copies of a knock closer than this share their fate: a queue is drained in milliseconds
_STRANGER_NS: Final = 1_000_000_000.0  # RFC 6298 §2.1
_NEIGHBOUR_NS: Final = 250_000_000.0  # a stranger among hosts whose round trips are known to be far below that
_MOST_DOUBLED: Final = 3
_NEVER: Final = 255
_BURST_NS: Final = 10_000_000.0  # so much of a rate may leave at once: loops turn in milliseconds
_NS: Final = 1e9


class HostCells:
    """The memory of ``hosts`` hosts, each paced at ``rate`` knocks a second (``None``: without limit); ``ceiling_ns``: longest wait."""

    def __init__(self, hosts: int, *, rate: float | None, ceiling_ns: int) -> None:
        count = max(1, min(hosts, _MOST_CELLS))
        self.count: Final = count
        self.is_shared: Final = hosts > count
        self._ceiling_ns = float(ceiling_ns)
        self._smoothed = np.zeros(count)
        self._variation = np.zeros(count)
        self._path_rtt_ns = 0.0  # of all hosts, for those who haven't answered
        self.opened = np.zeros(count)  #: doors that answered as open ones do
        self.closed = np.zeros(count)  #: doors that answered otherwise
        self.late = np.zeros(count)  #: knocks that stayed silent at doors that answered a later one
        self.control_trials = np.zeros((2, count))  #: [closed, open] controls knocked at
        self.control_silent = np.zeros((2, count))  #: of these, without answer
        self._controls = np.full((2, count, _CONTROLS), -1, dtype=np.int64)
        self._controls_seen = np.zeros((2, count), dtype=np.int64)
        self._controls_used = np.zeros((2, count), dtype=np.int64)
        self.limited = np.zeros(count, dtype=np.bool_)  #: holds refusals back
        self.first_refusal_ns = np.zeros(count)
        self.last_refusal_ns = np.zeros(count)
        self.step_ns = np.full(count, 0.0 if not rate else _NS / rate)
        self.is_paced = bool(rate)
        self._fewest = np.full(count, _NEVER, dtype=np.uint8)
        self._free_at_ns = np.zeros(count)

    def of(self, hosts: Numbers) -> Numbers:
        """The cell of each host."""
        return hosts % self.count if self.is_shared else hosts

    # --- round trips

    def learn(self, cells: Numbers, rtt_ns: Floats) -> None:
        """Take in measured round trips (RFC 6298 §2, one step per host and batch, by the batch's mean and its farthest)."""
        if not len(cells):
            return
        if self.count == 1:
            own, mean, far = np.zeros(1, dtype=np.int64), np.array([rtt_ns.mean()]), np.array([rtt_ns.max()])
        else:
            own, place, counts = np.unique(cells, return_inverse=True, return_counts=True)
            mean = np.bincount(place, weights=rtt_ns) / counts
            far = np.zeros(len(own))
            np.maximum.at(far, place, rtt_ns)
        before, spread = self._smoothed[own], self._variation[own]
        first = before == 0.0
        self._smoothed[own] = np.where(first, mean, before + (mean - before) / 8)
        off = np.abs(far - before)
        self._variation[own] = np.where(first, np.maximum(mean / 2, far - mean), spread + (off - spread) / 4)
        self._path_rtt_ns = max(self._path_rtt_ns * 0.99, float(mean.max()))

    def distrust(self, cells: Numbers, waited_ns: Floats) -> None:
        """An answer came after its knock was given up: wait longer there."""
        np.maximum.at(self._variation, cells, waited_ns / 4)

    def patience_ns(self, cells: Numbers, knocks: NDArray[np.uint8]) -> Floats:
        """How long to wait for the answer to each knock, the ``knocks``-th of its door; doubled with each, to eight times."""
        smoothed = self._smoothed[cells]
        stranger = _STRANGER_NS if not self._path_rtt_ns else max(_NEIGHBOUR_NS, 4 * self._path_rtt_ns)
        known = np.maximum(smoothed + 4 * self._variation[cells], _LEAST_NS) * (1 << np.minimum(knocks.clip(1) - 1, _MOST_DOUBLED))
        return np.minimum(np.where(smoothed > 0.0, known, stranger), self._ceiling_ns)

    # --- losses and limits

    def heard(self, cells: Numbers, is_open: NDArray[np.bool_], silent_before: Floats, now_ns: int) -> None:
        """Count doors that answered for the first time, and the knocks that they had left unanswered."""
        np.add.at(self.opened, cells[is_open], 1.0)
        shut = cells[~is_open]
        np.add.at(self.closed, shut, 1.0)
        np.add.at(self.late, cells, silent_before)
        if len(shut):
            self.first_refusal_ns[shut] = np.where(self.first_refusal_ns[shut] == 0.0, now_ns, self.first_refusal_ns[shut])
            self.last_refusal_ns[shut] = now_ns

    def keep_controls(self, cells: Numbers, is_open: NDArray[np.bool_], doors: Numbers) -> None:
        """Remember some of the doors that answered, to be knocked at again as controls."""
        for group in (0, 1):
            own = np.flatnonzero(is_open == bool(group))
            if not len(own):
                continue
            where = cells[own]
            if self._controls_seen[group, where].min() >= _CONTROLS * 4:  # enough to choose from: the later ones are no better
                continue
            order = np.argsort(where, kind="stable")
            ranked = where[order]
            starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
            rank = np.arange(len(ranked)) - np.repeat(starts, np.diff(np.r_[starts, len(ranked)]))
            seen = self._controls_seen[group, ranked] + rank
            self._controls[group, ranked, seen % _CONTROLS] = doors[own][order]
            np.add.at(self._controls_seen[group], where, 1)

    def next_controls(self, cells: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
        """One open and one closed control of each of a few ``cells``, where there are any: their doors, and which are open ones."""
        doors: list[int] = []
        opens: list[bool] = []
        for cell in cells.tolist():
            for group in (1, 0):
                seen = int(min(self._controls_seen[group, cell], _CONTROLS))
                if seen:
                    used = int(self._controls_used[group, cell])
                    self._controls_used[group, cell] = used + 1
                    doors.append(int(self._controls[group, cell, used % seen]))
                    opens.append(bool(group))
        return np.array(doors, dtype=np.int64), np.array(opens, dtype=np.bool_)

    def count_controls(self, cells: Numbers, is_open: NDArray[np.bool_], silent: NDArray[np.bool_]) -> None:
        """Count controls whose time is over, and see whether a host holds refusals back."""
        groups = is_open.astype(np.int64)
        np.add.at(self.control_trials, (groups, cells), 1.0)
        np.add.at(self.control_silent, (groups[silent], cells[silent]), 1.0)
        own = np.unique(cells)
        trials, quiet = self.control_trials[:, own], self.control_silent[:, own]
        self.limited[own] = is_limited(quiet[1], trials[1], quiet[0], trials[0])

    def loss(self, cells: Numbers) -> Floats:
        """The share of knocks lost on the way to each host and back."""
        return loss(*self._evidence(cells))

    def _evidence(self, cells: Numbers) -> tuple[Floats, Floats]:
        """Knocks that stayed silent, and all knocks, of doors that are known to answer."""
        free = ~self.limited[cells]
        silent = self.control_silent[1, cells] + np.where(free, self.control_silent[0, cells] + self.late[cells], 0.0)
        trials = self.control_trials[1, cells] + self.opened[cells]
        trials += np.where(free, self.control_trials[0, cells] + self.closed[cells] + self.late[cells], 0.0)
        return silent, trials

    def missed(self, cells: Numbers, knocks: NDArray[np.uint8]) -> Floats:
        """How many doors that answer are expected among those silent at ``knocks`` knocks; of a host that holds back: open ones."""
        answering = self.opened[cells] + np.where(self.limited[cells], 1.0, self.closed[cells])
        return expected_missed(answering, unheard(*self._evidence(cells), knocks))

    def is_silence_believed(self, cells: Numbers, knocks: NDArray[np.uint8], least: int) -> NDArray[np.bool_]:
        """Whether doors silent at ``knocks`` knocks may be called so; where the host never answered, ``least`` knocks decide."""
        never = (self.opened[cells] + self.closed[cells]) == 0.0
        return np.where(never, knocks >= least, (knocks >= 2) & (self.missed(cells, knocks) <= MISSED_BOUND))

    def believed(self, cells: Numbers, knocks: NDArray[np.uint8]) -> None:
        """Silence of doors was believed after so many knocks: remember the fewest, for what may have been missed in all."""
        np.minimum.at(self._fewest, cells, knocks)

    def doubt(self, cells: Numbers) -> None:
        """What was believed of these hosts' silent doors is believed no more."""
        self._fewest[cells] = _NEVER

    def missed_in_all(self) -> float:
        """How many open doors are expected to have stayed unheard, in all cells together."""
        own = np.flatnonzero((self._fewest < _NEVER) & (self.opened + self.closed > 0))
        answering = self.opened[own] + np.minimum(1.0, self.closed[own])  # one open door may always be the one that wasn't heard
        return float(expected_missed(answering, unheard(*self._evidence(own), self._fewest[own])).sum())

    def refusals_per_s(self, cell: int) -> float:
        """How many refusals a second came from a host that holds them back."""
        span = (self.last_refusal_ns[cell] - self.first_refusal_ns[cell]) / _NS
        return float(self.closed[cell] / span) if span > 0 else 0.0

    # --- pace

    def book(self, cells: Numbers, now_ns: int) -> Floats:
        """Take each knock's place at its host and return the moment of each, in the order given."""
        order = np.argsort(cells, kind="stable")
        ranked = cells[order]
        starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        counts = np.diff(np.r_[starts, len(ranked)])
        rank = np.arange(len(ranked)) - np.repeat(starts, counts)
        own = ranked[starts]
        begin = np.maximum(self._free_at_ns[own], now_ns - _BURST_NS)
        moments = np.empty(len(cells))
        moments[order] = np.repeat(begin, counts) + rank * self.step_ns[ranked]
        self._free_at_ns[own] = begin + counts * self.step_ns[own]
        return moments
