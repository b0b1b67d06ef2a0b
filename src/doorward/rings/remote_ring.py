"""A packet ring for a user without rights: its sockets come from the helper, all else is as if we had opened them ourselves."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from doorward.errors import PeerError, PermissionMissing, WorldError
from doorward.rings.helper_messages import DEFAULT_SOCKET, MAX_MESSAGE_BYTES, Question, Refused, decode_answer, encode_message
from doorward.rings.links import read_link
from doorward.rings.packet_ring import PacketRing, RingSettings
from doorward.values.addresses import Address
from doorward.values.printable import printable

__all__ = ["is_helper_there", "open_remote_ring"]

_PATIENCE_S: Final = 5.0
_DESCRIPTORS: Final = 2


def is_helper_there(path: Path = DEFAULT_SOCKET) -> bool:
    """Whether a helper's socket stands where it is looked for; nothing is asked of it."""
    return path.is_socket()


def open_remote_ring(
    name: str,
    addresses: Sequence[Address],
    first_port: int,
    last_port: int,
    *,
    snap_bytes: int = 256,
    settings: RingSettings | None = None,
    path: Path = DEFAULT_SOCKET,
) -> PacketRing:
    """Open a ring on ``name`` that hears answers to ``addresses`` at these ports.

    Raises `PermissionMissing` when the helper refuses, `WorldError` when there is none, `PeerError` when it answers nonsense.
    """
    link = read_link(name)
    plain = [str(Address(address.packed)) for address in addresses]
    question = Question(interface=name, addresses=plain, first_port=first_port, last_port=last_port, snap_bytes=snap_bytes)
    sockets = _ask(question, path)
    if len(sockets) != _DESCRIPTORS or any(one.family != socket.AF_PACKET for one in sockets):
        for one in sockets:
            one.close()
        raise PeerError("open a ring with the helper on", name, why="it handed over something else than two packet sockets")
    return PacketRing(link, sockets[0], sockets[1], settings)


def _ask(question: Question, path: Path) -> list[socket.socket]:
    target = printable(str(path))
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asker:
            asker.settimeout(_PATIENCE_S)
            asker.connect(str(path))
            asker.send(encode_message(question))
            data, descriptors, _, _ = socket.recv_fds(asker, MAX_MESSAGE_BYTES, 8)
    except PermissionError:
        why = "only members of its group may ask it"
        raise PermissionMissing("ask the helper at", target, why=why, remedy="`ls -l` of that file names the group.") from None
    except OSError as error:
        remedy = "Start it (docs/raw-sockets.md), or run as root."
        raise WorldError("ask the helper at", target, why=error.strerror or str(error), remedy=remedy) from None
    sockets = [socket.socket(fileno=number) for number in descriptors]
    try:
        answer = decode_answer(data)
        if isinstance(answer, Refused):
            raise PermissionMissing("open a ring with the helper on", printable(question.interface), why=printable(answer.why, 300))
    except BaseException:
        for one in sockets:
            one.close()
        raise
    return sockets
