"""How fast a whole raw scan goes: a fixed rate, or one that grows while known doors answer and shrinks when they fall silent. Pure.

Without a rate of the caller's, the scan starts gently and doubles its rate every few milliseconds, as TCP's slow start does (RFC 5681
§3.1), while nothing speaks against it. What speaks against it is not silence, which a filter gives too, but the silence of *known*
doors. A path that loses as much at half the rate loses by chance and not by haste: then slowing down is given up.
"""

from __future__ import annotations

from typing import Final

__all__ = ["Pace"]

_SECOND_NS: Final = 1_000_000_000
_BURST_NS: Final = 5_000_000
_FIRST_PER_S: Final = 50_000.0
_DOUBLING_NS: Final = 5_000_000
_SLOWEST_PER_S: Final = 500.0
_REST_NS: Final = 100_000_000  # how long a rate is kept after it was cut
_LEAST_TRIALS: Final = 6.0
_TOO_SILENT: Final = 0.5  # far above what chance loses on any path that is of use
_CUTS_IN_VAIN: Final = 3
_FASTEST_PER_S: Final = 4_000_000.0  # above what a core sends: no limit any more


class Pace:
    """How many knocks may leave now; ``rate`` per second, ``None`` to find out."""

    def __init__(self, rate: float | None, now_ns: int) -> None:
        self._fixed = rate is not None
        self.rate = rate if rate is not None else _FIRST_PER_S
        self._free_at_ns = float(now_ns)
        self._doubled_at_ns = now_ns
        self._cuts = 0
        self._share_before = 1.0

    def allowance(self, now_ns: int) -> int:
        """How many may leave now."""
        if not self._fixed and now_ns - self._doubled_at_ns >= _DOUBLING_NS:
            self.rate = min(self.rate * 2, _FASTEST_PER_S)
            self._doubled_at_ns = now_ns
        begin = max(self._free_at_ns, float(now_ns - _BURST_NS))
        return max(0, int((now_ns - begin) * self.rate / _SECOND_NS))

    def took(self, count: int, now_ns: int) -> None:
        """So many left."""
        self._free_at_ns = max(self._free_at_ns, float(now_ns - _BURST_NS)) + count * _SECOND_NS / self.rate

    def next_ns(self) -> int:
        """When at least one more may leave."""
        return int(self._free_at_ns + _SECOND_NS / self.rate) + 1

    def judge(self, silent: float, trials: float, now_ns: int) -> None:
        """Take in how many open controls fell silent since the last time; half the rate where most do."""
        if self._fixed or trials < _LEAST_TRIALS:
            return
        share = silent / trials
        if share <= _TOO_SILENT:
            return
        if self._cuts >= _CUTS_IN_VAIN and share > self._share_before * 0.8:
            return
        self._share_before = share if not self._cuts else min(share, self._share_before)
        self._cuts += 1
        self.rate = max(self.rate / 2, _SLOWEST_PER_S)
        self._doubled_at_ns = now_ns + _REST_NS
