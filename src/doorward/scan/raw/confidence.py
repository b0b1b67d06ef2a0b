"""How sure a silence is: from what was lost of answers that must have come, how many open doors may have been missed. Pure arithmetic.

A door that doesn't answer is filtered, or its knock or answer was lost. Other scanners knock a fixed number of times and say nothing.
Here the path's loss is estimated from doors known to answer: how many of their answers came at a later try (truncated to what was
seen), and *controls*, doors that have answered already and are knocked again amid the later rounds. With loss q for knock and answer
together, a door that answers stays silent at all of R knocks with q^R; n doors that answer leave n·q^R of them unheard. Knocking goes on
until that falls below a bound, which the report states.

Where the host limits its refusals, closed doors fall silent and open ones don't. Counting both alike would call the path lossy and never
end, so the two groups are kept apart: when the closed controls fall silent and the open ones answer, it isn't the path.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["MISSED_BOUND", "expected_missed", "is_limited", "loss", "unheard"]

Floats = NDArray[np.float64]

#: Knocking ends when fewer doors than this are expected to have stayed unheard.
MISSED_BOUND: Final = 0.01

_LEAST_TRIALS: Final = 6  # fewer closed controls say nothing about a limit
_WIDE: Final = 0.5  # a limit worth the name leaves out most refusals; on a busy machine late answers alone make a quarter
_CLEAR: Final = 4.0  # standard deviations between the two groups: once in 30,000 by chance


def loss(silent: Floats, trials: Floats) -> Floats:
    """The expected share of lost knocks after ``silent`` of ``trials`` stayed without answer (the mean under Jeffreys' prior)."""
    return np.asarray((silent + 0.5) / (trials + 1.0), dtype=np.float64)


def unheard(silent: Floats, trials: Floats, knocks: NDArray[np.uint8]) -> Floats:
    """The chance that a door that answers stays silent at all of ``knocks``, after ``silent`` of ``trials`` others did.

    Not the estimated loss to the power of the knocks: the loss is known but roughly, and the mean of a power is more than the power of
    the mean. Under the same prior it is the product of (a + i) / (a + b + i), the moments of the Beta distribution.
    """
    chance = np.ones(len(silent))
    for place in range(int(knocks.max(initial=0))):
        factor = (silent + 0.5 + place) / (trials + 1.0 + place)
        chance = np.where(place < knocks, chance * np.minimum(factor, 1.0), chance)
    return chance


def expected_missed(answering: Floats, chance: Floats) -> Floats:
    """How many doors that answer are expected to have stayed unheard, each with ``chance``, when ``answering`` were heard."""
    return np.asarray(answering * chance / np.maximum(1.0 - chance, 1e-9), dtype=np.float64)


def is_limited(open_silent: Floats, open_trials: Floats, closed_silent: Floats, closed_trials: Floats) -> NDArray[np.bool_]:
    """Whether refusals are held back: closed controls fall silent clearly more often than open ones (a test of two shares)."""
    pooled = (open_silent + closed_silent + 1.0) / (open_trials + closed_trials + 2.0)
    deviation = np.sqrt(pooled * (1.0 - pooled) * (1.0 / np.maximum(open_trials, 1.0) + 1.0 / np.maximum(closed_trials, 1.0)))
    difference = closed_silent / np.maximum(closed_trials, 1.0) - open_silent / np.maximum(open_trials, 1.0)
    enough = (closed_trials >= _LEAST_TRIALS) & (open_trials >= 1.0)
    compared = enough & (difference > _CLEAR * deviation) & (difference > _WIDE)
    # Without an open door to compare with: most doors that had refused once don't any more.
    alone = (open_trials == 0.0) & (closed_trials >= 2 * _LEAST_TRIALS) & (closed_silent > 0.6 * closed_trials)
    return np.asarray(compared | alone, dtype=np.bool_)
