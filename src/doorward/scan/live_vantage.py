"""Builds a neighbour machine out of a network namespace and a virtual cable, and takes it away again; Linux, root, iproute2.

What comes from there arrives as from another machine: through an interface, through the firewall's input chains. It isn't a cable on the
street: a rule that names another interface or sender treats it as what it is, a newcomer on a link of its own.
"""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from doorward.errors import PermissionMissing, WorldError
from doorward.scan.vantages import Vantage, build_lines, choose_vantage, far_lines, is_ours

__all__ = ["neighbour", "sweep"]

_DOING = "look at this machine from a neighbour of its own"
_TIMEOUT_S = 20


@contextmanager
def neighbour() -> Iterator[Vantage]:
    """Make a neighbour for as long as the block runs; raises `PermissionMissing` or `WorldError`, and leaves nothing behind."""
    if sys.platform != "linux" or shutil.which("ip") is None:
        raise WorldError(_DOING, why="that needs Linux and the command ip", remedy="Install iproute2.")
    if os.geteuid() != 0:
        raise PermissionMissing(
            _DOING, why="only root may make network namespaces", remedy="Run as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN."
        )
    sweep()
    vantage = choose_vantage(os.getpid(), _known_networks())
    try:
        _batch(build_lines(vantage))
        _batch(far_lines(vantage), inside=vantage.namespace)
        yield vantage
    finally:
        # The cable first: the kernel takes a namespace apart later, by itself, and our end would be seen until then.
        subprocess.run(["ip", "link", "del", vantage.near], capture_output=True, check=False, timeout=_TIMEOUT_S)
        _remove(vantage.namespace)


def sweep() -> list[str]:
    """Remove the neighbours of processes that were killed before they could; return their names."""
    folder = Path("/run/netns")
    left = [path.name for path in folder.iterdir() if _is_left(path.name)] if folder.is_dir() else []
    for name in left:
        _remove(name)
    return left


def _is_left(name: str) -> bool:
    pid = is_ours(name)
    return pid is not None and pid != os.getpid() and not Path(f"/proc/{pid}").exists()


def _remove(namespace: str) -> None:
    """Delete a namespace; the cable goes with its far end."""
    subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False, timeout=_TIMEOUT_S)


def _batch(lines: Iterable[str], inside: str = "") -> None:
    words = ["ip", *(["-n", inside] if inside else []), "-batch", "-"]
    done = subprocess.run(words, input="\n".join(lines), capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    if done.returncode != 0:
        reason = next((line for line in done.stderr.splitlines() if line.strip()), "ip failed without a word")
        kind = PermissionMissing if "not permitted" in reason else WorldError
        raise kind(
            _DOING, why=reason.removeprefix("RTNETLINK answers: ").strip(), remedy="Run as root on a kernel with veth and namespaces."
        )


def _known_networks() -> list[str]:
    """Return the networks of every route and address, both families."""
    known: list[str] = []
    for family in ("-4", "-6"):
        done = subprocess.run(["ip", family, "-j", "route", "show", "table", "all"], capture_output=True, check=False, timeout=_TIMEOUT_S)
        routes = json.loads(done.stdout or b"[]") if done.returncode == 0 else []
        known += [str(route["dst"]) for route in routes if "dst" in route and str(route["dst"])[:1].isalnum() and route["dst"] != "default"]
    return [text for text in known if _is_network(text)]


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
