"""How many sockets this process may hold at once: its own limit, what it has open already, and the system's range of client ports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

if sys.platform != "win32":  # Windows has no such limit
    import resource

__all__ = ["batch_limit", "client_ports", "raise_descriptor_limit"]

_MOST: Final = 8192  # more doors in flight don't make a scan faster here (bench/scan.py, 2026-11), and kernel memory is no gift
_SPARE: Final = 32  # left for files, the database, the terminal, and whatever the caller opens meanwhile
_RANGE_FILE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")  # serves both families
_IANA_RANGE: Final = (49152, 65535)  # RFC 6335 §6, where the system doesn't say


def batch_limit() -> int:
    """How many doors may wait for their answer at one time; at least 1."""
    first, last = client_ports()
    limits = [_MOST, (last - first + 1) // 2]  # the other half of the client ports is for everybody else on this machine
    if sys.platform != "win32":
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY:
            limits.append(soft - _open_descriptors() - _SPARE)
    return max(1, min(limits))


def raise_descriptor_limit() -> None:
    """Raise this process's own soft limit as far as a scan can use it and the hard limit allows; needs no right, and may do nothing."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST + 256
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft == resource.RLIM_INFINITY or wanted <= soft:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # a sandbox may refuse; the batch follows the limit that is
        return


def client_ports() -> tuple[int, int]:
    """The ports that the system gives to clients, both ends inclusive."""
    try:
        first, last = _RANGE_FILE.read_text().split()
        return int(first), int(last)
    except (OSError, ValueError):
        return _IANA_RANGE


def _open_descriptors() -> int:
    try:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())
    except OSError:
        return 64  # no /proc: a generous guess
