"""One file per thing that may be wrong with a door, found by folder; a check knows none of its neighbours.

A check's file has ``check(case) -> Finding | None``. A finding explains itself: what it is, why it matters, how sure and from what, what to
do, when it would be wrong, and its sources.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable

from doorward.audit.case import Case
from doorward.values.verdicts import Finding

__all__ = ["Check", "all_checks"]

Check = Callable[[Case], Finding | None]


@functools.cache
def all_checks() -> tuple[Check, ...]:
    """Return every check of this folder, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").check for name in names)
