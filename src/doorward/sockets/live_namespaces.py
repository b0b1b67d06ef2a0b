"""Every network namespace of the machine, and working inside one: Linux, root for any but our own.

A namespace has no name of its own, only an inode: names are those of /run/netns (``ip netns``), else the container's, unit's or
process's that lives there. A thread enters the namespace and ends there, so the rest of the program never leaves its own.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from doorward.errors import DoorwardError, PermissionMissing, WorldError
from doorward.sockets.live_processes import read_holder, visible_pids
from doorward.sockets.table import Namespace

__all__ = ["NamespacePlace", "in_namespace", "namespaces", "own_namespace"]

T = TypeVar("T")

_CLONE_NEWNET: Final = 0x40000000  # include/uapi/linux/sched.h
_NAMED_FOLDERS: Final = ("/run/netns", "/run/docker/netns")


class NamespacePlace(NamedTuple):
    """A namespace and a file through which it can be entered."""

    namespace: Namespace
    path: str


def own_namespace() -> Namespace:
    """Return the namespace of the calling thread; its name is empty."""
    try:
        return Namespace("", os.stat("/proc/thread-self/ns/net").st_ino)  # noqa: PTH116
    except OSError:
        return Namespace()


def namespaces() -> tuple[list[NamespacePlace], int]:
    """Return every namespace but our own, by name, and how many processes would not show theirs."""
    paths: dict[int, str] = {}
    names: dict[int, str] = {}
    for folder in _NAMED_FOLDERS:
        for path, inode in _files(folder):
            paths.setdefault(inode, path)
            names.setdefault(inode, Path(path).name)
    refused = 0
    living: dict[int, int] = {}
    for pid in visible_pids():
        path = f"/proc/{pid}/ns/net"
        try:
            inode = os.stat(path).st_ino  # noqa: PTH116  # one for each process
        except PermissionError:
            refused += 1
            continue
        except OSError:
            continue
        paths.setdefault(inode, path)
        living.setdefault(inode, pid)
    own = own_namespace().inode
    found: list[NamespacePlace] = []
    taken: set[str] = set()
    for inode in sorted(paths.keys() - {own}):
        name = _distinct(names.get(inode) or _resident_name(living[inode]), taken)
        found.append(NamespacePlace(Namespace(name, inode), paths[inode]))
    return sorted(found, key=lambda place: place.namespace.name), refused


def in_namespace(path: str, work: Callable[[], T]) -> T:
    """Run ``work`` in a thread inside the namespace at ``path``; raises what it raises, `PermissionMissing` or `WorldError`."""
    result: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            _enter(path)
            result.append(work())
        except (DoorwardError, OSError) as error:
            failure.append(error)

    thread = threading.Thread(target=run, name="doorward-namespace")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return result[0]


def _enter(path: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise WorldError("enter the network namespace", path, why=os.strerror(error.errno or 0)) from None
    try:
        if libc.setns(descriptor, _CLONE_NEWNET) != 0:  # os.setns came with Python 3.12
            why = os.strerror(ctypes.get_errno())
            raise PermissionMissing("enter the network namespace", path, why=why, remedy="Run as root, or with CAP_SYS_ADMIN.")
    finally:
        os.close(descriptor)


def _files(folder: str) -> list[tuple[str, int]]:
    try:
        return [(str(path), path.stat().st_ino) for path in sorted(Path(folder).iterdir())]
    except OSError:
        return []


def _resident_name(pid: int) -> str:
    holder, _ = read_holder(pid)
    name = holder.container or holder.unit.rpartition(".")[0] or holder.process or f"pid-{pid}"
    return name.replace("/", "-").replace("#", "-")


def _distinct(name: str, taken: set[str]) -> str:
    number, wanted = 1, name
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name
