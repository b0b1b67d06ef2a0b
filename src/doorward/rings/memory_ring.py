"""Two rings joined in memory: what one sends the other receives, on a clock that only they move; touches neither kernel nor time.

For tests of the engine. Frames can be lost, doubled, delayed and refused by a plan whose chances come from a seed, so the same run
gives the same frames. ``receive`` never sleeps: it moves the clock on to the next frame's time, or by the whole wait.

    >>> here, there = join_rings(ManualClock(noon), there_does=answer_as_a_host)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import CallError, DoorwardBug, WorldError
from doorward.rings.contract import LinkInfo, RingCounters
from doorward.rings.filter_machine import run_filter
from doorward.rings.filters import Program
from doorward.values.clocks import ManualClock
from doorward.wire.frames import Frames, LinkType

__all__ = ["MemoryRing", "Mischief", "join_rings"]

_SLOT_BYTES: Final = 2048
_BATCH_FRAMES: Final = 16384


@dataclass(frozen=True, slots=True)
class Mischief:
    """What befalls frames on one ring's way out; shares from 0 to 1, each frame by itself."""

    seed: int = 0
    lose: float = 0.0
    duplicate: float = 0.0  #: the second copy comes right after the first
    delay: float = 0.0  #: the share that takes ``delay_s`` more than the others, and so is overtaken
    delay_s: float = 0.0
    refuse: float = 0.0  #: the share of calls in which the device is full after half of the frames


class _Inbox:
    """Frames on their way to one ring."""

    def __init__(self) -> None:
        self.data: NDArray[np.uint8] = np.zeros((0, _SLOT_BYTES), np.uint8)
        self.lengths: NDArray[np.uint16] = np.zeros(0, np.uint16)
        self.due_ns: NDArray[np.int64] = np.zeros(0, np.int64)

    def add(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16], due_ns: NDArray[np.int64]) -> None:
        width = int(max(lengths.max(initial=0), self.lengths.max(initial=0)))
        joined = np.zeros((len(self.data) + len(data), width), np.uint8)
        joined[: len(self.data), : self.data.shape[1]] = self.data[:, :width]
        joined[len(self.data) :, : data.shape[1]] = data[:, :width]
        order = np.argsort(np.concatenate((self.due_ns, due_ns)), kind="stable")
        self.data = joined[order]
        self.lengths = np.concatenate((self.lengths, lengths))[order]
        self.due_ns = np.concatenate((self.due_ns, due_ns))[order]

    def take(self, now_ns: int) -> tuple[NDArray[np.uint8], NDArray[np.uint16], NDArray[np.int64]]:
        count = min(int(np.searchsorted(self.due_ns, now_ns, side="right")), _BATCH_FRAMES)
        taken = self.data[:count], self.lengths[:count], self.due_ns[:count]
        self.data, self.lengths, self.due_ns = self.data[count:], self.lengths[count:], self.due_ns[count:]
        return taken


Behaviour = Callable[["MemoryRing", Frames], None]


class MemoryRing:
    """One end; made in pairs by `join_rings`."""

    def __init__(
        self,
        link: LinkInfo,
        clock: ManualClock,
        mischief: Mischief,
        *,
        latency_s: float = 0.0,
        slots: int = 2048,
        receive_slots: int = 1 << 20,
        program: Program | None = None,
        does: Behaviour | None = None,
    ) -> None:
        self._link, self._clock, self._mischief = link, clock, mischief
        self._random = np.random.Generator(np.random.PCG64(mischief.seed))
        self._latency_ns = round(latency_s * 1e9)
        self._slots: NDArray[np.uint8] = np.zeros((slots, _SLOT_BYTES), np.uint8)
        self._reserved = 0
        self._receive_slots = receive_slots
        self._program = program
        self._does = does
        self._inbox = _Inbox()
        self._peer = self
        self._gone: WorldError | None = None
        self._closed = False
        self._sent = self._failures = self._received = self._dropped = 0

    def join(self, peer: MemoryRing) -> None:
        """Send to ``peer`` from now on; a ring that was never joined hears itself."""
        self._peer = peer

    @property
    def link(self) -> LinkInfo:
        """What it was made with."""
        return self._link

    def take_down(self) -> None:
        """Let the interface vanish."""
        self._gone = WorldError("use", self._link.name, why="the interface was taken down or is gone")

    def reserve(self, count: int) -> NDArray[np.uint8]:
        """As `Ring.reserve`."""
        self._check_usable()
        self._reserved = min(count, len(self._slots))
        return self._slots[: self._reserved]

    def commit(self, lengths: NDArray[np.uint16]) -> int:
        """As `Ring.commit`."""
        self._check_usable()
        count = len(lengths)
        if count > self._reserved:
            raise DoorwardBug("send frames on", self._link.name, why=f"{count} were to be sent of {self._reserved} reserved")
        self._reserved = 0
        return self._accept(self._slots[:count], lengths)

    def send(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> int:
        """As `Ring.send`."""
        self._check_usable()
        return self._accept(data, lengths)

    def _accept(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> int:
        count = len(lengths)
        most = self._link.mtu + (0 if self._link.type is LinkType.RAW else 14)
        least = 20 if self._link.type is LinkType.RAW else 14
        if count and not least <= int(lengths.min()) <= int(lengths.max()) <= most:
            why = f"frames here have {least} to {most} bytes, and one has not"
            raise CallError("send frames on", self._link.name, why=why)
        taken = count // 2 if self._random.random() < self._mischief.refuse else count
        self._sent += taken
        self._failures += count - taken
        self._fly(data[:taken], lengths[:taken])
        return taken

    def _fly(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> None:
        """Let the mischief befall them and put what is left into the peer's inbox."""
        plan = self._mischief
        chance = self._random.random((3, len(lengths)))
        copies = np.where(chance[0] < plan.lose, 0, 1 + (chance[1] < plan.duplicate))
        rows = np.repeat(np.arange(len(lengths)), copies)
        due = self._clock.monotonic_ns() + self._latency_ns + np.where(chance[2] < plan.delay, round(plan.delay_s * 1e9), 0)
        self._peer.arrive(data[rows], lengths[rows], due[rows].astype(np.int64))

    def arrive(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16], due_ns: NDArray[np.int64]) -> None:
        """Take frames that are on their way; what the filter refuses is gone, what finds the ring full is counted."""
        if self._program is not None:
            kept = [run_filter(self._program, row[:length].tobytes()) for row, length in zip(data, lengths, strict=True)]
            lengths = np.array(kept, np.uint16)
            data, due_ns, lengths = data[lengths > 0], due_ns[lengths > 0], lengths[lengths > 0]
        room = max(0, self._receive_slots - len(self._inbox.lengths))
        self._dropped += max(0, len(lengths) - room)
        self._inbox.add(data[:room], lengths[:room], due_ns[:room])

    def receive(self, wait_s: float) -> Frames:
        """As `Ring.receive`, but it moves the clock instead of waiting."""
        self._check_usable()
        deadline_ns = self._clock.monotonic_ns() + round(max(0.0, wait_s) * 1e9)
        while True:
            self._peer.act()
            now_ns = self._clock.monotonic_ns()
            data, lengths, due_ns = self._inbox.take(now_ns)
            if len(lengths) or now_ns >= deadline_ns:
                self._received += len(lengths)
                return Frames(data, lengths, self._times(due_ns, now_ns))
            waiting = [int(box.due_ns[0]) for box in (self._inbox, self._peer.behaving_inbox()) if len(box.due_ns)]
            self._clock.advance((min([deadline_ns, *waiting]) - now_ns) / 1e9)

    def act(self) -> None:
        """Let this end's behaviour, when it has one, see what is due."""
        if self._does is None or self._closed or self._gone:
            return
        data, lengths, due_ns = self._inbox.take(self._clock.monotonic_ns())
        if len(lengths):
            self._received += len(lengths)
            self._does(self, Frames(data, lengths, self._times(due_ns, self._clock.monotonic_ns())))

    def behaving_inbox(self) -> _Inbox:
        """The frames that its behaviour waits for; none when it has none."""
        return self._inbox if self._does and not self._closed and not self._gone else _Inbox()

    def _times(self, due_ns: NDArray[np.int64], now_ns: int) -> NDArray[np.int64]:
        """When they came, as times of day."""
        return due_ns + (round(self._clock.now().timestamp() * 1e6) * 1000 - now_ns)

    def counters(self) -> RingCounters:
        """As `Ring.counters`."""
        if self._closed:
            raise DoorwardBug("use a ring", self._link.name, why="it is closed")
        return RingCounters(self._sent, self._failures, self._received, self._dropped, 0)

    def close(self) -> None:
        """As `Ring.close`; frames for it go on being counted as sent by its peer."""
        self._closed = True

    def _check_usable(self) -> None:
        if self._closed:
            raise DoorwardBug("use a ring", self._link.name, why="it is closed")
        if self._gone:
            raise self._gone


def join_rings(
    clock: ManualClock,
    *,
    link: LinkType = LinkType.ETHERNET,
    outward: Mischief | None = None,
    homeward: Mischief | None = None,
    latency_s: float = 0.0,
    receive_slots: int = 1 << 20,
    program: Program | None = None,
    there_does: Behaviour | None = None,
) -> tuple[MemoryRing, MemoryRing]:
    """Return two joined rings, "here" and "there"; ``program`` and ``receive_slots`` are of "here".

    ``there_does`` is called with "there" and the frames that came to it, while "here" waits in ``receive``: it may send answers.
    """
    macs = [
        bytes((2, 0, 0, 0, 0, number)) if link is LinkType.ETHERNET else bytes(6) if link is LinkType.LOOPBACK else b"" for number in (1, 2)
    ]
    here = MemoryRing(
        LinkInfo("memory-here", 1, macs[0], 1500, link),
        clock,
        outward or Mischief(),
        latency_s=latency_s,
        receive_slots=receive_slots,
        program=program,
    )
    there = MemoryRing(
        LinkInfo("memory-there", 2, macs[1], 1500, link), clock, homeward or Mischief(), latency_s=latency_s, does=there_does
    )
    here.join(there)
    there.join(here)
    return here, there
