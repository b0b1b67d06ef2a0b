"""All sockets of this machine, now: chooses the reader (netlink on Linux, else ``/proc/net``; psutil elsewhere) and joins the processes."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable

import msgspec
import numpy as np

from doorward.errors import WorldError
from doorward.sockets.joining import Holdings
from doorward.sockets.live_cgroups import known_cgroups
from doorward.sockets.live_dump import read_dump
from doorward.sockets.live_namespaces import in_namespace, namespaces, own_namespace
from doorward.sockets.live_processes import Held, read_processes, user_name
from doorward.sockets.live_walk import Walk
from doorward.sockets.processes import Executable
from doorward.sockets.table import SocketTable
from doorward.sockets.unseen import unentered_sentences, unheld_sentences, unshown_sentences
from doorward.values.doors import Holder

__all__ = ["described", "read_sockets", "with_processes"]


def read_sockets(*, all_namespaces: bool = False, processes: bool = True, walk: Walk | None = None) -> SocketTable:
    """Return every TCP and UDP socket, both families, each with its process where we may see it.

    ``walk`` is one that was started earlier, so that it runs while this program loads. With ``all_namespaces`` the other network
    namespaces are read too, as far as we may enter them. What could not be seen stands in the table's ``missing``. Raises `WorldError`.
    """
    if sys.platform != "linux":
        from doorward.sockets.live_psutil import read_with_psutil

        return read_with_psutil()
    walk = (walk or Walk()) if processes else None
    try:
        tables = [read_dump()]
        if all_namespaces:
            tables += _other_namespaces()
        table = SocketTable.concatenate(tables) if len(tables) > 1 else tables[0]
    finally:
        held = walk.finish() if walk is not None else Held.nothing()
    return with_processes(table, held) if processes else table


def with_processes(table: SocketTable, held: Held) -> SocketTable:
    """Join a table with what a walk over the processes found, and read who those processes are."""
    holdings = Holdings(np.frombuffer(held.inodes, np.uint64), np.frombuffer(held.pids, np.int32))
    return described(table.replaced(pid=holdings.pids(table.inode), shared=holdings.shared(table.inode)), held.refused)


ReadHolders = Callable[[list[int]], tuple[dict[int, Holder], dict[int, Executable]]]


def described(table: SocketTable, refused: int, read: ReadHolders = read_processes) -> SocketTable:
    """Read who the processes, users and cgroups in a table's columns are, and say what could not be seen.

    ``refused`` is how many processes would not show what they hold.
    """
    wanted = {int(pid) for pid in np.unique(table.pid)} - {-1} | {pid for pids in table.shared.values() for pid in pids}
    holders, executables = read(sorted(wanted))
    for pid, name in _foreign_pids(table):
        holders[pid] = msgspec.structs.replace(holders[pid], namespace=name)
    unheld = (table.pid < 0) & (table.inode != 0)
    cgroups = known_cgroups(frozenset(int(number) for number in np.unique(table.cgroup_id[unheld])))
    users = {int(uid): user_name(int(uid)) for uid in np.unique(table.uid)}
    missing = (*table.missing, *unheld_sentences(int(unheld.sum()), refused, is_root=os.geteuid() == 0))
    return table.replaced(holders=holders, executables=executables, users=users, cgroups=cgroups, missing=missing)


def _foreign_pids(table: SocketTable) -> list[tuple[int, str]]:
    """Return (pid, namespace name) of the holders whose sockets lie in a namespace with a name, which is not our own."""
    named = [place for place, namespace in enumerate(table.namespaces) if namespace.name]
    if not named:
        return []
    rows = np.flatnonzero(np.isin(table.namespace, named) & (table.pid >= 0))
    pairs = np.unique((table.pid[rows].astype(np.int64) << 16) | table.namespace[rows])
    return [(pair >> 16, table.namespaces[pair & 0xFFFF].name) for pair in pairs.tolist()]


def _other_namespaces() -> list[SocketTable]:
    """Read each other namespace from inside; those that can't be entered are named in a table without rows."""
    places, refused = namespaces()
    tables: list[SocketTable] = []
    failed: dict[str, str] = {}
    for place in places:
        try:
            tables.append(in_namespace(place.path, functools.partial(read_dump, place.namespace)))
        except WorldError as error:
            failed[place.namespace.name] = " ".join(f"{error.why}. {error.remedy}".split()).rstrip(". ")
    missing = (*unentered_sentences(failed), *unshown_sentences(refused, is_root=os.geteuid() == 0))
    return [*tables, SocketTable.empty().replaced(missing=missing, namespaces=(own_namespace(),))]
