"""How fast to knock, and how long to wait for an answer. Knows nanoseconds that are handed in, no clock.

Two questions of time, kept apart from the sockets so that a test can ask them without waiting: when may the next knock leave (a
token bucket for the whole scan and one per host: no host is hurt because the scan as a whole may be fast), and when is silence an answer
(the round-trip estimator of TCP itself, RFC 6298, per host).
"""

from __future__ import annotations

from typing import Final

__all__ = ["Bucket", "RoundTrip"]

_SECOND_NS: Final = 1_000_000_000
_BURST_S: Final = 0.01  # how much of a rate may leave at once: a timer of 1 ms can't pace 20,000 a second one by one


class Bucket:
    """A token bucket of ``rate`` per second, told by its next free moment (the virtual scheduling of ITU-T I.371's GCRA)."""

    __slots__ = ("_burst_ns", "_free_at_ns", "_step_ns")

    def __init__(self, rate: float) -> None:
        self._step_ns = _SECOND_NS / rate
        self._burst_ns = max(_BURST_S * _SECOND_NS - self._step_ns, 0.0)
        self._free_at_ns = 0.0

    def wait_ns(self, now_ns: int) -> int:
        """How long until one may leave: 0 means now."""
        return max(0, round(self._free_at_ns - self._burst_ns) - now_ns)

    def take(self, now_ns: int) -> None:
        """Let one leave now."""
        self._free_at_ns = max(self._free_at_ns, float(now_ns)) + self._step_ns

    def book(self, now_ns: int) -> int:
        """Take a place and return the moment at which it comes."""
        when = now_ns + self.wait_ns(now_ns)
        self.take(now_ns)
        return when


_FLOOR_NS: Final = 100_000_000  # below 100 ms a busy host's late answer would be taken for silence
_FIRST_NS: Final = _SECOND_NS  # RFC 6298 §2.1: one second until a round trip has been measured
_FIRST_LOOPBACK_NS: Final = 200_000_000  # an answer from this machine needs no network; what is not there at once is lost


class RoundTrip:
    """How long a host takes to answer: the smoothed round trip and its variation (RFC 6298 §2), and the patience that follows."""

    __slots__ = ("_first_ns", "_smoothed_ns", "_variation_ns", "is_known")

    def __init__(self, *, loopback: bool) -> None:
        self.is_known = False  #: whether the host has ever answered
        self._first_ns = _FIRST_LOOPBACK_NS if loopback else _FIRST_NS
        self._smoothed_ns = 0.0
        self._variation_ns = 0.0

    def learn(self, rtt_ns: int) -> None:
        """Take in a measured round trip (RFC 6298 §2.2, §2.3)."""
        if self.is_known:
            off = rtt_ns - self._smoothed_ns
            self._smoothed_ns += off / 8
            self._variation_ns += (abs(off) - self._variation_ns) / 4
        else:
            self.is_known = True
            self._smoothed_ns = float(rtt_ns)
            self._variation_ns = rtt_ns / 2

    def patience_ns(self, knock: int, ceiling_ns: int) -> int:
        """How long to wait after the ``knock``-th knock, counted from 1: doubled with each, never above ``ceiling_ns``."""
        first = max(_FLOOR_NS, round(self._smoothed_ns + 4 * self._variation_ns)) if self.is_known else self._first_ns
        return min(first << (knock - 1), ceiling_ns)
