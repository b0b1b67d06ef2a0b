"""Closed sockets, told by the kernel the moment they go: the netlink groups of ``sock_diag``. Linux; needs no right.

Looking at the table again and again misses what comes and goes between two looks. The kernel tells every close, with the connection's
totals in it, but not its process: inode and user are gone by then. The cookie is still there, and joins it with an earlier look.
"""

from __future__ import annotations

import collections
import contextlib
import datetime
import errno
import os
import select
import socket
import threading
from typing import Final

from doorward.errors import PeerError, WorldError
from doorward.sockets.inet_diag_columns import decode_columns
from doorward.sockets.live_netlink import NETLINK_SOCK_DIAG
from doorward.sockets.table import Namespace, SocketTable
from doorward.values.clocks import Clock

__all__ = ["DestroyListener"]

# enum sknetlink_groups (include/uapi/linux/sock_diag.h): TCP over IPv4 is 1, UDP 2, TCP over IPv6 3, UDP 4; group n is bit n - 1.
_GROUPS: Final = 0b1111
_SO_RCVBUFFORCE: Final = 33  # include/uapi/asm-generic/socket.h; with CAP_NET_ADMIN it goes past net.core.rmem_max
_BUFFER_BYTES: Final = 32 << 20
_MESSAGE_BYTES: Final = 64 << 10
_MOST_WAITING: Final = 200_000  # messages of about 400 bytes: 80 MB when nobody collects them
_TICK_US: Final = 100_000  # news is stamped by the tenth of a second, so that a burst is decoded in one go
_UNKNOWN_PROTOCOL: Final = 0


class DestroyListener:
    """Collects what the kernel tells of closed sockets, in a thread of its own, until `take` hands it over. A context manager.

    Listens to the namespace of the thread that makes it. ``lost`` counts how often the kernel had to drop news because nobody took it.
    """

    def __init__(self, clock: Clock, namespace: Namespace) -> None:
        self.lost = 0
        self._clock = clock
        self._namespace = namespace
        self._waiting: collections.deque[tuple[datetime.datetime, bytes]] = collections.deque()
        try:
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, NETLINK_SOCK_DIAG)
        except OSError as error:
            raise _refused(error) from None
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            with contextlib.suppress(PermissionError):
                self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
            self._socket.bind((0, _GROUPS))
        except OSError as error:
            self._socket.close()
            raise _refused(error) from None
        self._stop_reading, self._stop_writing = os.pipe()
        self._thread = threading.Thread(target=self._listen, name="doorward-closed-sockets", daemon=True)
        self._thread.start()

    def __enter__(self) -> DestroyListener:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening; what was not taken is gone. May be called twice."""
        if not self._thread.is_alive():
            return
        os.write(self._stop_writing, b"x")
        self._thread.join()
        self._socket.close()
        os.close(self._stop_reading)
        os.close(self._stop_writing)

    def take(self) -> list[tuple[datetime.datetime, SocketTable]]:
        """Hand over everything told since the last call, oldest first: (when it was heard, the sockets closed then)."""
        heard: list[tuple[datetime.datetime, SocketTable]] = []
        while self._waiting:
            moment, message = self._waiting.popleft()
            parts = [message]
            while self._waiting and self._waiting[0][0] == moment:
                parts.append(self._waiting.popleft()[1])
            try:
                columns, count = decode_columns(b"".join(parts), _UNKNOWN_PROTOCOL)
            except PeerError:
                self.lost += len(parts)
                continue
            heard.append((moment, SocketTable.of(columns, count, namespaces=(self._namespace,))))
        return heard

    def _listen(self) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        poll.register(self._stop_reading, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._stop_reading in ready:
                return
            self._receive_waiting()

    def _receive_waiting(self) -> None:
        """Take everything the kernel holds now; all of it gets one time stamp, to be decoded as one."""
        now = self._clock.now()
        moment = now.replace(microsecond=now.microsecond // _TICK_US * _TICK_US)
        while True:
            try:
                message = self._socket.recv(_MESSAGE_BYTES, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except OSError as error:
                self.lost += 1
                if error.errno == errno.ENOBUFS:  # the kernel's buffer was full; it goes on from here
                    continue
                return
            if len(self._waiting) >= _MOST_WAITING:
                self._waiting.popleft()
                self.lost += 1
            self._waiting.append((moment, message + bytes(-len(message) % 4)))


def _refused(error: OSError) -> WorldError:
    return WorldError(
        "listen for closed sockets", why=error.strerror or str(error), remedy="Connections that come and go between two looks stay unseen."
    )
