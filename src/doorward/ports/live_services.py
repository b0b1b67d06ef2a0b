"""Reads this machine's own list of service names; a missing or forbidden file is an empty list, for it is only one source of three."""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

from doorward.ports.services import LocalName, parse_services

__all__ = ["read_services", "services_path"]

_MAX_BYTES = 16 << 20  # as much as `parse_services` reads


def services_path() -> Path:
    """Where this system keeps the file."""
    if sys.platform == "win32":
        return Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "drivers" / "etc" / "services"
    return Path("/etc/services")


@functools.cache
def read_services(path: Path | None = None) -> tuple[LocalName, ...]:
    """Read the local names once; empty when the file can't be read."""
    try:
        with (path or services_path()).open("rb") as file:
            return tuple(parse_services(file.read(_MAX_BYTES)))
    except OSError:
        return ()
