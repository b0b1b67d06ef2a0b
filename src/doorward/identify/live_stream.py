"""Asks doors as they come: while a scan still runs at the other end of a pipe, the doors it has found are already being asked.

Knows neither what a line means nor who may be asked: the caller turns lines into doors. Bounded: no line is read while
`DOORS_AT_ONCE` doors are being asked, so that a quick writer waits for us.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import BinaryIO, Final

from doorward.identify.conclusion import Conclusion, Endpoint
from doorward.identify.found_doors import MOST_LINE_BYTES
from doorward.identify.live_talk import DOORS_AT_ONCE, passing_over_peers, talk_to_door
from doorward.values.addresses import Address
from doorward.values.clocks import Clock

__all__ = ["ask_as_they_come"]

_DOORS_PER_HOST: Final = 50
_LINES_AHEAD: Final = 64


def ask_as_they_come(
    source: BinaryIO,
    *,
    doors_of: Callable[[bytes, int], Sequence[Sequence[Endpoint]]],
    begin: Callable[[Sequence[Endpoint]], None],
    tell: Callable[[Conclusion], None],
    clock: Clock,
    timeout_s: float,
    only: str = "",
) -> None:
    """Read lines until the end, ask each line's doors, and ``tell`` each conclusion as it is reached; runs its own event loop.

    ``doors_of`` turns a line and its number into doors, each at one or several addresses, and may take its time; ``begin`` hears of
    each door before it is asked. What ``doors_of`` or ``tell`` raises ends everything.
    """

    async def ask(endpoint: Endpoint) -> None:
        tell(await talk_to_door(endpoint, clock=clock, timeout_s=timeout_s, only=only, verify=True))

    asyncio.run(_Stream(doors_of, begin, ask).run(source))


class _Stream:
    """The doors being asked now: so many in all, and so many at one address."""

    def __init__(
        self,
        doors_of: Callable[[bytes, int], Sequence[Sequence[Endpoint]]],
        begin: Callable[[Sequence[Endpoint]], None],
        ask: Callable[[Endpoint], Awaitable[None]],
    ) -> None:
        self._doors_of, self._begin, self._ask = doors_of, begin, ask
        self._places = asyncio.Semaphore(DOORS_AT_ONCE)
        self._asked_now: Counter[Address] = Counter()
        self._someone_left = asyncio.Condition()

    async def run(self, source: BinaryIO) -> None:
        lines = _Lines(asyncio.get_running_loop())
        # A thread of its own, and a daemon: a read of standard input can't be called off, and nobody shall wait for it at the end.
        threading.Thread(target=lines.read_all, args=(source,), daemon=True).start()
        try:
            with passing_over_peers():
                async with asyncio.TaskGroup() as group:
                    await self._take_all(lines, group)
        except BaseExceptionGroup as several:  # what one of the callbacks raised
            raise several.exceptions[0] from None
        finally:
            lines.leave()

    async def _take_all(self, lines: _Lines, group: asyncio.TaskGroup) -> None:
        number = 0
        while line := await lines.next():
            number += 1
            for door in await asyncio.to_thread(self._doors_of, line, number):
                self._begin(door)
                for endpoint in door:
                    await self._places.acquire()
                    group.create_task(self._ask_in_turn(endpoint))

    async def _ask_in_turn(self, endpoint: Endpoint) -> None:
        try:
            async with self._someone_left:
                await self._someone_left.wait_for(lambda: self._asked_now[endpoint.address] < _DOORS_PER_HOST)
                self._asked_now[endpoint.address] += 1
            try:
                await self._ask(endpoint)
            finally:
                async with self._someone_left:
                    self._asked_now[endpoint.address] -= 1
                    if not self._asked_now[endpoint.address]:
                        del self._asked_now[endpoint.address]
                    self._someone_left.notify_all()
        finally:
            self._places.release()


class _Lines:
    """Lines on their way from the thread that reads to the loop that asks; a few at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self._room = threading.Semaphore(_LINES_AHEAD)
        self._is_left = False

    async def next(self) -> bytes:
        """The next line; an empty one is the end."""
        line = await self._waiting.get()
        self._room.release()
        return line

    def leave(self) -> None:
        """Nobody takes lines any more: let the thread go."""
        self._is_left = True
        self._room.release()

    def read_all(self, source: BinaryIO) -> None:
        """Hand over line by line, in the thread. A line too long is cut, and its rest left out."""
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens any more
            try:
                while not self._is_left and (line := source.readline(MOST_LINE_BYTES + 1)):
                    self._hand_over(line)
                    while len(line) > MOST_LINE_BYTES and not line.endswith(b"\n"):
                        line = source.readline(MOST_LINE_BYTES + 1)
            except (OSError, ValueError):  # it was closed under us
                pass
            self._hand_over(b"")

    def _hand_over(self, line: bytes) -> None:
        self._room.acquire()
        self._loop.call_soon_threadsafe(self._waiting.put_nowait, line)
