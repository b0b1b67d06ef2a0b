"""What ``/proc/PID/*`` says of a process, bytes to values; opens no file.

Every byte here is the process's own choice but the user number and the cgroup: names and command lines may lie, and may hold anything.
"""

from __future__ import annotations

import re

import msgspec

from doorward.sockets.command_lines import masked_command_line
from doorward.sockets.ownership import owner_of_cgroup
from doorward.values.doors import Holder
from doorward.values.printable import printable

__all__ = [
    "Executable",
    "ProcessTexts",
    "decode_cgroup",
    "decode_command",
    "decode_executable",
    "decode_socket_link",
    "decode_uid",
    "holder_of",
]

_COMMAND_LIMIT = 4096  # bytes of a command line that are read; a screen of 80 columns has fifty lines of them
_UID = re.compile(rb"^Uid:\t(\d{1,10})\t", re.MULTILINE)
_SOCKET_LINK = re.compile(r"socket:\[(\d{1,19})\]")


class Executable(msgspec.Struct, frozen=True):
    """The file a process runs; ``deleted`` when it is gone or was replaced since the process started."""

    path: str
    deleted: bool = False


class ProcessTexts(msgspec.Struct, frozen=True):
    """The files of one ``/proc/PID`` as they were read; empty where reading was refused or the process is gone."""

    pid: int
    comm: bytes = b""
    cmdline: bytes = b""
    cgroup: bytes = b""
    status: bytes = b""
    exe: str = ""


def decode_command(cmdline: bytes) -> str:
    """Turn the NUL-separated arguments into one printable line with secrets masked; empty for kernel threads."""
    arguments = cmdline[:_COMMAND_LIMIT].rstrip(b"\0").split(b"\0")
    line = masked_command_line([argument.decode("utf-8", "surrogateescape") for argument in arguments])
    return printable(line)


def decode_cgroup(text: bytes) -> str:
    """Return the path that tells most: the unified one (cgroup 2), else systemd's own, else the longest (cgroup 1).

    Lines are ``number:controllers:path`` (cgroups(7)); the unified hierarchy has number 0 and no controllers.
    """
    paths: dict[str, str] = {}
    for line in text.decode("utf-8", "surrogateescape").splitlines()[:64]:
        number, _, rest = line.partition(":")
        controllers, colon, path = rest.partition(":")
        if colon and path.startswith("/"):
            paths["unified" if number == "0" and not controllers else controllers] = path
    for name in ("unified", "name=systemd"):
        if paths.get(name, "/") != "/":
            return printable(paths[name])
    return printable(max(paths.values(), key=len, default=""))


def decode_executable(link: str) -> Executable | None:
    """Read the target of ``/proc/PID/exe``; ``None`` where there was none to read."""
    if not link:
        return None
    path = link.removesuffix(" (deleted)")
    return Executable(printable(path), deleted=path != link)


def decode_uid(status: bytes) -> int | None:
    """Return the real user number from ``/proc/PID/status``, or ``None``."""
    found = _UID.search(status)
    return int(found.group(1)) if found else None


def decode_socket_link(link: str) -> int | None:
    """Return the inode in ``socket:[INODE]``, the target of a file descriptor's link; ``None`` for all other files."""
    found = _SOCKET_LINK.fullmatch(link)
    return int(found.group(1)) if found else None


def holder_of(texts: ProcessTexts, user: str, namespace: str = "") -> Holder:
    """Put together who a process is."""
    cgroup = decode_cgroup(texts.cgroup)
    unit, container = owner_of_cgroup(cgroup)
    return Holder(
        pid=texts.pid,
        process=printable(texts.comm.rstrip(b"\n").decode("utf-8", "surrogateescape")),
        command=decode_command(texts.cmdline),
        user=printable(user),
        unit=printable(unit),
        container=printable(container),
        cgroup=cgroup,
        namespace=namespace,
    )
