"""Which doors answer, seen from here. The room itself can be called: ``doorward.scan(targets, ports)`` is the library's scan."""

from __future__ import annotations

import sys
from types import ModuleType

import doorward

__all__: list[str] = []


class _CallableRoom(ModuleType):
    """A module that is also a function, because its name is also the verb's."""

    def __call__(self, *words: object, **settings: object) -> object:
        return doorward._call_scan(*words, **settings)  # noqa: SLF001  # the package's own


sys.modules[__name__].__class__ = _CallableRoom
