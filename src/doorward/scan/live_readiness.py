"""Which sockets have something to tell: Linux's epoll, and the portable selectors behind the same three words.

epoll is used edge-triggered and each socket is registered once for its life: a socket that is knocked with again and again costs no
further call, and closing it ends its registration. An edge may be stale, so whoever is told "ready" must look for itself.
"""

from __future__ import annotations

import select
import selectors
from typing import Final, Protocol

__all__ = ["Readiness", "SelectorReadiness", "make_readiness"]

_MOST_AT_ONCE: Final = 1024


class Readiness(Protocol):
    """The contract: watch a descriptor, forget it before it is closed, wait for those that may have something to tell."""

    def watch(self, descriptor: int) -> None:
        """Tell when the connection of ``descriptor`` is decided; at least once, from now on."""

    def forget(self, descriptor: int) -> None:
        """Stop watching; harmless for one that isn't watched."""

    def wait(self, seconds: float) -> list[int]:
        """Return descriptors that may be ready, after at most ``seconds``; 0 only looks."""

    def close(self) -> None:
        """Give the kernel's object back."""


class _EpollReadiness:
    """epoll(7), edge-triggered; ``watch`` of a watched descriptor costs nothing."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._watched: set[int] = set()

    def watch(self, descriptor: int) -> None:
        if descriptor not in self._watched:
            self._epoll.register(descriptor, select.EPOLLOUT | select.EPOLLET)
            self._watched.add(descriptor)

    def forget(self, descriptor: int) -> None:
        self._watched.discard(descriptor)  # close(2) takes it out of the kernel's set, and the number will be given out again

    def wait(self, seconds: float) -> list[int]:
        return [descriptor for descriptor, _ in self._epoll.poll(seconds, _MOST_AT_ONCE)]

    def close(self) -> None:
        self._epoll.close()


class SelectorReadiness:
    """The best that the system offers through `selectors` (kqueue, poll, select)."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def watch(self, descriptor: int) -> None:
        """Register for writing, which is when a connection is decided."""
        if descriptor not in self._selector.get_map():
            self._selector.register(descriptor, selectors.EVENT_WRITE)

    def forget(self, descriptor: int) -> None:
        """Unregister."""
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)

    def wait(self, seconds: float) -> list[int]:
        """Wait and return the ready ones."""
        return [key.fd for key, _ in self._selector.select(seconds)]

    def close(self) -> None:
        """Close the selector."""
        self._selector.close()


def make_readiness() -> Readiness:
    """The quickest there is on this system."""
    return _EpollReadiness() if hasattr(select, "epoll") else SelectorReadiness()
