"""One knock that may cross only so many routers, on a socket of its own, and what came back to it. Knows no plan and no time.

Linux hands the ICMP error about a knock to the socket that sent it, whoever owns it (IP_RECVERR; see `icmp_errors`). So the oldest
trick of the raw socket, tracing, needs no right: ordinary sockets whose packets start with a small count of hops. Only SCTP does, because
the kernel's own SCTP sockets keep no ICMP errors: there the INIT goes out through a raw socket.
"""

from __future__ import annotations

import errno
import socket
import struct
import sys
from collections.abc import Callable
from typing import Final

from doorward.errors import FeatureMissing, PermissionMissing, WorldError
from doorward.scan.doorstates import Reason, judge_error, judge_icmp
from doorward.scan.icmp_errors import IcmpError, Refusal
from doorward.scan.live_knocks import SocketAddress
from doorward.scan.live_names import scope_number
from doorward.scan.payloads.catalogue import answers_from_another_port, payloads_for, recognise
from doorward.scan.trail.hops import DIRECT, Heard, KnockKind, Means, Sign
from doorward.scan.trail.kernel_messages import HOPS_OPTION, RECEIVE_ERRORS, RECEIVE_HOPS, decode_beside, is_time_exceeded
from doorward.scan.trail.sctp_init import encode_init, read_answer
from doorward.values.addresses import Address

__all__ = ["Feeler", "can_ping", "require_kernel"]

_CONTROL_BYTES: Final = 512
_DATA_BYTES: Final = 4096
_IN_PROGRESS: Final = frozenset({errno.EINPROGRESS, errno.EALREADY, errno.EWOULDBLOCK})
_ECHO_REQUEST: Final = {4: 8, 6: 128}  # RFC 792, RFC 4443 §4.1
_ECHO_DATA: Final = b"doorward path: where do knocks stop?"
_ECHO_PROTOCOL: Final = {4: socket.IPPROTO_ICMP, 6: socket.IPPROTO_ICMPV6}
_SCTP: Final = 132  # IANA, Protocol Numbers
_MEETINGS: Final = 5  # new attempts where a TCP socket met itself (see live_knocks)


def require_kernel(means: Means, *, to_ourselves: bool = False) -> None:
    """Raise `FeatureMissing` or `PermissionMissing` where knocks of this kind can't be followed on this system.

    ``to_ourselves``: the target is this machine. A kernel without SCTP would refuse by ICMP, but not while a raw socket takes the packet.
    """
    if sys.platform != "linux":
        raise FeatureMissing(
            "follow the path", why="only Linux tells a program without rights which router answered", remedy="Use the system's traceroute."
        )
    if means.kind is not KnockKind.SCTP:
        return
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, _SCTP).close()
    except PermissionError:
        raise PermissionMissing(
            "follow an SCTP path",
            why="its knocks need a raw socket",
            remedy="Run it with CAP_NET_RAW, or as root; TCP and UDP need no right.",
        ) from None
    if to_ourselves:
        try:
            socket.socket(socket.AF_INET, socket.SOCK_STREAM, _SCTP).close()
        except OSError:
            raise FeatureMissing("knock at an SCTP door of this machine", why="its kernel doesn't speak SCTP, so it has none") from None


def can_ping(family: int) -> bool:
    """Whether this user may send ICMP echo requests (the system's net.ipv4.ping_group_range, for both families)."""
    try:
        _echo_socket(family).close()
    except OSError:
        return False
    return True


class Feeler:
    """One knock; `begin` sends it, `look` says what came back. Close it always."""

    def __init__(self, target: Address, means: Means, place: int, attempt: int, *, nonce: int, is_own: Callable[[Address], bool]) -> None:
        self.place = place
        self._target = target
        self._means = means
        self._is_own = is_own
        self._nonce = nonce
        self._attempt = attempt
        self._meetings = 0
        self._open()

    @property
    def descriptor(self) -> int:
        """The socket's number; it may change with `look`."""
        return self._socket.fileno()

    def begin(self) -> Heard | None:
        """Send the knock; what is known of it at once, or ``None``."""
        try:
            error = self._send()
        except WorldError as gone:
            return Heard(Sign.UNSENT, reason=Reason.NO_ROUTE, detail=gone.why)
        except OSError as refused:
            error = refused.errno or errno.EIO
        if error in _IN_PROGRESS:
            return None
        return self._judge(error) if self._is_tcp or error else None

    def look(self) -> Heard | None:
        """What has come back since, or ``None`` when nothing has that concerns this knock."""
        heard = self._from_error_queue()
        if heard is not None:
            return heard
        if self._is_tcp:
            error = self._socket.connect_ex(self._where())
            return None if error in _IN_PROGRESS else self._judge(error)
        return self._from_answers()

    def close(self) -> None:
        """Let go of the socket; a connection that stands is ended in an orderly way."""
        self._socket.close()

    # --- sending

    @property
    def _is_tcp(self) -> bool:
        return self._means.kind is KnockKind.TCP

    def _open(self) -> None:
        family = self._target.family
        domain = socket.AF_INET if family == 4 else socket.AF_INET6
        if self._means.kind is KnockKind.ECHO:
            self._socket = _echo_socket(family)
        elif self._means.kind is KnockKind.SCTP:
            self._socket = socket.socket(domain, socket.SOCK_RAW, _SCTP)
        else:
            self._socket = socket.socket(domain, socket.SOCK_STREAM if self._is_tcp else socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(*RECEIVE_ERRORS[family], 1)
        self._socket.setsockopt(*RECEIVE_HOPS[family], 1)
        if self.place != DIRECT:
            self._socket.setsockopt(*HOPS_OPTION[family], self.place)

    def _where(self) -> SocketAddress:
        port = self._means.port if self._means.kind in (KnockKind.TCP, KnockKind.UDP) else 0
        bare = str(Address(self._target.packed))
        return (bare, port) if self._target.family == 4 else (bare, port, 0, scope_number(self._target.scope))

    def _send(self) -> int:
        """Send it and return 0 or an error's number."""
        if self._is_tcp:
            return self._socket.connect_ex(self._where())
        self._socket.sendto(self._datagram(), self._where())
        return 0

    def _datagram(self) -> bytes:
        if self._means.kind is KnockKind.UDP:
            choice = payloads_for(self._means.port)
            return choice[(self._attempt - 1) % len(choice)].payload(self._nonce)
        if self._means.kind is KnockKind.SCTP:
            return encode_init(self._means.port, self._nonce)
        # The kernel fills in the checksum and its own identifier (net/ipv4/ping.c, ping_v4_sendmsg).
        return struct.pack("!BBHHH", _ECHO_REQUEST[self._target.family], 0, 0, 0, self._nonce & 0xFFFF) + _ECHO_DATA

    # --- what came back

    def _from_error_queue(self) -> Heard | None:
        try:
            quoted, control, _, _ = self._socket.recvmsg(_DATA_BYTES, _CONTROL_BYTES, socket.MSG_ERRQUEUE)
        except OSError:
            return None
        if self._means.kind is KnockKind.SCTP and quoted[:4] != encode_init(self._means.port, self._nonce)[:4]:
            return None  # a raw socket hears of all SCTP packets to this host; the quoted ports tell ours
        beside = decode_beside(control)
        return None if beside.error is None else self._judge_icmp(beside.error, beside.hops)

    def _judge_icmp(self, error: IcmpError, hops: int | None) -> Heard:
        from_target = error.sender is not None and error.sender.packed == self._target.packed
        sender = self._target if from_target else error.sender  # the kernel leaves a link-local sender's interface out
        if is_time_exceeded(error):
            return Heard(Sign.PASSED, sender, answer_hops=hops)
        if from_target and self._means.kind is KnockKind.UDP and error.refusal is Refusal.PORT:
            return Heard(Sign.ANSWERED, self._target, Reason.PORT_CLOSED, answer_hops=hops)
        if not from_target and error.sender is not None and self._is_own(error.sender):
            absent = judge_icmp(error, from_ourselves=True) is Reason.NO_NEIGHBOUR
            return Heard(Sign.UNSENT, sender, Reason.NO_NEIGHBOUR if absent else Reason.LOCAL_RULE)
        return Heard(Sign.REFUSED, sender, judge_icmp(error, from_ourselves=False), answer_hops=hops)

    def _judge(self, error: int) -> Heard | None:
        """What the outcome of connect(2) or sendto(2) shows; 0 is a connection."""
        told = self._from_error_queue()
        if told is not None:
            return told
        if error == 0 and self._has_met_itself() and self._meetings < _MEETINGS:
            self._meetings += 1
            self.close()
            self._open()
            return self.begin()
        reason = judge_error(error)
        if reason in (Reason.ACCEPTED, Reason.ACCEPTED_THEN_RESET, Reason.REFUSED):
            return Heard(Sign.ANSWERED, self._target, reason)
        return Heard(Sign.UNSENT, reason=reason, detail=errno.errorcode.get(error, str(error)))

    def _has_met_itself(self) -> bool:
        try:
            return bool(self._socket.getsockname() == self._socket.getpeername())
        except OSError:
            return False

    def _from_answers(self) -> Heard | None:
        try:
            data, control, _, sender = self._socket.recvmsg(_DATA_BYTES, _CONTROL_BYTES)
        except OSError:
            return None
        if Address.parse(str(sender[0]).partition("%")[0]).packed != self._target.packed or not self._may_answer_from(sender[1]):
            return None
        reason, detail = self._read(data)
        return (
            None if reason is None else Heard(Sign.ANSWERED, self._target, reason, answer_hops=decode_beside(control).hops, detail=detail)
        )

    def _may_answer_from(self, port: int) -> bool:
        if self._means.kind is not KnockKind.UDP or port == self._means.port:
            return True
        return any(map(answers_from_another_port, payloads_for(self._means.port)))

    def _read(self, data: bytes) -> tuple[Reason | None, str]:
        if self._means.kind is KnockKind.SCTP:
            return read_answer(data, self._means.port, self._nonce, family=self._target.family), ""
        if self._means.kind is KnockKind.UDP:
            return Reason.ANSWERED, recognise(self._means.port, data, self._nonce) or ""
        return Reason.ANSWERED, ""


def _echo_socket(family: int) -> socket.socket:
    return socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6, socket.SOCK_DGRAM, _ECHO_PROTOCOL[family])
