"""What a knock at a door can show, and from what we know it: the closed words of a scan. Knows neither sockets nor packets.

A state without its reason is a guess. "Filtered" after silence and "filtered" after a router's refusal are told apart by what
came back, and what never left this machine is *unknown*, never "closed": a host that could not be reached is not a host with closed doors.
"""

from __future__ import annotations

import enum
import errno
from typing import Final, NamedTuple

from doorward.errors import DoorwardBug
from doorward.scan.icmp_errors import IcmpError, Refusal

__all__ = ["CONNECT_STATES", "LOST_HERE", "DoorState", "Reason", "judge_error", "judge_icmp"]


class DoorState(enum.StrEnum):
    """What a scan says of a door; the order is the order of showing."""

    OPEN = "open"  #: a connection was made, or offered
    FILTERED = "filtered"  #: knocks don't get through: silence after every knock, or somebody on the way says no
    OPEN_FILTERED = "open|filtered"  #: silence, where an open door stays silent too
    UNFILTERED = "unfiltered"  #: knocks get through, and this kind of knock can't show whether anything listens
    REFLEX = "reflex"  #: something answers at every port alike: a tarpit, a proxy or a filter in the host's stead
    UNKNOWN = "unknown"  #: no knock could be made, or the host isn't there: nothing is known of the door itself
    CLOSED = "closed"  #: the host itself refused: it is there, and nothing listens

    @property
    def meaning(self) -> str:
        """The state in plain language."""
        return _STATE_MEANINGS[self]


class Reason(enum.StrEnum):
    """From what a state is known; each stands for exactly one state."""

    ACCEPTED = "accepted"  #: the three-way handshake completed (RFC 9293 §3.5)
    ACCEPTED_THEN_RESET = "accepted-then-reset"  #: it completed, and the far end broke the connection off before we could
    REFUSED = "refused"  #: a RST answered our SYN (RFC 9293 §3.10.7.1)
    SYN_ACK = "syn-ack"  #: a SYN-ACK answered our SYN (RFC 9293 §3.10.7.2)
    ANSWERED = "answered"  #: data came back from the port that we sent data to
    INIT_ACK = "init-ack"  #: an INIT ACK answered our INIT (RFC 9260 §5.1)
    RESET_WITH_WINDOW = "reset-with-window"  #: a RST with a window above 0 answered our ACK: on some systems, an open port's
    RESET_WITHOUT_WINDOW = "reset-without-window"  #: a RST with window 0 answered our ACK
    PORT_CLOSED = "port-closed"  #: the host itself says "port unreachable" of a UDP port (RFC 1122 §4.1.3.1)
    ABORTED = "aborted"  #: an ABORT answered our INIT (RFC 9260 §8.4)
    RESET = "reset"  #: a RST answered our ACK: it got there, and a RST is right for open and closed ports alike
    NO_REFUSAL = "no-refusal"  #: nothing came back at any knock, of a kind that open doors don't answer
    ANSWERS_EVERYWHERE = "answers-everywhere"  #: ports drawn by lot answer in the same way, and no data came through this one
    RESETS_LIMITED = "resets-limited"  #: no answer, and the host leaves refusals out that it gave before: silence says nothing
    ERRORS_LIMITED = "errors-limited"  #: the same for ICMP errors, which closed UDP ports answer with (RFC 1812 §4.3.2.8)
    LOST_HERE = "lost-here"  #: answers were lost on this machine each time that the door was asked
    INTERFACE_GONE = "interface-gone"  #: the interface went away before the door was asked often enough
    NO_ANSWER = "no-answer"  #: nothing came back in time, at any knock
    PORT_UNREACHABLE = "port-unreachable"  #: ICMP type 3 code 3, ICMPv6 type 1 code 4: for TCP, a packet filter's "reject"
    PROHIBITED = "prohibited"  #: ICMP type 3 codes 9, 10, 13, ICMPv6 type 1 codes 1, 5: forbidden by an administrator
    HOST_UNREACHABLE = "host-unreachable"  #: ICMP type 3 codes 1, 7, 8, 12, ICMPv6 type 1 code 3, said by another machine
    NET_UNREACHABLE = "net-unreachable"  #: ICMP type 3 codes 0, 5, 6, 11, ICMPv6 type 1 codes 0, 2, 6
    PROTOCOL_UNREACHABLE = "protocol-unreachable"  #: ICMP type 3 code 2, ICMPv6 type 4 code 1: TCP isn't spoken there
    OTHER_ICMP = "other-icmp"  #: any other ICMP error about our knock
    LOCAL_RULE = "local-rule"  #: EPERM: a packet filter of this machine forbids the knock to leave
    LOCAL_PROHIBITION = "local-prohibition"  #: EACCES: a route of this machine prohibits it
    NO_NEIGHBOUR = "no-neighbour"  #: nobody on the link answers for the address (RFC 826, RFC 4861 §7.2)
    NO_ROUTE = "no-route"  #: ENETUNREACH, EHOSTUNREACH at once: this machine has no route there
    DISCARDED_HERE = "discarded-here"  #: EINVAL: a blackhole route of this machine
    ADDRESS_NOT_AVAILABLE = "address-not-available"  #: EADDRNOTAVAIL with nothing else in flight: no source address for it here
    NO_FAMILY = "no-family"  #: EAFNOSUPPORT: this system doesn't speak the address's family
    NO_LOCAL_PORT = "no-local-port"  #: EADDRNOTAVAIL: every port of our own was taken for too long
    NO_DESCRIPTOR = "no-descriptor"  #: EMFILE, ENFILE: no free descriptor for too long
    NO_MEMORY = "no-memory"  #: ENOBUFS, ENOMEM: the kernel had no room for too long
    OTHER_ERROR = "other-error"  #: any other error of the system; the result names it

    @property
    def state(self) -> DoorState:
        """The state that this reason proves."""
        return _EXPLAINED[self].state

    @property
    def meaning(self) -> str:
        """The reason in plain language, as a clause."""
        return _EXPLAINED[self].meaning


class _Explained(NamedTuple):
    state: DoorState
    meaning: str


_STATE_MEANINGS: Final = {
    DoorState.OPEN: "something listens here and takes connections",
    DoorState.FILTERED: "something on the way stops knocks, so we can't see whether anything listens",
    DoorState.OPEN_FILTERED: "nothing came back: something listens and stays silent, or a filter stops knocks",
    DoorState.UNFILTERED: "knocks get there, and this kind of knock can't show whether anything listens",
    DoorState.REFLEX: "every port answers alike, so something answers in the host's stead",
    DoorState.UNKNOWN: "we could not knock, so nothing is known of it",
    DoorState.CLOSED: "the host is there and answers, and nothing listens here",
}

_EXPLAINED: Final = {
    Reason.ACCEPTED: _Explained(DoorState.OPEN, "took the connection"),
    Reason.ACCEPTED_THEN_RESET: _Explained(DoorState.OPEN, "took the connection and broke it off at once"),
    Reason.REFUSED: _Explained(DoorState.CLOSED, "the host refused"),
    Reason.SYN_ACK: _Explained(DoorState.OPEN, "offers a connection"),
    Reason.ANSWERED: _Explained(DoorState.OPEN, "answered what we sent"),
    Reason.INIT_ACK: _Explained(DoorState.OPEN, "offers an association"),
    Reason.RESET_WITH_WINDOW: _Explained(DoorState.OPEN, "refused as open ports do on some systems"),
    Reason.RESET_WITHOUT_WINDOW: _Explained(DoorState.CLOSED, "refused as closed ports do"),
    Reason.PORT_CLOSED: _Explained(DoorState.CLOSED, "the host says that nothing listens"),
    Reason.ABORTED: _Explained(DoorState.CLOSED, "the host refused"),
    Reason.RESET: _Explained(DoorState.UNFILTERED, "the host itself answered"),
    Reason.NO_REFUSAL: _Explained(DoorState.OPEN_FILTERED, "no refusal to any knock"),
    Reason.ANSWERS_EVERYWHERE: _Explained(DoorState.REFLEX, "every port there answers alike"),
    Reason.RESETS_LIMITED: _Explained(DoorState.UNKNOWN, "the host limits its refusals"),
    Reason.ERRORS_LIMITED: _Explained(DoorState.UNKNOWN, "the host limits its errors"),
    Reason.LOST_HERE: _Explained(DoorState.UNKNOWN, "answers were lost on this machine"),
    Reason.INTERFACE_GONE: _Explained(DoorState.UNKNOWN, "the interface went away"),
    Reason.NO_ANSWER: _Explained(DoorState.FILTERED, "no answer to any knock"),
    Reason.PORT_UNREACHABLE: _Explained(DoorState.FILTERED, "a packet filter rejects knocks"),
    Reason.PROHIBITED: _Explained(DoorState.FILTERED, "an administrator forbids it"),
    Reason.HOST_UNREACHABLE: _Explained(DoorState.FILTERED, "a machine on the way can't or won't reach the host"),
    Reason.NET_UNREACHABLE: _Explained(DoorState.FILTERED, "a machine on the way can't or won't reach the network"),
    Reason.PROTOCOL_UNREACHABLE: _Explained(DoorState.FILTERED, "TCP is refused there"),
    Reason.OTHER_ICMP: _Explained(DoorState.FILTERED, "a machine on the way reports an error"),
    Reason.LOCAL_RULE: _Explained(DoorState.FILTERED, "a firewall rule of this machine forbids the knock"),
    Reason.LOCAL_PROHIBITION: _Explained(DoorState.FILTERED, "a route of this machine prohibits it"),
    Reason.NO_NEIGHBOUR: _Explained(DoorState.UNKNOWN, "nobody on the link has this address"),
    Reason.NO_ROUTE: _Explained(DoorState.UNKNOWN, "this machine has no route there"),
    Reason.DISCARDED_HERE: _Explained(DoorState.UNKNOWN, "a blackhole route of this machine swallows it"),
    Reason.ADDRESS_NOT_AVAILABLE: _Explained(DoorState.UNKNOWN, "this machine has no address of its own to knock from"),
    Reason.NO_FAMILY: _Explained(DoorState.UNKNOWN, "this system doesn't speak this kind of address"),
    Reason.NO_LOCAL_PORT: _Explained(DoorState.UNKNOWN, "all own ports stayed taken, so no knock was made"),
    Reason.NO_DESCRIPTOR: _Explained(DoorState.UNKNOWN, "no file descriptor came free, so no knock was made"),
    Reason.NO_MEMORY: _Explained(DoorState.UNKNOWN, "the kernel had no memory for the knock"),
    Reason.OTHER_ERROR: _Explained(DoorState.UNKNOWN, "the system reported an error"),
}

#: The states that connecting alone can tell.
CONNECT_STATES: Final = (DoorState.OPEN, DoorState.FILTERED, DoorState.UNKNOWN, DoorState.CLOSED)

#: Reasons that blame this machine's own shortage: doors that were lost here, not out there.
LOST_HERE: Final = frozenset({Reason.NO_LOCAL_PORT, Reason.NO_DESCRIPTOR, Reason.NO_MEMORY, Reason.LOST_HERE})

# What connect(2) leaves behind when there was no ICMP message to read. ECONNRESET and EPIPE come only after the handshake: a RST in
# answer to a SYN is ECONNREFUSED (net/ipv4/tcp_input.c, tcp_reset).
_BY_ERROR: Final = {
    0: Reason.ACCEPTED,
    errno.EISCONN: Reason.ACCEPTED,
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.ECONNRESET: Reason.ACCEPTED_THEN_RESET,
    errno.ECONNABORTED: Reason.ACCEPTED_THEN_RESET,
    errno.EPIPE: Reason.ACCEPTED_THEN_RESET,
    errno.ETIMEDOUT: Reason.NO_ANSWER,
    errno.EPERM: Reason.LOCAL_RULE,
    errno.EACCES: Reason.LOCAL_PROHIBITION,
    errno.ENETUNREACH: Reason.NO_ROUTE,
    errno.ENETDOWN: Reason.NO_ROUTE,
    errno.EHOSTUNREACH: Reason.NO_ROUTE,
    errno.EHOSTDOWN: Reason.NO_NEIGHBOUR,
    errno.EINVAL: Reason.DISCARDED_HERE,
    errno.EADDRNOTAVAIL: Reason.NO_LOCAL_PORT,
    errno.EAGAIN: Reason.NO_LOCAL_PORT,
    errno.EADDRINUSE: Reason.NO_LOCAL_PORT,
    errno.EMFILE: Reason.NO_DESCRIPTOR,
    errno.ENFILE: Reason.NO_DESCRIPTOR,
    errno.ENOBUFS: Reason.NO_MEMORY,
    errno.ENOMEM: Reason.NO_MEMORY,
    errno.EAFNOSUPPORT: Reason.NO_FAMILY,
    errno.EPROTONOSUPPORT: Reason.NO_FAMILY,
    errno.ENOPROTOOPT: Reason.PROTOCOL_UNREACHABLE,
}

_BY_REFUSAL: Final = {
    Refusal.NET: Reason.NET_UNREACHABLE,
    Refusal.HOST: Reason.HOST_UNREACHABLE,
    Refusal.PROTOCOL: Reason.PROTOCOL_UNREACHABLE,
    Refusal.PORT: Reason.PORT_UNREACHABLE,
    Refusal.PROHIBITED: Reason.PROHIBITED,
    Refusal.OTHER: Reason.OTHER_ICMP,
}


def judge_error(number: int) -> Reason:
    """Return what the outcome ``number`` of connect(2) shows, 0 for success; only for outcomes, not for "in progress"."""
    if number in (errno.EINPROGRESS, errno.EALREADY):
        raise DoorwardBug("judge the outcome of a knock", errno.errorcode[number], why="the knock isn't answered yet")
    return _BY_ERROR.get(number, Reason.OTHER_ERROR)


def judge_icmp(error: IcmpError, *, from_ourselves: bool) -> Reason:
    """Return what an ICMP error about a knock shows; ``from_ourselves``: this machine sent it and isn't the host knocked at."""
    reason = _BY_REFUSAL[error.refusal]
    # Our own kernel says "host unreachable" when nobody answered for the address on the link (net/ipv4/arp.c, arp_error_report).
    return Reason.NO_NEIGHBOUR if from_ourselves and reason is Reason.HOST_UNREACHABLE else reason
