"""What a ring promises: frames out, frames in, and a count of what was lost; knows neither Linux nor what a frame says.

A ring is a link's two ways as arrays. The engine in ``scan`` sees only this file, and one contract suite runs on every ring, so
that a scan tested on the memory ring is a scan tested on the wire.

Rules that every ring keeps:

- ``send`` and ``commit`` never block longer than the ring's own ``send_wait_s``; what the kernel did not take is told by the number
  returned, and only the first rows are ever taken: the caller sends the rest again, or not.
- A frame that the kernel refuses for good (no route, forbidden by this machine's own firewall) counts as taken and as a failure.
- ``receive`` gives the frames in the order in which they came. The arrays are views; the ring's next ``receive`` or ``close`` ends them.
- An interface that is taken down or vanishes ends the ring: `WorldError` from ``send``, ``commit`` or ``receive``, whichever comes first,
  and from every call after it; ``counters`` and ``close`` still work.
- One thread uses a ring at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from doorward.wire.frames import Frames, LinkType

__all__ = ["LinkInfo", "Ring", "RingCounters"]


@dataclass(frozen=True, slots=True)
class LinkInfo:
    """The link that a ring is tied to."""

    name: str  #: the interface's name, or the file's
    index: int  #: the kernel's number of the interface; 0 where there is none
    mac: bytes  #: six bytes, or none on a link without Ethernet addresses
    mtu: int  #: bytes that a frame may carry above the link's header
    type: LinkType  #: what a frame begins with


@dataclass(frozen=True, slots=True)
class RingCounters:
    """What went through the ring since it was opened; no number ever falls."""

    sent: int = 0  #: frames that the kernel took
    send_failures: int = 0  #: frames offered that it did not take: full, ENOBUFS, malformed; each attempt counts
    received: int = 0  #: frames handed to the caller
    dropped_by_kernel: int = 0  #: frames that passed the filter and found the receiving ring full (``tp_drops``)
    link_send_drops: int = 0  #: frames, of anybody, that the interface took and then dropped on its way out

    def lost(self) -> int:
        """Return how many frames were lost on this side: a door may have answered, or never been asked, because of us."""
        return self.dropped_by_kernel + self.link_send_drops


class Ring(Protocol):
    """Frames in and out of one link."""

    @property
    def link(self) -> LinkInfo:
        """The link as it was when the ring was opened."""

    def send(self, data: NDArray[np.uint8], lengths: NDArray[np.uint16]) -> int:
        """Send the first ``lengths[i]`` bytes of each row of ``data`` (n, width); return how many rows were taken, from the first on."""

    def reserve(self, count: int) -> NDArray[np.uint8]:
        """Return up to ``count`` free slots (n, slot) to write frames into; fewer, or after ``send_wait_s`` none, when the ring is full.

        Their content is undefined: write every byte of a frame. A second ``reserve`` before ``commit`` gives the same slots.
        """

    def commit(self, lengths: NDArray[np.uint16]) -> int:
        """Send the first ``len(lengths)`` slots reserved; return how many were taken. Slots beyond are given back unused."""

    def receive(self, wait_s: float) -> Frames:
        """Return what has come; when nothing has, wait at most ``wait_s`` and return what is there then, perhaps no frames."""

    def counters(self) -> RingCounters:
        """Return the sums so far, the kernel's own counters read anew."""

    def close(self) -> None:
        """Give everything back; closing twice is fine, using a closed ring is `DoorwardBug`."""
