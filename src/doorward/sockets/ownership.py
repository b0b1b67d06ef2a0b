"""Whose process it is, read from its cgroup's path: the systemd unit and the container; touches no file.

A cgroup path is what a process can't choose, unlike its name: systemd puts each unit into a directory of the unit's name, container
engines put each container into one that ends in its 64-digit id.
"""

from __future__ import annotations

import functools
import re

__all__ = ["owner_of_cgroup", "unescape_unit"]

# systemd.unit(5): the suffixes of units that hold processes; slices only group other units, so they are not named.
_UNIT = re.compile(r"\.(service|scope|socket|mount|swap)$")
# Container ids are 64 hexadecimal digits; the word before them is the engine's: docker-…, libpod-…, cri-containerd-…, crio-….
_CONTAINER = re.compile(r"(?:^|[-:/])([0-9a-f]{64})(?:\.scope)?(?:$|/)")
# LXC and Incus name the container itself: /lxc.payload.NAME, /lxc/NAME; systemd-nspawn: machine-NAME.scope.
_NAMED = re.compile(r"/(?:lxc\.payload\.|lxc\.payload/|lxc/|machine\.slice/machine-)([^/]+?)(?:\.scope)?(?:/|$)")
_SHORT_ID = 12  # as container engines themselves shorten ids


@functools.lru_cache(maxsize=4096)
def owner_of_cgroup(path: str) -> tuple[str, str]:
    """Return (systemd unit, container) of a cgroup path; either may be empty.

    The unit is the innermost one, which is the user's own unit inside ``user@1000.service``.
    """
    container = _container(path)
    units = [part for part in path.split("/") if _UNIT.search(part) and not _CONTAINER.search(f"/{part}")]
    return unescape_unit(units[-1]) if units else "", container


def unescape_unit(name: str) -> str:
    r"""Turn systemd's ``\xNN`` back into characters where they are printable ASCII (systemd.unit(5), string escaping)."""
    return re.sub(r"\\x([2-6][0-9a-f]|7[0-9a-e])", lambda match: chr(int(match.group(1), 16)), name)


def _container(path: str) -> str:
    found = _CONTAINER.findall(path)
    if found:
        return str(found[-1])[:_SHORT_ID]
    named = _NAMED.search(path)
    return unescape_unit(named.group(1)) if named else ""
