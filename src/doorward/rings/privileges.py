"""The rights of this process on Linux: asked for, and given up for good once a socket is open; opens nothing itself.

Capabilities belong to threads, not to processes. ``capset`` changes the calling thread alone, so rights are given up before a library
(NumPy's linear algebra is one) starts threads of its own, or those threads keep them. `privileged_threads` tells how many still do.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from doorward.errors import PermissionMissing, WorldError

__all__ = ["CAP_NET_ADMIN", "CAP_NET_RAW", "become", "drop_capabilities", "has_capability", "privileged_threads", "require_net_raw"]

# include/uapi/linux/capability.h
CAP_NET_ADMIN: Final = 12
CAP_NET_RAW: Final = 13
_VERSION_3: Final = 0x20080522
_LAST_CAPABILITY: Final = 63
# include/uapi/linux/prctl.h
_PR_SET_KEEPCAPS: Final = 8
_PR_CAPBSET_DROP: Final = 24
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_CAP_AMBIENT: Final = 47
_PR_CAP_AMBIENT_CLEAR_ALL: Final = 4

_TASKS: Final = Path("/proc/self/task")


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def has_capability(number: int) -> bool:
    """Whether this thread may use the right now; false on other systems than Linux."""
    if sys.platform != "linux":
        return False
    data = (_Data * 2)()
    if _library().capget(ctypes.byref(_Header(_VERSION_3, 0)), data):
        return False
    return bool(data[number >> 5].effective >> (number & 31) & 1)


def require_net_raw(doing: str, target: str) -> None:
    """Raise `PermissionMissing` when this thread doesn't hold CAP_NET_RAW; nothing else."""
    if not has_capability(CAP_NET_RAW):
        raise PermissionMissing(
            doing,
            target,
            why="that takes CAP_NET_RAW, which this process doesn't hold",
            remedy="Run as root, or start the helper that opens the sockets for you (docs/raw-sockets.md).",
        )


def drop_capabilities(keep: Iterable[int] = ()) -> None:
    """Give up every right of this thread but ``keep``, and any way to win one back by starting a program; there is no return."""
    library = _library()
    kept = 0
    for number in keep:
        kept |= 1 << number
    for number in range(_LAST_CAPABILITY + 1):
        if not kept >> number & 1:
            library.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)  # refused without CAP_SETPCAP: then NO_NEW_PRIVS must do
    _checked(library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    library.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)  # unknown before Linux 4.3
    low, high = kept & 0xFFFFFFFF, kept >> 32
    data = (_Data * 2)(_Data(low, low, 0), _Data(high, high, 0))
    _checked(library.capset(ctypes.byref(_Header(_VERSION_3, 0)), data))


def become(user_id: int, group_id: int) -> None:
    """Become another user for good, keeping the capabilities held until they are dropped; needs root."""
    library = _library()
    _checked(library.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
    try:
        os.setgroups([])
        os.setresgid(group_id, group_id, group_id)
        os.setresuid(user_id, user_id, user_id)
    except OSError as error:
        raise WorldError("become another user", str(user_id), why=error.strerror or str(error)) from None
    data = (_Data * 2)()
    header = _Header(_VERSION_3, 0)
    _checked(library.capget(ctypes.byref(header), data))  # changing the user keeps the permitted rights and clears the effective ones
    for part in data:
        part.effective = part.permitted
    _checked(library.capset(ctypes.byref(header), data))


def privileged_threads() -> int:
    """Count the threads of this process that hold any right."""
    count = 0
    for task in _TASKS.iterdir():
        try:
            lines = (task / "status").read_text().splitlines()
        except OSError:  # it has just ended
            continue
        count += any(line.startswith("CapPrm:") and int(line.split()[1], 16) != 0 for line in lines)
    return count


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> None:
    if result:
        raise WorldError("give up the rights of this process", why=os.strerror(ctypes.get_errno()))
