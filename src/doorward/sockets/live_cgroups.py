"""Cgroup numbers to paths: a cgroup's number is the inode of its folder. Linux with cgroup 2."""

from __future__ import annotations

import functools
import os
from typing import Final

__all__ = ["known_cgroups"]

_MOUNTS: Final = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
_MOST_FOLDERS: Final = 20_000


@functools.lru_cache(maxsize=8)
def known_cgroups(wanted: frozenset[int]) -> dict[int, str]:
    """Return number → path below the mount, for those of ``wanted`` that are found; the same question isn't asked twice."""
    root = next((mount for mount in reversed(_MOUNTS) if os.path.exists(f"{mount}/cgroup.procs")), "")  # noqa: PTH110
    if not root or not wanted - {0}:
        return {}
    missing = wanted - {0}
    found: dict[int, str] = {}
    folders = [root]
    looked_at = 0
    while folders and missing and looked_at < _MOST_FOLDERS:
        folder = folders.pop()
        looked_at += 1
        try:
            inode = os.stat(folder).st_ino  # noqa: PTH116
            with os.scandir(folder) as entries:
                folders += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        if inode in missing:
            missing -= {inode}
            found[inode] = folder[len(root) :] or "/"
    return found
