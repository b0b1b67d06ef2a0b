"""The raw scan's engine: what to knock at now, what an answer means, whom to knock at again, and when to stop. Pure, on arrays.

Knows neither rings nor clocks: time is nanoseconds handed in, frames come as `Answers`, knocks go out as columns. One turn of the loop
that drives it (`live_loop`):

    heard(answers, now)       answered doors settle; round trips, losses and limits are learnt
    turn(now)                 waits that are over: knock again, or believe the silence
    take(most, now)           the next knocks: those due again with a few controls among them, then doors never asked
    sent(knocks, now)         they are on their way: answers may come
    left(knocks, taken, now)  the kernel has taken so many: their wait begins, and the others are due again

A scan is done when every door has settled and left the window.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections import deque
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.raw.answers import Answers, KnockPorts
from doorward.scan.raw.cookies import Cookies
from doorward.scan.raw.hostcells import HostCells
from doorward.scan.raw.kinds import CODE_OF, CODES, Carrier, Kind
from doorward.scan.raw.order import Order
from doorward.scan.raw.space import Space
from doorward.scan.raw.window import MOST_SLOTS, QUEUED, SETTLED, WAITING, Settled, Window

__all__ = ["Counts", "Engine", "Found", "Knocks", "Patience"]

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

_CONTROL_TRY: Final = 8  # tries 0 to 7 are of the doors themselves, 8 to 15 of controls
_CONTROL_EVERY: Final = 128  # one open and one closed control among so many repeated knocks
_CONTROLS_NS: Final = 8_000_000  # but some in every round, however few are left to repeat
_LEAST_CONTROLS: Final = 4  # of each group with any batch of repeated knocks, where there are so many to repeat
_LEAST_WITH_CONTROLS: Final = 32  # a ring's last slots may leave room for fewer knocks than this
_GOLDEN: Final = 0.6180339887498949  # its multiples are spread evenly over a round (Knuth, TAOCP vol. 3 §6.4)
_CHECK_NS: Final = 2_000_000  # waits are looked at so often; finer than any of them
_TIMED_MOST: Final = 128  # a batch of so many leaves within half a millisecond; of more, a round trip would tell our own haste
_HARVEST_NS: Final = 2_000_000_000
_MOST_EXCUSED: Final = 8  # times that a door's knock may be lost here before it is given up

_OPEN_CODES: Final = np.array([reason.state is DoorState.OPEN for reason in CODES])


class Patience(msgspec.Struct, frozen=True):
    """How often and how long."""

    least_knocks: int = 3  #: at doors of hosts that never answered anything
    most_knocks: int = 12  #: at any door
    ceiling_ns: int = 1_500_000_000  #: the longest wait for one answer


@dataclasses.dataclass(slots=True)
class Counts:
    """The running sums of a scan."""

    sent: int = 0
    received: int = 0  #: answers with our cookie
    repeated: int = 0  #: knocks at doors that stayed silent before
    controls: int = 0  #: knocks at doors that had answered, to measure the path
    duplicates: int = 0  #: answers of doors that had answered
    excused: int = 0  #: knocks that were not counted, because this machine was losing frames
    done: int = 0  #: doors that left the window


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Knocks:
    """n knocks to be sent, as columns."""

    slots: Numbers  #: -1 for controls
    doors: Numbers
    hosts: Numbers
    destinations: NDArray[np.uint8]  #: (n, 16)
    ports: NDArray[np.uint16]
    tries: NDArray[np.uint8]  #: how often the door was knocked at before; 8 and above for controls
    source_ports: NDArray[np.uint16]
    cookies: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.slots)


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Found:
    """n doors that answered as open ones do, as soon as they did; ``rows`` are their decoded frames."""

    doors: Numbers
    codes: NDArray[np.uint8]
    knocks: NDArray[np.uint8]
    rtt_us: NDArray[np.int32]
    rows: Numbers


class Engine:
    """One scan of one kind through one link."""

    def __init__(
        self,
        kind: Kind,
        space: Space,
        order: Order,
        *,
        cookies: Cookies,
        ports: KnockPorts,
        host_rate: float | None = None,
        patience: Patience | None = None,
        first: int = 0,
        most_slots: int = MOST_SLOTS,
        absent: NDArray[np.bool_] | None = None,
    ) -> None:
        self.kind: Final = kind
        self.space: Final = space
        self.ports: Final = ports
        self.cookies: Final = cookies
        self.counts: Final = Counts()
        self.cells: Final = HostCells(space.hosts, rate=host_rate, ceiling_ns=(patience or Patience()).ceiling_ns)
        self.window: Final = Window(order.count, first=first, most=most_slots)
        self._order = order
        self._absent = absent  # hosts that nobody on the link answered for
        self._patience: Final = patience or Patience()
        self._again: deque[Numbers] = deque()  # slots to be knocked at, now
        self._booked: list[tuple[float, int, Numbers]] = []  # (moment, serial, slots): places taken at paced hosts
        self._waits: list[tuple[int, int, Numbers, int]] = []  # (looked at when, serial, slots, sent when)
        self._controls: dict[tuple[int, int], list[bool]] = {}  # (door, try) → [open, answered], until its wait is over
        self._control_waits: deque[tuple[int, int, int]] = deque()  # (sent when, door, try)
        self._control_turn = 0
        self._control_credit = 0.0
        self._controlled_ns = 0
        self._excuses: list[tuple[int, int]] = []  # from, to: knocks sent then may have been lost here
        self._serial = 0
        self._harvested_ns = 0
        self._is_over = False
        self._silence = CODE_OF[kind.silence]

    @property
    def is_done(self) -> bool:
        """Whether every door has settled and left."""
        return self.window.is_done

    def next_ns(self, now_ns: int) -> int:
        """When there will be something to do unless an answer comes before: ``now_ns`` when there is already."""
        if self._again or (self.window.free and not self._booked_far(now_ns)):
            return now_ns
        moments = [wait[0] for wait in self._waits[:1]] + [int(booked[0]) for booked in self._booked[:1]]
        return max(now_ns, min(moments, default=now_ns))

    # --- knocking

    def take(self, most: int, now_ns: int) -> Knocks | None:
        """Give the next knocks, at most ``most``; ``None`` when none is due. Follow with `sent`."""
        slots, controls, opens = self._due(most, now_ns)
        fresh = min(most - len(slots) - len(controls), self.window.free)
        if fresh > 0 and not self._booked_far(now_ns):
            begun = self.window.begin(self._order.numbers(self.window.next, fresh))
            slots = np.concatenate([slots, self._paced(self._present(begun), now_ns)])
        if not len(slots):
            return None
        doors = self.window.doors[slots]
        tries = np.minimum(self.window.tries[slots], _CONTROL_TRY - 1)
        if len(controls):
            controls, control_tries = self._note_controls(controls, opens, now_ns)
            # Spread among the others, at another place each time: at the head of a burst they would meet a limit that has just had time to
            # recover, and a path that drops nineteen knocks of twenty would seem to lose none.
            shift = self._control_turn * _GOLDEN % 1.0
            where = ((np.arange(len(controls)) + shift) * len(slots) / max(len(controls), 1)).astype(np.int64)
            slots = np.insert(slots, where, -1)
            doors = np.insert(doors, where, controls)
            tries = np.insert(tries, where, control_tries)
        hosts, places = np.divmod(doors, self.space.width)
        destinations, ports = self.space.destinations(hosts), self.space.ports[places]
        sources = self._source_ports(destinations, ports, tries)
        cookies = self.cookies.of(destinations, ports, sources)
        return Knocks(slots, doors, hosts, destinations, ports, tries, sources, cookies)

    def _present(self, slots: Numbers) -> Numbers:
        """The doors among ``slots`` whose host is there; the others settle at once."""
        if self._absent is None:
            return slots
        gone = self._absent[self.window.doors[slots] // self.space.width]
        self._settle(slots[gone], CODE_OF[Reason.NO_NEIGHBOUR])
        return slots[~gone]

    def sent(self, knocks: Knocks, now_ns: int) -> None:
        """Note that knocks are on their way to the kernel."""
        slots = knocks.slots[knocks.slots >= 0]
        window = self.window
        self.counts.sent += len(knocks)
        self.counts.controls += len(knocks) - len(slots)
        self.counts.repeated += int(np.count_nonzero(window.tries[slots]))
        window.knocks[slots] += 1
        window.tries[slots] += 1
        window.sent_ns[slots] = now_ns
        window.state[slots] = WAITING
        window.timed[slots] = len(knocks) <= _TIMED_MOST

    def left(self, knocks: Knocks, taken: int, now_ns: int) -> None:
        """Begin to wait for the answers to the first ``taken`` knocks, which the kernel has taken; the others are due again.

        The wait begins here and not at `sent`: on a busy machine the one may come long after the other.
        """
        slots = knocks.slots[:taken]
        slots = slots[slots >= 0]
        slots = slots[self.window.state[slots] == WAITING]
        self.window.sent_ns[slots] = now_ns
        if len(slots):
            self._wait(slots, now_ns, now_ns + _CHECK_NS)
        if taken < len(knocks):
            self._take_back(knocks, taken)

    def _take_back(self, knocks: Knocks, taken: int) -> None:
        left = knocks.slots[taken:]
        controls = np.flatnonzero(left < 0) + taken
        slots = left[left >= 0]
        window = self.window
        window.knocks[slots] -= 1
        window.tries[slots] -= 1
        self.counts.sent -= len(left)
        self.counts.controls -= len(controls)
        self.counts.repeated -= int(np.count_nonzero(window.tries[slots]))
        slots = slots[window.state[slots] == WAITING]
        window.state[slots] = QUEUED
        if len(slots):
            self._again.appendleft(slots)
        for door, number in zip(knocks.doors[controls].tolist(), self.ports.tries(knocks.source_ports[controls]).tolist(), strict=True):
            self._controls.pop((door, number), None)

    def _source_ports(self, destinations: NDArray[np.uint8], ports: NDArray[np.uint16], tries: NDArray[np.uint8]) -> NDArray[np.uint16]:
        if self.kind.carrier is Carrier.PORT:
            return self.ports.of(self.cookies.of(destinations, ports, tries.astype(np.uint16)), tries)
        return self.ports.of(np.zeros(len(ports), dtype=np.uint32), tries)

    def _due(self, most: int, now_ns: int) -> tuple[Numbers, Numbers, Mask]:
        """Slots to be knocked at again now, and controls to go with them."""
        while self._booked and self._booked[0][0] <= now_ns:
            self._again.append(heapq.heappop(self._booked)[2])
        parts: list[Numbers] = []
        room = most - (most // 4 if most > _LEAST_WITH_CONTROLS else 0)
        while self._again and room > 0:
            part = self._again.popleft()
            if len(part) > room:
                self._again.appendleft(part[room:])
                part = part[:room]
            part = part[self.window.state[part] == QUEUED]  # a late answer may have settled some meanwhile
            parts.append(part)
            room -= len(part)
        if not parts:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)
        slots = np.concatenate(parts)
        repeated = slots[self.window.tries[slots] > 0]
        chosen = repeated[:0]
        if len(repeated) and most > _LEAST_WITH_CONTROLS:
            due = _LEAST_CONTROLS if now_ns - self._controlled_ns >= _CONTROLS_NS else 0
            self._control_credit = min(self._control_credit + len(repeated) / _CONTROL_EVERY + due, most / 8)
            count = int(self._control_credit)
            chosen = repeated[:: max(1, len(repeated) // max(count, 1))][:count]
            self._control_credit -= len(chosen)
            self._controlled_ns = now_ns if len(chosen) else self._controlled_ns
        hosts = self.window.doors[chosen] // self.space.width
        doors, opens = self.cells.next_controls(self.cells.of(hosts))
        return slots, doors, opens

    def _paced(self, slots: Numbers, now_ns: int) -> Numbers:
        """Book places for doors at paced hosts; returns those that may go now."""
        if not self.cells.is_paced:
            return slots
        cells = self.cells.of(self.window.doors[slots] // self.space.width)
        moments = self.cells.book(cells, now_ns)
        late = np.flatnonzero(moments > now_ns)
        order = late[np.argsort(moments[late], kind="stable")]
        bins = (moments[order] // _CHECK_NS).astype(np.int64)
        for part in np.split(order, np.flatnonzero(np.diff(bins)) + 1) if len(order) else []:
            self._serial += 1
            heapq.heappush(self._booked, (float(moments[part[-1]]), self._serial, slots[part]))
        return slots[moments <= now_ns]

    def _booked_far(self, now_ns: int) -> bool:
        """Whether so many places are booked that fresh doors would only queue: the hosts' pace is the limit."""
        return len(self._booked) > 256 and self._booked[0][0] > now_ns

    # --- controls

    def _note_controls(self, doors: Numbers, opens: Mask, now_ns: int) -> tuple[Numbers, NDArray[np.uint8]]:
        """Number the controls; those whose number is still in use are left out."""
        chosen: list[tuple[int, int]] = []
        for door, is_open in zip(doors.tolist(), opens.tolist(), strict=True):
            self._control_turn = (self._control_turn + 1) % _CONTROL_TRY
            number = _CONTROL_TRY + self._control_turn
            if (door, number) not in self._controls:
                self._controls[door, number] = [is_open, False]
                self._control_waits.append((now_ns, door, number))
                chosen.append((door, number))
        return np.array([door for door, _ in chosen], dtype=np.int64), np.array([number for _, number in chosen], dtype=np.uint8)

    def _hear_controls(self, doors: Numbers, tries: NDArray[np.uint8]) -> None:
        for key in zip(doors.tolist(), tries.tolist(), strict=True):
            if key in self._controls:
                self._controls[key][1] = True

    def _end_controls(self, now_ns: int) -> None:
        """Count the controls whose wait is over: all at that moment, for the answers alone would come first and look like all."""
        over: list[tuple[int, bool, bool]] = []
        one = np.ones(1, dtype=np.uint8)
        while self._control_waits:
            sent_ns, door, number = self._control_waits[0]
            cell = self.cells.of(np.array([door // self.space.width], dtype=np.int64))
            if now_ns < sent_ns + float(self.cells.patience_ns(cell, one)[0]):
                break
            self._control_waits.popleft()
            entry = self._controls.pop((door, number), None)
            if entry is not None and not (self._excuses and self._is_excused(np.array([sent_ns]))[0]):
                over.append((int(cell[0]), entry[0], not entry[1]))
        if over:
            cells, opens, silent = (np.array(column) for column in zip(*over, strict=True))
            self.cells.count_controls(cells, opens, silent)

    def open_controls(self) -> tuple[float, float]:
        """How many open controls stayed silent, and of how many, in all."""
        return float(self.cells.control_silent[1].sum()), float(self.cells.control_trials[1].sum())

    # --- waiting

    def turn(self, now_ns: int) -> None:
        """See whose wait is over: knock again, or believe the silence."""
        self._end_controls(now_ns)
        while self._waits and self._waits[0][0] <= now_ns:
            _, _, slots, sent_ns = heapq.heappop(self._waits)
            slots = slots[(self.window.state[slots] == WAITING) & (self.window.sent_ns[slots] == sent_ns)]
            if not len(slots):
                continue
            cells = self.cells.of(self.window.doors[slots] // self.space.width)
            ends = sent_ns + self.cells.patience_ns(cells, self.window.knocks[slots])
            over = ends <= now_ns
            if over.any():
                self._stayed_silent(slots[over], cells[over])
            if not over.all():
                soonest = int(ends[~over].min())
                # While nothing is known of a host its patience may shrink with the first answer: look again before it ends.
                self._wait(slots[~over], sent_ns, max(now_ns + _CHECK_NS, min(soonest, now_ns + (now_ns - sent_ns))))

    def _wait(self, slots: Numbers, sent_ns: int, look_ns: int) -> None:
        self._serial += 1
        heapq.heappush(self._waits, (look_ns, self._serial, slots, sent_ns))

    def _stayed_silent(self, slots: Numbers, cells: Numbers) -> None:
        window = self.window
        excused = self._is_excused(window.sent_ns[slots])
        if excused.any():
            window.knocks[slots[excused]] -= 1
            self.counts.excused += int(excused.sum())
            hopeless = excused & (window.tries[slots] >= window.knocks[slots] + _MOST_EXCUSED)
            self._settle(slots[hopeless], CODE_OF[Reason.LOST_HERE])
            slots, cells, excused = slots[~hopeless], cells[~hopeless], excused[~hopeless]
        knocks = window.knocks[slots]
        believed = ~excused & (
            self.cells.is_silence_believed(cells, knocks, self._patience.least_knocks) | (knocks >= self._patience.most_knocks)
        )
        self._settle(slots[believed], self._silence)
        self.cells.believed(cells[believed], knocks[believed])
        again = slots[~believed]
        if len(again):
            window.state[again] = QUEUED
            self._again.append(self._paced(again, int(window.sent_ns[again].max())) if self.cells.is_paced else again)

    def _settle(self, slots: Numbers, code: int) -> None:
        self.window.state[slots] = SETTLED
        self.window.codes[slots] = code

    # --- own losses

    def excuse(self, from_ns: int, to_ns: int) -> None:
        """Frames were lost on this machine between two moments: the silence of doors knocked at then is no evidence."""
        if self._excuses and from_ns <= self._excuses[-1][1]:
            self._excuses[-1] = (self._excuses[-1][0], to_ns)
        else:
            self._excuses.append((from_ns, to_ns))
            del self._excuses[:-64]

    def _is_excused(self, sent_ns: Numbers) -> Mask:
        excused = np.zeros(len(sent_ns), dtype=np.bool_)
        for from_ns, to_ns in self._excuses:
            excused |= (sent_ns >= from_ns) & (sent_ns <= to_ns)
        return excused

    # --- hearing

    def heard(self, answers: Answers, now_ns: int) -> Found | None:
        """Take answers in; returns the doors that are found open by them."""
        hosts = self.space.hosts_of(answers.addresses)
        doors = self.space.doors(hosts, answers.ports)
        ours = np.flatnonzero(doors >= 0)
        self.counts.received += len(ours)
        is_control = answers.tries[ours] >= _CONTROL_TRY
        if is_control.any():
            self._hear_controls(doors[ours[is_control]], answers.tries[ours[is_control]])
            ours = ours[~is_control]
        if not len(ours):
            return None
        slots = self.window.slots(self._order.places(doors[ours]))
        in_work = slots >= 0
        ours, slots = ours[in_work], slots[in_work]
        slots, first = np.unique(slots, return_index=True)  # of several answers of one door in a batch, the first counts
        ours = ours[first]
        state = self.window.state[slots]
        news = (state != SETTLED) | (self.window.codes[slots] == self._silence)
        self.counts.duplicates += int(len(news) - news.sum())
        return self._take_in(answers, ours[news], slots[news], hosts[ours[news]], now_ns) if news.any() else None

    def _take_in(self, answers: Answers, rows: Numbers, slots: Numbers, hosts: Numbers, now_ns: int) -> Found | None:
        window = self.window
        codes, tries = answers.codes[rows], answers.tries[rows]
        direct = answers.direct[rows]
        cells = self.cells.of(hosts)
        newest = (window.state[slots] == WAITING) & (np.minimum(window.tries[slots], _CONTROL_TRY) == tries + 1)
        rtt_ns = (now_ns - window.sent_ns[slots]).astype(np.float64)
        opens = _OPEN_CODES[codes]
        self.cells.learn(cells[newest & direct], rtt_ns[newest & direct])
        self.cells.distrust(cells[~newest & direct], rtt_ns[~newest & direct])
        self.cells.heard(cells[direct], opens[direct], tries[direct].astype(np.float64), now_ns)
        self.cells.keep_controls(cells[direct], opens[direct], window.doors[slots[direct]])
        window.state[slots] = SETTLED
        window.codes[slots] = codes
        window.rtt_us[slots] = np.where(newest & window.timed[slots], rtt_ns / 1e3, -1).clip(-1, 2**31 - 1).astype(np.int32)
        told = ~direct
        if told.any():
            window.tell(slots[told], answers.tellers[rows[told]])
        if not opens.any():
            return None
        found = slots[opens]
        return Found(window.doors[found], codes[opens], window.knocks[found], window.rtt_us[found], answers.rows[rows[opens]])

    # --- leaving

    def harvest(self, now_ns: int) -> Settled | None:
        """The doors that leave now: at the scan's end, when the window needs their room, and now and then.

        As long as a door stays, a late answer may still correct what is thought of it.
        """
        window = self.window
        is_over = self._is_over or (window.next >= window.count and not self._again and not self._booked and not self._waits)
        if not is_over and window.next - window.base < window.capacity * 3 // 4 and now_ns - self._harvested_ns < _HARVEST_NS:
            return None
        if is_over and not self._is_over and self._doubt():
            return None
        self._harvested_ns = now_ns
        settled = window.retire()
        if not len(settled):
            return None
        self.counts.done += len(settled)
        return self._named(settled)

    def _doubt(self) -> bool:
        """Look once more at the silent doors before they leave: what was learnt since may ask for another knock."""
        window = self.window
        slots = window.in_work()
        slots = slots[(window.state[slots] == SETTLED) & (window.codes[slots] == self._silence)]
        if not len(slots):
            return False
        cells, knocks = self.cells.of(window.doors[slots] // self.space.width), window.knocks[slots]
        believed = self.cells.is_silence_believed(cells, knocks, self._patience.least_knocks) | (knocks >= self._patience.most_knocks)
        if believed.all():
            return False
        self.cells.doubt(cells[~believed])
        window.state[slots[~believed]] = QUEUED
        self._again.append(slots[~believed])
        return True

    def _named(self, settled: Settled) -> Settled:
        """Call silence by its name where the host holds answers back."""
        cells = self.cells.of(settled.doors // self.space.width)
        held_back = (settled.codes == self._silence) & self.cells.limited[cells]
        settled.codes[held_back] = CODE_OF[self.kind.limited]
        return settled

    def leave(self, now_ns: int) -> tuple[Settled | None, Settled]:
        """End the scan before its time: the doors that leave in order, and those beyond the first unanswered one that are settled too."""
        self._is_over = True
        return self.harvest(now_ns), self._named(self.window.settled_beyond())

    def give_up(self, reason: Reason) -> None:
        """End the scan now: doors in work get ``reason``; those never begun are left out."""
        window = self.window
        open_slots = np.flatnonzero((window.state == QUEUED) | (window.state == WAITING))
        self._settle(open_slots, CODE_OF[reason])
        self._is_over = True
        self._again.clear()
        self._booked.clear()
        self._waits.clear()
