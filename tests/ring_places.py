"""Two network namespaces of the test's own, joined by a veth pair, and rings of the test's process opened inside them."""

from __future__ import annotations

import atexit
import contextlib
import pickle
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import namespace_refusal
from doorward import errors
from doorward.rings.contract import LinkInfo
from doorward.rings.filters import Word, protocol
from doorward.rings.packet_ring import PacketRing, RingSettings
from doorward.rings.raw_ip_ring import RawIpRing, join_raw_ip_ring

__all__ = ["EVERYTHING", "Place", "shared_places", "two_places"]

#: Any frame at all.
EVERYTHING: Word = protocol("arp") | ~protocol("arp")
OPENER = Path(__file__).with_name("ring_opener.py")


class Place:
    """A namespace, spoken to through the opener that runs in it."""

    def __init__(self, line: socket.socket, interface: str) -> None:
        self._line = line
        self.interface = interface

    def _ask(self, what: str, *arguments: Any) -> tuple[Any, list[socket.socket]]:
        self._line.send(pickle.dumps((what, arguments)))
        data, descriptors, _, _ = socket.recv_fds(self._line, 65536, 8)
        kind, answer = pickle.loads(data)
        if kind == "error":
            name, doing, target, why, remedy = answer
            raise getattr(errors, name)(doing, target, why=why, remedy=remedy)
        return answer, [_joined(number) for number in descriptors]

    def sockets(self, words: Word = EVERYTHING, snap_bytes: int = 65535, way: str = "ring") -> tuple[LinkInfo, list[socket.socket]]:
        """The two packet sockets of a ring, not joined yet."""
        return self._ask("packet", self.interface, words, snap_bytes, way)

    def packet_ring(self, words: Word = EVERYTHING, snap_bytes: int = 65535, settings: RingSettings | None = None) -> PacketRing:
        link, (sender, listener) = self.sockets(words, snap_bytes, settings.sending.way if settings else "ring")
        return PacketRing(link, sender, listener, settings)

    def raw_ring(self, words: Word = EVERYTHING, snap_bytes: int = 65535, name: str = "lo") -> RawIpRing:
        link, (listener, *senders) = self._ask("raw", name, words, snap_bytes)
        return join_raw_ip_ring(link, listener, dict(zip((4, 6), senders, strict=True)))

    def run(self, script: str) -> str:
        """Run a shell script in the namespace; what it prints."""
        (status, out, told), _ = self._ask("run", script)
        assert status == 0, told
        return str(out)

    def send_drops(self) -> int:
        return int(self._ask("drops", self.interface)[0])


@contextlib.contextmanager
def two_places() -> Iterator[tuple[Place, Place]]:
    """``here`` with dw-here and ``there`` with dw-there, up, without IPv6 noise; skips where no namespace can be made."""
    if reason := namespace_refusal():
        pytest.skip(reason)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        here = _start(stack, ["unshare", "-rn"], folder / "here")
        pid = here.peer
        there = _start(stack, ["nsenter", "-t", str(pid), "-U", "--preserve-credentials", "unshare", "-n"], folder / "there")
        quiet = "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; ip link set lo up;"
        first, second = Place(here.line, "dw-here"), Place(there.line, "dw-there")
        first.run(f"{quiet} ip link add dw-here address 02:00:00:00:00:01 type veth peer name dw-there address 02:00:00:00:00:02")
        second.run(quiet)
        first.run(f"ip link set dw-there netns {there.peer}; ip link set dw-here up")
        second.run("ip link set dw-there up")
        yield first, second


def _joined(number: int) -> socket.socket:
    try:
        return socket.socket(fileno=number)
    except OSError:  # of an AF_XDP socket Python can't ask the family
        return socket.socket(44, socket.SOCK_RAW, 0, fileno=number)


_SHARED: list[tuple[Place, Place]] = []
_KEEPER = contextlib.ExitStack()


@contextlib.contextmanager
def shared_places() -> Iterator[tuple[Place, Place]]:
    """The same two for all tests of this process, for those that leave the links as they were."""
    if not _SHARED:
        _SHARED.append(_KEEPER.enter_context(two_places()))
        atexit.register(_KEEPER.close)
    yield _SHARED[0]


class _Started:
    def __init__(self, line: socket.socket, peer: int) -> None:
        self.line, self.peer = line, peer


def _start(stack: contextlib.ExitStack, enter: list[str], path: Path) -> _Started:
    """Start an opener and return the line to it, with its process number as the kernel knows it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(path))
        listener.listen(1)
        listener.settimeout(20)
        process = subprocess.Popen([*enter, sys.executable, str(OPENER), str(path)])
        stack.callback(process.wait)
        stack.callback(process.kill)
        line, _ = listener.accept()
    stack.callback(line.close)
    line.settimeout(30)
    credentials = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return _Started(line, int.from_bytes(credentials[:4], sys.byteorder))
