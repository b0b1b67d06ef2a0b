"""The walk over all descriptors of all processes, shared among the processors; Linux only, no NumPy.

Reading a hundred thousand links takes half a second of one processor, and a Python thread holds the interpreter while it does. So a
large walk is done by forked children, each with its share of the processes, which hand back plain arrays through a pipe; the parent
meanwhile loads NumPy and asks the kernel for the sockets. A small walk (the usual machine) is done here and now, without children.
"""

from __future__ import annotations

import contextlib
import os
import threading
from array import array
from typing import Final

from doorward.sockets.live_processes import Held, visible_pids, walk_descriptors

__all__ = ["Walk"]

#: Below this many descriptors a child costs more than it saves (fork and pipe: about 2 ms; 400 links). Measured 2026-11-23.
_WORTH_A_CHILD: Final = 4000
_PIPE_READ_BYTES: Final = 1 << 20
_INT_BYTES: Final = array("i").itemsize


class Walk:
    """A walk that starts when it is made; `finish` waits for its end. Make it early, before anything heavy is imported."""

    def __init__(self, *, children: bool = True) -> None:
        shares = _shares(children)
        self._here = shares[0] if len(shares) == 1 else []
        self._children = [_start(share) for share in shares] if len(shares) > 1 else []

    def finish(self) -> Held:
        """Return what was found."""
        parts = [walk_descriptors(self._here)] if self._here else []
        children, self._children = self._children, []
        for pid, pipe, share in children:
            parts.append(_result(pid, pipe) or walk_descriptors(share))
        whole = Held.nothing()
        for part in parts:
            whole.inodes.extend(part.inodes)
            whole.pids.extend(part.pids)
        return whole._replace(refused=sum(part.refused for part in parts))


def _shares(children: bool) -> list[list[int]]:
    """Divide the processes so that each processor has about as many descriptors; one share where dividing isn't worth it."""
    pids = visible_pids()
    processors = len(os.sched_getaffinity(0))
    # Forking a process that has threads copies their locks as they stand, so a program with threads walks by itself.
    if not children or processors < 2 or threading.active_count() > 1:
        return [pids]
    counts = {pid: _open_descriptors(pid) for pid in pids}
    if sum(counts.values()) < _WORTH_A_CHILD:
        return [pids]
    shares: list[list[int]] = [[] for _ in range(processors)]
    loads = [0] * processors
    for pid in sorted(pids, key=lambda pid: -counts[pid]):
        lightest = loads.index(min(loads))
        shares[lightest].append(pid)
        loads[lightest] += counts[pid] + 1
    return shares


def _open_descriptors(pid: int) -> int:
    """How many descriptors a process has open; since Linux 6.2 that is the size of the folder (fs/proc/fd.c)."""
    try:
        return os.stat(f"/proc/{pid}/fd").st_size  # noqa: PTH116  # hundreds of these: Path costs more than the call
    except OSError:
        return 0


def _start(share: list[int]) -> tuple[int, int, list[int]]:
    """Fork a child that walks its share; returns (its pid, the pipe it writes to, the share)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading, share
    status = 1
    try:  # from here on the child: it must never return into the program
        held = walk_descriptors(share)
        for part in (array("i", [held.refused, len(held.pids)]), held.pids, held.inodes):
            _write_all(writing, memoryview(part).cast("B"))
        status = 0
    finally:
        os._exit(status)


def _write_all(descriptor: int, data: memoryview) -> None:
    while len(data):
        data = data[os.write(descriptor, data) :]


def _result(child: int, pipe: int) -> Held | None:
    """Read what a child found; ``None`` where it failed."""
    data = bytearray()
    try:
        while piece := os.read(pipe, _PIPE_READ_BYTES):
            data += piece
    finally:
        os.close(pipe)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
    if len(data) < 2 * _INT_BYTES:
        return None
    refused, count = array("i", bytes(data[: 2 * _INT_BYTES]))
    held = Held(array("Q"), array("i"), refused)
    split = (2 + count) * _INT_BYTES
    if len(data) != split + count * held.inodes.itemsize:
        return None
    held.pids.frombytes(data[2 * _INT_BYTES : split])
    held.inodes.frombytes(data[split:])
    return held
