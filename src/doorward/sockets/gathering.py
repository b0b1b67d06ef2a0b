"""Many sockets as few lines: those of one group with the same peer, counted and summed.

Knows rows, groups that somebody else has numbered, and peers; doesn't know what a group stands for.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.address_columns import distinct_addresses
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.roles import Role, Roles
from doorward.sockets.table import PROTOCOLS, SocketTable
from doorward.values.addresses import Address
from doorward.values.doors import Holder
from doorward.values.transports import Transport

__all__ = ["Peer", "Peers", "Tally", "gather_peers", "not_taken_yet"]

_STATES: Final = 16  # the kernel's states fit in four bits; a later one counts as unknown


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """What several sockets do together. Sums are exact up to 2^53."""

    sockets: int
    states: tuple[tuple[KernelState, int], ...]  #: with how many sockets are in each, the commonest first
    untaken: int  #: of these, connected by the kernel, and still in the queue of a door whose program hasn't taken them
    received: int  #: bytes
    sent: int  #: bytes that the peer has acknowledged
    unread: int  #: bytes that the program hasn't read
    unsent: int  #: bytes that the peer hasn't acknowledged
    retransmits: int  #: segments sent again since the start
    rtt_us: int  #: mean round trip over the sockets that know theirs, 0 where none does


@dataclasses.dataclass(frozen=True, slots=True)
class Peer:
    """The other end of one conversation or of several."""

    transport: Transport
    address: Address
    port: int  #: 0 where the conversations have different ones
    local_port: int  #: this end's port; 0 where they differ
    holder: Holder | None  #: the program at the other end, where that is on this machine and known
    is_here: bool  #: on this machine
    role: Role  #: of this machine's end
    tally: Tally


@dataclasses.dataclass(frozen=True, slots=True)
class Peers:
    """The peers of a group that have most to do with it, and how many there are besides."""

    shown: tuple[Peer, ...] = ()
    more_peers: int = 0
    more_sockets: int = 0


def gather_peers(
    table: SocketTable, roles: Roles, rows: NDArray[np.intp], group: NDArray[Any], *, by_port: bool, limit: int
) -> dict[int, Peers]:
    """Gather rows by their group's number and their peer, and return group → its peers, those with most sockets first.

    With ``by_port`` each port of a peer is a peer of its own (for callers); without, a program of this machine counts as one peer
    whatever its ports (for doors). At most ``limit`` peers a group are made into records.
    """
    if not len(rows):
        return {}
    packed = group.astype(np.int64) << 42 | _peer_numbers(table, roles, rows, by_port=by_port)
    _, first, number, sizes = np.unique(packed, return_index=True, return_inverse=True, return_counts=True)
    owner = group[first].astype(np.int64)
    order = np.lexsort((first, -sizes, owner))
    starts = np.flatnonzero(np.r_[True, owner[order][1:] != owner[order][:-1]])
    sums = _Sums(table, roles, rows, number, len(first))
    gathered: dict[int, Peers] = {}
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        chosen = order[start : min(end, start + limit)]
        shown = tuple(_peer(table, roles, int(rows[first[n]]), sums.tally(int(n)), by_port=by_port) for n in chosen)
        rest = order[start + limit : end]
        gathered[int(owner[order[start]])] = Peers(shown, len(rest), int(sizes[rest].sum()))
    return gathered


def not_taken_yet(table: SocketTable, roles: Roles, rows: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows are callers in a door's queue: connected, and without an inode, which a socket gets when a program accepts it."""
    queued: NDArray[np.bool_] = (table.inode[rows] == 0) & (table.pid[rows] < 0) & (roles.ends.door[rows] >= 0)
    state = table.state[rows]
    queued &= (state == KernelState.ESTABLISHED) | (state == KernelState.CLOSE_WAIT)
    return queued


def _peer_numbers(table: SocketTable, roles: Roles, rows: NDArray[np.intp], *, by_port: bool) -> NDArray[np.int64]:
    """A number below 2^42 per row, the same for rows with the same peer."""
    other = roles.ends.other[rows]
    paired = (other >= 0) & (table.pid[other] >= 0)
    numbers = np.zeros(len(rows), np.int64)
    if by_port:
        paired[:] = False
    else:
        numbers[paired] = table.pid[other[paired]]
    alone = np.flatnonzero(~paired)
    if len(alone):
        _, address = distinct_addresses(table.remote_address[rows[alone]])
        port = (table.remote_port[rows[alone]].astype(np.int64) << 1 | (table.protocol[rows[alone]] == 17)) if by_port else 0
        numbers[alone] = 1 << 41 | (address.astype(np.int64) << 17) | port
    return numbers


class _Sums:
    """Sums over the rows of each gathering."""

    def __init__(self, table: SocketTable, roles: Roles, rows: NDArray[np.intp], number: NDArray[np.intp], count: int) -> None:
        state = np.minimum(table.state[rows], _STATES - 1).astype(np.int64)
        self._states = np.bincount(number * _STATES + state, minlength=count * _STATES).reshape(count, _STATES)
        rtt = table.rtt_us[rows]

        def total(column: NDArray[Any]) -> NDArray[Any]:
            return np.bincount(number, weights=column.astype(np.float64), minlength=count)

        self._untaken = total(not_taken_yet(table, roles, rows) & (table.state[rows] == KernelState.ESTABLISHED))
        self._received = total(table.bytes_received[rows])
        self._sent = total(table.bytes_acked[rows])
        self._unread = total(table.receive_queue[rows])
        self._unsent = total(table.send_queue[rows])
        self._retransmits = total(table.total_retransmits[rows])
        self._rtt = total(rtt)
        self._with_rtt = total(rtt > 0)

    def tally(self, place: int) -> Tally:
        """The sums of one gathering."""
        states = self._states[place]
        met = sorted(((_state(number), int(states[number])) for number in np.flatnonzero(states).tolist()), key=_commonest)
        return Tally(
            sockets=int(states.sum()),
            states=tuple(met),
            untaken=int(self._untaken[place]),
            received=int(self._received[place]),
            sent=int(self._sent[place]),
            unread=int(self._unread[place]),
            unsent=int(self._unsent[place]),
            retransmits=int(self._retransmits[place]),
            rtt_us=int(self._rtt[place] / max(self._with_rtt[place], 1)),
        )


def _state(number: int) -> KernelState:
    return KernelState(number) if number <= KernelState.BOUND_INACTIVE else KernelState.UNKNOWN


def _commonest(item: tuple[KernelState, int]) -> tuple[int, int]:
    return -item[1], int(item[0])


def _peer(table: SocketTable, roles: Roles, row: int, tally: Tally, *, by_port: bool) -> Peer:
    ends = roles.ends
    there = int(ends.other[row]) if ends.other[row] >= 0 else int(ends.peers_door[row])
    pid = int(table.pid[there]) if there >= 0 else -1
    return Peer(
        transport=PROTOCOLS[int(table.protocol[row])],
        address=table.remote(row),
        port=int(table.remote_port[row]) if by_port or tally.sockets == 1 else 0,
        local_port=int(table.local_port[row]) if tally.sockets == 1 else 0,
        holder=table.holders.get(pid),
        is_here=bool(ends.peer_here[row]),
        role=Role(int(roles.role[row])),
        tally=tally,
    )
