"""Which end of a conversation is the client and which the server, and why we think so.

Knows rows and their other ends; asks nobody. The kernel doesn't keep who called whom, so this is read from signs, the surest first:

1. the state says it: who waits for callers, who is calling, who is being called;
2. a socket of this machine waits for callers on one of the two ends: that end is the server;
3. the client ports of Linux: connect() takes a port of ip_local_port_range (32768 to 60999 unless changed) that is as even or odd as
   the range's first number, and bind() to port 0 takes the other parity (measured on Linux 6.18, 1,000 of 1,000 each; the code is in
   net/ipv4/inet_hashtables.c and inet_connection_sock.c);
4. only one of the two ports has a registered name: that end is probably the server.

Where no sign speaks, the answer is "unknown", and not a guess.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.ends import Ends, find_ends
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.table import SocketTable
from doorward.values.evidence import Certainty

__all__ = ["LINUX_CLIENT_PORTS", "ClientPorts", "NamedPorts", "Reason", "Role", "Roles", "assign_roles", "explain_role"]

_TCP, _UDP = 6, 17


class Role(enum.IntEnum):
    """What this end is in the conversation."""

    UNKNOWN = 0  #: no sign speaks
    SERVER = 1  #: was called, or waits to be
    CLIENT = 2  #: called

    @property
    def label(self) -> str:
        """``server``, ``client`` or ``unknown``."""
        return self.name.lower()


class Reason(enum.IntEnum):
    """The sign from which a role was read."""

    NO_SIGN = 0  #: nothing tells
    LISTENS = 1  #: it waits for callers itself
    CALLING = 2  #: its SYN is out
    BEING_CALLED = 3  #: a SYN came in
    DOOR_HERE = 4  #: a socket waits for callers on this very port
    DOOR_THERE = 5  #: a socket of this machine waits for callers on the peer's port
    CLIENT_PORT_HERE = 6  #: only the own port is of the range for clients
    CLIENT_PORT_THERE = 7  #: only the peer's port is of the range for clients
    PARITY_HERE = 8  #: both are; the own one alone is as even or odd as connect() picks
    PARITY_THERE = 9  #: both are; the peer's alone is
    NAME_THERE = 10  #: only the peer's port has a registered name
    NAME_HERE = 11  #: only the own port has a registered name
    DATAGRAM_DOOR = 12  #: UDP, takes datagrams from anybody on a port that Linux doesn't hand out by itself
    DATAGRAM_CLIENT_PORT = 13  #: UDP, takes datagrams from anybody on a port of the range for clients
    NOT_CONNECTED = 14  #: has no other end


_CERTAINTY: Final = {
    Reason.NO_SIGN: Certainty.UNKNOWN,
    Reason.NOT_CONNECTED: Certainty.UNKNOWN,
    Reason.LISTENS: Certainty.MEASURED,
    Reason.CALLING: Certainty.MEASURED,
    Reason.BEING_CALLED: Certainty.MEASURED,
    Reason.DOOR_HERE: Certainty.MEASURED,
    Reason.DOOR_THERE: Certainty.MEASURED,
}

_WHY: Final = {
    Reason.NO_SIGN: "nothing tells which end called",
    Reason.LISTENS: "it waits for callers",
    Reason.CALLING: "its call is out and not answered yet",
    Reason.BEING_CALLED: "a call has come in and is being answered",
    Reason.DOOR_HERE: "a socket waits for callers on its port {local}",
    Reason.DOOR_THERE: "a socket of this machine waits for callers on the other end's port {remote}",
    Reason.CLIENT_PORT_HERE: "its port {local} is one that Linux hands to callers ({low}-{high}), and the other end's {remote} is not",
    Reason.CLIENT_PORT_THERE: "the other end's port {remote} is one that Linux hands to callers ({low}-{high}), and its own {local} is not",
    Reason.PARITY_HERE: "both ports are of the range for callers, and only its own {local} is {parity}, as connect() picks them",
    Reason.PARITY_THERE: "both ports are of the range for callers, and only the other end's {remote} is {parity}, as connect() picks them",
    Reason.NAME_THERE: "the other end's port {remote} has a registered service, and its own {local} has none",
    Reason.NAME_HERE: "its port {local} has a registered service, and the other end's {remote} has none",
    Reason.DATAGRAM_DOOR: "it takes datagrams from anybody, on port {local}, which Linux doesn't hand out by itself",
    Reason.DATAGRAM_CLIENT_PORT: "its port {local} is one of those that Linux hands to programs that ask for none ({low}-{high})",
    Reason.NOT_CONNECTED: "it has no other end",
}


@dataclasses.dataclass(frozen=True)
class ClientPorts:
    """The ports that the system hands to callers, both ends inclusive (Linux: net.ipv4.ip_local_port_range)."""

    low: int
    high: int

    def has(self, ports: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Which of these ports are in the range."""
        inside: NDArray[np.bool_] = (ports >= self.low) & (ports <= self.high)
        return inside

    def is_connects(self, ports: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Which of these ports have the parity that connect() picks."""
        same: NDArray[np.bool_] = (ports & 1) == (self.low & 1)
        return same


#: What Linux has when nobody changed it (net/ipv4/af_inet.c).
LINUX_CLIENT_PORTS: Final = ClientPorts(32768, 60999)


#: Gives one truth for each of the 65,536 ports: whether a service is registered there.
NamedPorts = Callable[[], NDArray[np.bool_]]


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Roles:
    """The roles of a table's rows; arrays have one value per row."""

    role: NDArray[np.int8]  #: `Role`
    reason: NDArray[np.int8]  #: `Reason`
    ends: Ends
    client_ports: ClientPorts

    def certainty(self, row: int, *, is_udp: bool = False) -> Certainty:
        """How sure the role of a row is; for UDP never more than inferred, since datagrams make no calls."""
        sure = _CERTAINTY.get(Reason(int(self.reason[row])), Certainty.INFERRED)
        return Certainty.INFERRED if is_udp and sure is Certainty.MEASURED else sure


def assign_roles(table: SocketTable, client_ports: ClientPorts = LINUX_CLIENT_PORTS, named: NamedPorts | None = None) -> Roles:
    """Read the role of every row; ``named`` is only asked where no better sign speaks."""
    ends = find_ends(table)
    role, reason = np.zeros(len(table), np.int8), np.zeros(len(table), np.int8)
    local, remote = table.local_port, table.remote_port
    tcp = table.protocol == _TCP

    def settle(rows: NDArray[np.bool_], who: Role, why: Reason) -> None:
        free = rows & (reason == 0)
        role[free], reason[free] = who, why

    settle(tcp & ends.waits, Role.SERVER, Reason.LISTENS)
    settle(tcp & (table.state == KernelState.SYN_SENT), Role.CLIENT, Reason.CALLING)
    called = (table.state == KernelState.SYN_RECV) | (table.state == KernelState.NEW_SYN_RECV)
    settle(tcp & called, Role.SERVER, Reason.BEING_CALLED)
    door_here, door_there = ends.door >= 0, ends.peers_door >= 0
    settle(door_here & ~door_there, Role.SERVER, Reason.DOOR_HERE)
    settle(door_there & ~door_here, Role.CLIENT, Reason.DOOR_THERE)
    ours, theirs = client_ports.has(local), client_ports.has(remote)
    settle(~tcp & ends.waits & ~ours, Role.SERVER, Reason.DATAGRAM_DOOR)
    settle(~tcp & ends.waits & ours, Role.CLIENT, Reason.DATAGRAM_CLIENT_PORT)
    settle(~ends.has_peer, Role.UNKNOWN, Reason.NOT_CONNECTED)
    settle(ours & ~theirs, Role.CLIENT, Reason.CLIENT_PORT_HERE)
    settle(theirs & ~ours, Role.SERVER, Reason.CLIENT_PORT_THERE)
    # Parity is Linux's: it tells something only where the peer is this very Linux. UDP ports are random in both parities.
    both = tcp & ours & theirs & ends.peer_here
    even, peer_even = client_ports.is_connects(local), client_ports.is_connects(remote)
    settle(both & even & ~peer_even, Role.CLIENT, Reason.PARITY_HERE)
    settle(both & peer_even & ~even, Role.SERVER, Reason.PARITY_THERE)
    if named is not None and not reason.all():
        known = named()
        settle(known[remote] & ~known[local], Role.CLIENT, Reason.NAME_THERE)
        settle(known[local] & ~known[remote], Role.SERVER, Reason.NAME_HERE)
    return Roles(role, reason, ends, client_ports)


def explain_role(reason: Reason, local_port: int, remote_port: int, client_ports: ClientPorts = LINUX_CLIENT_PORTS) -> str:
    """Why the role was given, as a clause: ``a socket waits for callers on its port 22``."""
    parity = "odd" if client_ports.low & 1 else "even"
    return _WHY[reason].format(local=local_port, remote=remote_port, low=client_ports.low, high=client_ports.high, parity=parity)
