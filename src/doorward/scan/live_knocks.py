"""One socket that knocks: begin a connection, look how it went, read the ICMP error behind it. Knows no plan and no time.

**One socket, many doors.** On Linux a socket whose connection was refused is as good as new: connect(2) may be called on it again
(net/ipv4/af_inet.c, __inet_stream_connect, puts it back to SS_UNCONNECTED). So a closed door costs two system calls, and no descriptor
of its own. Elsewhere the state after a failure is undefined (POSIX, connect), and a new socket is made.

**The self-connect trap.** Where the kernel picks the port that we knock at as our own, our SYN meets our own socket, and
simultaneous open (RFC 9293 §3.5, figure 7) makes a connection of the socket with itself: a closed door looks open. It happens in
every second or third scan of all loopback ports. The two ends of every connection tell it, and the door is knocked at again from
a port that is surely another.
"""

from __future__ import annotations

import errno
import socket
import sys
from typing import Final

from doorward.errors import PeerError
from doorward.scan.icmp_errors import IcmpError, decode_extended_error

__all__ = ["Knocker", "SocketAddress"]

#: What connect(2) takes: (address, port), for IPv6 with flow label 0 and the scope's number behind.
SocketAddress = tuple[str, int] | tuple[str, int, int, int]

#: The outcome of a knock that nothing has answered yet.
PENDING: Final = errno.EALREADY

#: Whether a refused socket may knock again, and whether a second connect(2) tells how the first one went.
CAN_REUSE: Final = sys.platform == "linux"

_IN_PROGRESS: Final = frozenset({errno.EINPROGRESS, errno.EALREADY, errno.EWOULDBLOCK})
_IP_RECVERR: Final = 11  # linux/in.h
_IPV6_RECVERR: Final = 25  # linux/in6.h
_CONTROL_BYTES: Final = 256  # one sock_extended_err with a sockaddr_in6 takes 64 with its header
_TYPE: Final = socket.SOCK_STREAM | getattr(socket, "SOCK_NONBLOCK", 0)


class Knocker:
    """A non-blocking TCP socket of one family (4 or 6); raises `OSError` where the system gives none."""

    __slots__ = ("_socket", "descriptor", "family", "is_bound", "target_port")

    def __init__(self, family: int) -> None:
        self.family = family
        self._socket = socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6, _TYPE)
        self._socket.setblocking(False)
        self.descriptor = self._socket.fileno()
        self.target_port = 0  #: the port last knocked at
        self.is_bound = False  #: whether it knocks from a port of our choice, for as long as it lives
        if CAN_REUSE:
            level, option = (socket.IPPROTO_IP, _IP_RECVERR) if family == 4 else (socket.IPPROTO_IPV6, _IPV6_RECVERR)
            self._socket.setsockopt(level, option, 1)

    def knock(self, target: SocketAddress) -> int:
        """Begin a connection; return 0 when it stands, `PENDING`, or the error.

        Over loopback and other paths inside this machine the answer is there before connect(2) returns, so we look again at once.
        """
        self.target_port = target[1]
        error = self._socket.connect_ex(target)
        if error in _IN_PROGRESS:
            error = self._socket.connect_ex(target) if CAN_REUSE else PENDING
        return PENDING if error in _IN_PROGRESS else error

    def outcome(self, target: SocketAddress) -> int:
        """How the connection begun with `knock` went: 0, `PENDING` or the error."""
        if CAN_REUSE:
            error = self._socket.connect_ex(target)
            return PENDING if error in _IN_PROGRESS else error
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error == 0:
            try:
                self._socket.getpeername()
            except OSError as not_yet:
                return PENDING if not_yet.errno == errno.ENOTCONN else not_yet.errno or PENDING
        return error

    def icmp_error(self) -> IcmpError | None:
        """The ICMP error about the last knock, taken out of the kernel's queue; ``None`` where there is none or the system keeps none."""
        if not CAN_REUSE:
            return None
        try:
            _, control, _, _ = self._socket.recvmsg(1, _CONTROL_BYTES, socket.MSG_ERRQUEUE)
        except OSError:
            return None
        for _, _, data in control:
            try:
                found = decode_extended_error(data)
            except PeerError:
                continue
            if found is not None:
                return found
        return None

    def bind(self, port: int) -> bool:
        """Knock from ``port`` from now on; false when it is taken."""
        try:
            self._socket.bind(("", port))
        except OSError:
            return False
        self.is_bound = True
        return True

    def own_port(self) -> int:
        """The port that it knocks from, 0 before the first knock."""
        port: int = self._socket.getsockname()[1]
        return port

    def ends(self) -> tuple[tuple[str, int], tuple[str, int]] | None:
        """Our end and the far end of a standing connection as (address, port); ``None`` when it is gone already."""
        try:
            own, far = self._socket.getsockname(), self._socket.getpeername()
        except OSError:
            return None
        return (own[0], own[1]), (far[0], far[1])

    def close(self) -> None:
        """End it in an orderly way: a standing connection gets a FIN, not a RST (see WHY.md, "How we leave")."""
        self._socket.close()
