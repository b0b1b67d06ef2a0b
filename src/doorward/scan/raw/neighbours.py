"""Who on the link has which address: asked in bulk by ARP (RFC 826) or neighbour discovery (RFC 4861 §7.2), answers read as columns.

The kernel would do it one address after the other, with its own waits. We ask all at once, thrice, and go on when all have answered or
the last wait is over. Pure: stamps into rows handed in, reads decoded frames, time as an argument.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.scan.raw.space import Space
from doorward.wire.frames import Decoded
from doorward.wire.templates import Envelope, Template, arp_request_template, neighbour_solicitation_template

__all__ = ["Census"]

_ADVERTISEMENT: Final = 136  # RFC 4861 §4.4
_REPLY: Final = 2  # RFC 826
# Hosts answer within a millisecond, sleeping radios within some hundred. Each wait is doubled; together a fifth of a second.
_WAITS_NS: Final = (40_000_000, 60_000_000, 100_000_000)
_STRANGE: Final = 4  # while nobody has answered, nothing is known of the link, nor of how busy this machine is


class Census:
    """The link addresses of all hosts of a space."""

    def __init__(self, space: Space, envelope: Envelope) -> None:
        self.macs: Final = np.zeros((space.hosts, 6), dtype=np.uint8)
        self.is_known: Final = np.zeros(space.hosts, dtype=np.bool_)
        self.rtt_ns = 0
        self._space = space
        self._family = envelope.source.family
        self._template: Template = arp_request_template(envelope) if self._family == 4 else neighbour_solicitation_template(envelope)
        self._round = 0
        self._unasked: NDArray[np.int64] = np.arange(space.hosts, dtype=np.int64)
        self._asked_ns = 0

    @property
    def is_done(self) -> bool:
        """Whether all have answered, or the last wait is over."""
        return bool(self.is_known.all()) or self._round > len(_WAITS_NS)

    def next_ns(self) -> int:
        """When the wait of this round is over."""
        if not self._round:
            return 0
        wait_ns = _WAITS_NS[min(self._round, len(_WAITS_NS)) - 1]
        return self._asked_ns + (wait_ns if self.is_known.any() else wait_ns * _STRANGE)

    def turn(self, now_ns: int) -> None:
        """Begin the next round when it is time."""
        if len(self._unasked) == 0 or self._round == 0:
            if self._round and now_ns < self.next_ns():
                return
            self._round += 1
            if self._round <= len(_WAITS_NS):
                self._unasked = np.flatnonzero(~self.is_known)

    def write(self, out: NDArray[np.uint8], now_ns: int) -> NDArray[np.uint16]:
        """Stamp the next questions, as many as ``out`` has rows; returns their lengths."""
        asked = self._unasked[: len(out)]
        if not len(asked):
            return np.empty(0, dtype=np.uint16)
        self._asked_ns = now_ns
        addresses = self._space.destinations(asked)
        return self._template.stamp(out[: len(asked)], destinations=addresses)

    def sent(self, count: int) -> None:
        """So many of the questions left."""
        self._unasked = self._unasked[count:]

    def heard(self, decoded: Decoded) -> None:
        """Take in whoever says who he is."""
        if self._family == 4:
            rows = np.flatnonzero(decoded.arp_operation == _REPLY)
            addresses = np.zeros((len(rows), 16), dtype=np.uint8)
            addresses[:, 10:12] = 0xFF
            addresses[:, 12:] = decoded.arp_sender[rows]
            macs = decoded.arp_sender_mac[rows]
        else:
            rows = np.flatnonzero(decoded.icmp_type == _ADVERTISEMENT)
            addresses = decoded.nd_target[rows]
            told = decoded.nd_mac[rows]
            macs = np.where(told.any(axis=1, keepdims=True), told, decoded.source_mac[rows])
        hosts = self._space.hosts_of(addresses)
        ours: NDArray[np.intp] = np.flatnonzero(hosts >= 0)
        self.macs[hosts[ours]] = macs[ours]
        self.is_known[hosts[ours]] = True
