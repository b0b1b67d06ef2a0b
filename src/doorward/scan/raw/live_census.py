"""Takes a census over a ring: who on the link has which address."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import WorldError
from doorward.rings.contract import Ring
from doorward.scan.raw.neighbours import Census
from doorward.scan.raw.space import Space
from doorward.scan.spans import Span
from doorward.values.addresses import Address
from doorward.values.clocks import Clock
from doorward.wire.frames import decode_frames
from doorward.wire.templates import Envelope

__all__ = ["find_neighbour", "take_census"]

_TOGETHER: Final = 1024
_LEAST_WAIT_NS: Final = 200_000
_STALLED_NS: Final = 5_000_000_000  # a link that takes nothing for so long is as good as gone


def take_census(ring: Ring, space: Space, envelope: Envelope, clock: Clock) -> Census:
    """Ask for every host of ``space``; takes at most a fifth of a second beyond the sending, four times that where nobody answers.

    Raises `WorldError` where nothing can be sent.
    """
    census = Census(space, envelope)
    took_ns = clock.monotonic_ns()
    census.turn(took_ns)
    while not census.is_done:
        now = clock.monotonic_ns()
        out = ring.reserve(_TOGETHER)
        lengths = census.write(out, now)
        taken = ring.commit(lengths) if len(lengths) else 0
        census.sent(taken)
        if taken or (len(out) and not len(lengths)):
            took_ns = now
        elif now - took_ns > _STALLED_NS:
            raise WorldError("ask for neighbours on", ring.link.name, why="it has taken no frame for five seconds")
        wait_ns = _LEAST_WAIT_NS if len(lengths) else max(_LEAST_WAIT_NS, census.next_ns() - clock.monotonic_ns())
        frames = ring.receive(wait_ns / 1e9)
        if len(frames):
            census.heard(decode_frames(frames, ring.link.type))
        census.turn(clock.monotonic_ns())
    return census


def find_neighbour(ring: Ring, address: Address, envelope: Envelope, clock: Clock) -> NDArray[np.uint8] | None:
    """The link address of one neighbour, a router for instance; ``None`` when it doesn't answer."""
    census = take_census(ring, Space([Span.of(address)], [0]), envelope, clock)
    return census.macs[0] if census.is_known[0] else None
