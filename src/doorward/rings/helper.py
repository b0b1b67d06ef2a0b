"""A small separate program that opens packet sockets for users who may not: checks who asks and for what, hands over, keeps nothing.

    python -m doorward.rings.helper --group doorward --interface eth0

It holds CAP_NET_RAW and no other right, and listens on a UNIX socket that the group may use. What a member gets is two sockets: one that
can send any frame, on any interface of this machine (Linux has no filter for what a packet socket sends, so whoever is in the group is
trusted with that), and one that hears only answers to the machine's own addresses on the one interface, at ports set aside for it: the
filter is locked before it is handed over. docs/raw-sockets.md has the units for systemd.
"""

from __future__ import annotations

import argparse
import ctypes
import grp
import os
import pwd
import signal
import socket
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from doorward.rings.privileges import CAP_NET_RAW, become, drop_capabilities, require_net_raw

# First the rights, then the rest: a thread that a library starts keeps the rights of the thread that loaded it, so everything that is
# not needed for giving them up is imported after that, inside functions.

__all__ = ["Allowance", "main", "parse_arguments", "serve_one"]

_SO_PEERGROUPS: Final = 59  # include/uapi/asm-generic/socket.h, Linux 4.13
_PEER: Final = struct.Struct("=iII")  # struct ucred: process, user, group
_PATIENCE_S: Final = 2.0  # for one client; the next one waits
_BACKLOG: Final = 16
_MOST_SNAP_BYTES: Final = 512
_MOST_GROUPS: Final = 65536  # NGROUPS_MAX, include/uapi/linux/limits.h
_FIRST_INHERITED: Final = 3  # SD_LISTEN_FDS_START


@dataclass(frozen=True, slots=True)
class Allowance:
    """Who may ask, and for what."""

    group: int
    interfaces: frozenset[str]
    first_port: int
    last_port: int


def parse_arguments(words: Sequence[str]) -> tuple[argparse.Namespace, Allowance]:
    """Read the command line; leaves with status 2 and a line on stderr when it makes no sense."""
    parser = _parser()
    arguments = parser.parse_args(words)
    try:
        group = grp.getgrnam(arguments.group).gr_gid
    except KeyError:
        parser.error(f"there is no group {arguments.group!r}")
    first, mark, last = arguments.ports.partition("-")
    if not (mark and first.isdecimal() and last.isdecimal() and 0 < int(first) <= int(last) <= 65535):
        parser.error(f"--ports takes a range such as 61000-65535, not {arguments.ports!r}")
    for name in arguments.interface:
        if not 0 < len(os.fsencode(name)) < 16:
            parser.error(f"no interface can have the name {name!r}")
    if arguments.user:
        try:
            pwd.getpwnam(arguments.user)
        except KeyError:
            parser.error(f"there is no user {arguments.user!r}")
    return arguments, Allowance(group, frozenset(arguments.interface), int(first), int(last))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m doorward.rings.helper", description=(__doc__ or "").splitlines()[0], allow_abbrev=False
    )
    parser.add_argument("--group", required=True, help="members of this group, and root, are served")
    parser.add_argument("--interface", required=True, action="append", help="may be asked for; give it several times for several")
    parser.add_argument(
        "--ports", default="61000-65535", help="answers to these ports may be heard (default %(default)s: above Linux's own)"
    )
    parser.add_argument("--socket", type=Path, default=Path("/run/doorward/rings.socket"), help="where to listen (default %(default)s)")
    parser.add_argument("--user", default="", help="become this user after start, where root starts it")
    return parser


def main(words: Sequence[str]) -> int:
    """Listen, give up all rights but one, and serve until told to stop."""
    from doorward.errors import DoorwardError
    from doorward.values.printable import printable

    arguments, allowance = parse_arguments(words)
    try:
        require_net_raw("open packet sockets for others", "")
        listener = _inherited() or _listen(arguments.socket, allowance.group)
        if arguments.user:
            account = pwd.getpwnam(arguments.user)
            become(account.pw_uid, account.pw_gid)
        drop_capabilities(keep=(CAP_NET_RAW,))
        signal.signal(signal.SIGTERM, _stop)
        while True:
            client, _ = listener.accept()
            with client:
                serve_one(client, allowance)
    except DoorwardError as error:
        _parser().exit(error.exit_status, f"{printable(str(error))}\n")
    except OSError as error:
        _parser().exit(3, f"cannot listen on {printable(str(arguments.socket))!r}: {error.strerror}\n")
    except KeyboardInterrupt:
        return 130


def _stop(number: int, frame: object) -> None:  # noqa: ARG001  # the signature of a signal handler
    raise SystemExit(0)


def _inherited() -> socket.socket | None:
    """Return the socket that systemd listens on for us, where it does (sd_listen_fds(3))."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    return socket.socket(fileno=_FIRST_INHERITED)


def _listen(path: Path, group: int) -> socket.socket:
    """Listen where the group may connect and nobody else; a socket left behind by an earlier helper is replaced, another file is not."""
    if path.is_socket():
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    os.chown(path, -1, group)
    path.chmod(0o660)
    listener.listen(_BACKLOG)
    return listener


def serve_one(client: socket.socket, allowance: Allowance) -> None:
    """Answer one client's one question; whatever it does, the helper goes on."""
    from doorward.errors import DoorwardError
    from doorward.rings.helper_messages import MAX_MESSAGE_BYTES, Granted, Refused, decode_question, encode_message

    client.settimeout(_PATIENCE_S)
    opened: list[socket.socket] = []
    try:
        asked = client.recv(MAX_MESSAGE_BYTES)  # read before any refusal: closing on unread words would swallow the answer
        if not _is_member(client, allowance.group):
            client.send(encode_message(Refused(why="only members of the helper's group are served")))
            return
        try:
            question = decode_question(asked)
            opened = _open_pair(question, allowance)
        except DoorwardError as error:
            client.send(encode_message(Refused(why=error.why)))
            return
        message = encode_message(Granted(snap_bytes=min(question.snap_bytes, _MOST_SNAP_BYTES)))
        socket.send_fds(client, [message], [one.fileno() for one in opened])
    except OSError:  # it went away, or said nothing in time
        pass
    finally:
        for one in opened:
            one.close()


def _is_member(client: socket.socket, group: int) -> bool:
    """Whether root or a member of ``group`` is at the other end, as the kernel knows it."""
    _, user, first_group = _PEER.unpack(client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    if user == 0 or first_group == group:
        return True
    return group in _further_groups(client)


def _further_groups(client: socket.socket) -> tuple[int, ...]:
    """Return all groups of the other end; through the library, because Python's own getsockopt takes no more than 256."""
    groups = (ctypes.c_uint32 * _MOST_GROUPS)()
    size = ctypes.c_uint32(ctypes.sizeof(groups))
    library = ctypes.CDLL(None, use_errno=True)
    if library.getsockopt(client.fileno(), socket.SOL_SOCKET, _SO_PEERGROUPS, groups, ctypes.byref(size)):
        return ()
    return tuple(groups[: size.value // 4])


def _open_pair(question: object, allowance: Allowance) -> list[socket.socket]:
    from doorward.errors import CallError, PermissionMissing
    from doorward.rings.filters import answers, compile_filter, interface
    from doorward.rings.helper_messages import Question, own_addresses
    from doorward.rings.links import read_addresses, read_link
    from doorward.rings.packet_ring import open_filtered_socket, open_packet_socket

    assert isinstance(question, Question)
    if question.interface not in allowance.interfaces:
        raise PermissionMissing("open a ring", why=f"the helper may open rings on {_listed(allowance.interfaces)} only")
    if not allowance.first_port <= question.first_port <= question.last_port <= allowance.last_port:
        why = f"the helper lets answers be heard at ports {allowance.first_port}-{allowance.last_port} only"
        raise PermissionMissing("open a ring", why=why)
    wanted = own_addresses(question)
    held = read_addresses(question.interface)
    if any(address.packed not in held for address in wanted):
        raise CallError("open a ring", why="answers to an address that the interface doesn't have are not for this machine")
    link = read_link(question.interface)
    words = interface(link.index) & answers(wanted, question.first_port, question.last_port)
    program = compile_filter(words, link=link.type, snap_bytes=min(question.snap_bytes, _MOST_SNAP_BYTES))
    sender = open_packet_socket(question.interface)
    try:
        return [sender, open_filtered_socket(question.interface, program)]
    except BaseException:
        sender.close()
        raise


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
