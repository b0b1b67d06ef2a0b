"""A random sample of targets that can be drawn again: the same seed, the same addresses. Knows no network."""

from __future__ import annotations

from typing import Final

from doorward.errors import CallError
from doorward.scan.shuffle import Shuffle
from doorward.scan.spans import Span
from doorward.scan.targets import TargetSet

__all__ = ["MOST_SAMPLED", "sampled"]

#: Each sampled address is kept in memory by itself; a million of them take about 300 MB.
MOST_SAMPLED: Final = 1_000_000
_APART: Final = 0x5A3D  # so that the order of the knocks, which may have the same seed, is another permutation


def sampled(targets: TargetSet, size: int, seed: int) -> TargetSet:
    """Return ``size`` different addresses of ``targets``, each as likely as any other; all of them when there are no more."""
    if not 1 <= size <= MOST_SAMPLED:
        raise CallError("draw a sample of", f"{size} addresses", why=f"a sample has 1 to {MOST_SAMPLED:,} addresses")
    if size >= targets.count:
        return targets
    order = Shuffle(targets.count, (seed << 16) | _APART)
    return TargetSet((Span.of(targets[order[place]]) for place in range(size)), targets.names)
