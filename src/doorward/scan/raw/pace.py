"""How fast a whole raw scan goes: a fixed rate, or one that grows while known doors answer and shrinks when they fall silent. Pure.

Without a rate of the caller's, the scan starts gently and doubles its rate every few milliseconds, as TCP's slow start does (RFC 5681 §3.1),
while nothing speaks against it. What speaks against it is not silence, which a filter gives too, but the silence of *known* doors.
"""

from __future__ import annotations

from typing import Final

__all__ = ["Pace"]

_SECOND_NS: Final = 1_000_000_000
_BURST_NS: Final = 5_000_000
_FIRST_PER_S: Final = 50_000.0
_DOUBLING_NS: Final = 5_000_000
_FASTEST_PER_S: Final = 4_000_000.0  # above what a core sends: no limit any more


class Pace:
    """How many knocks may leave now; ``rate`` per second, ``None`` to find out."""

    def __init__(self, rate: float | None, now_ns: int) -> None:
        self._fixed = rate is not None
        self.rate = rate if rate is not None else _FIRST_PER_S
        self._free_at_ns = float(now_ns)
        self._doubled_at_ns = now_ns

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

    def slow(self, factor: float) -> None:
        """Known doors fall silent: go slower, unless the caller fixed the rate."""
        if not self._fixed:
            self.rate = max(self.rate * factor, 100.0)
