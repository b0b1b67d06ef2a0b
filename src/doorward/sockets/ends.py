"""The two ends of conversations: which sockets belong together, which peers are on this machine, which ends have a door behind them.

Knows addresses, ports and namespaces of a table's rows; draws no conclusion about who called whom.

Both ends of a conversation on one machine are two rows with the same pair of ends, mirrored. The obvious way, a dictionary of 6-tuples,
costs a second for 100,000 rows; ours makes one number per pair that is the same from both sides, sorts it, and then compares the neighbours
value by value, so a collision of the numbers can't join strangers.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.kernel_states import KernelState
from doorward.sockets.table import SocketTable

__all__ = ["Ends", "find_ends"]

_TCP, _UDP = 6, 17
_ANY_V4: Final = np.uint64(0xFFFF00000000)  # ::ffff:0.0.0.0 as two 64-bit numbers has 0 in the upper and this in the lower
# Odd multipliers with well spread bits: 2^64 divided by the golden ratio, and two of the constants of the same kind (Knuth, TAOCP 3, §6.4).
_MIX: Final = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Ends:
    """What is known of each row's two ends; all arrays have one value per row of the table."""

    has_peer: NDArray[np.bool_]  #: there is another end
    other: NDArray[np.intp]  #: the row that is the other end of the same conversation, -1 where it isn't in the table
    peer_here: NDArray[np.bool_]  #: the peer is on this machine: loopback, an address of the same namespace, or a row of the table
    door: NDArray[np.intp]  #: the row that waits for callers on this row's own end, -1 where none does
    peers_door: NDArray[np.intp]  #: the row that waits for callers on the peer's end, -1 where none of this machine does
    waits: NDArray[np.bool_]  #: the row itself takes callers (TCP) or datagrams from anybody (UDP, on a port)


def find_ends(table: SocketTable) -> Ends:
    """Match the rows of a table with one another."""
    local, remote = _halves(table.local_address), _halves(table.remote_address)
    space = table.namespace.astype(np.int64) * 256 + table.protocol
    has_peer = table.remote_port != 0
    loopback = has_peer & _is_loopback(remote)
    other = _mirrors(table, local, remote, has_peer, loopback | _is_loopback(local))
    waits = _waits(table)
    doors = _Doors(space, local, table.local_port, waits, table.v6only)
    own = np.unique(_mix(space, local)[has_peer])
    here = loopback | (has_peer & _isin(_mix(space, remote), own))
    door = np.where(has_peer, doors.behind(space, local, table.local_port), -1)
    behind_peer = np.where(here, doors.behind(space, remote, table.remote_port), -1)
    paired = other >= 0
    behind_peer = np.where((behind_peer < 0) & paired, door[other], behind_peer)
    return Ends(has_peer, other, here | paired, door, behind_peer, waits)


class _Doors:
    """The ends on which some socket waits for callers: those bound to one address, and those bound to every address of a family."""

    def __init__(self, space: NDArray[Any], local: _Halves, port: NDArray[Any], waits: NDArray[np.bool_], v6only: NDArray[Any]) -> None:
        self._local = local
        is_any = (local[0] == 0) & ((local[1] == _ANY_V4) | (local[1] == 0))
        bound = np.flatnonzero(waits & ~is_any)
        self._exact = _Index(_end_key(space, local, port)[bound], bound)
        v4 = np.flatnonzero(waits & is_any & (local[1] == _ANY_V4))
        v6 = np.flatnonzero(waits & is_any & (local[1] == 0))
        both = v6[v6only[v6] != 1]  # takes IPv4 callers too, unless an IPv4 socket stands beside it
        rows = np.concatenate([v4, both, v6])
        is_v4 = np.arange(len(rows)) < len(v4) + len(both)
        self._any = _Index(_any_key(space[rows], port[rows], is_v4), rows)

    def behind(self, space: NDArray[Any], end: _Halves, port: NDArray[Any]) -> NDArray[np.intp]:
        """The row of the socket that waits on each of these ends, -1 where nobody does; the one bound to the very address goes first."""
        found = self._exact.find(_end_key(space, end, port))
        # Keys of addresses are mixed numbers: a chance hit of two strangers is taken back.
        found[(self._local[0][found] != end[0]) | (self._local[1][found] != end[1])] = -1
        return np.where(found >= 0, found, self._any.find(_any_key(space, port, _is_v4(end))))


class _Index:
    """From keys to rows; of rows with the same key the first counts."""

    def __init__(self, keys: NDArray[Any], rows: NDArray[np.intp]) -> None:
        order = np.argsort(keys, kind="stable")
        self._keys, self._rows = keys[order], rows[order]

    def find(self, keys: NDArray[Any]) -> NDArray[np.intp]:
        """The row of each key, -1 where there is none."""
        if not len(self._keys):
            return np.full(len(keys), -1, np.intp)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, self._rows[place], -1)


_Halves = tuple[NDArray[np.uint64], NDArray[np.uint64]]


def _halves(addresses: NDArray[np.uint8]) -> _Halves:
    """An (n, 16) column as two columns of 64-bit numbers."""
    pairs = np.ascontiguousarray(addresses).view(">u8")
    return pairs[:, 0].astype(np.uint64), pairs[:, 1].astype(np.uint64)


def _is_v4(end: _Halves) -> NDArray[np.bool_]:
    v4: NDArray[np.bool_] = (end[0] == 0) & (end[1] >> np.uint64(32) == np.uint64(0xFFFF))
    return v4


def _is_loopback(end: _Halves) -> NDArray[np.bool_]:
    """127.0.0.0/8 (RFC 1122 §3.2.1.3) and ::1 (RFC 4291 §2.5.3)."""
    loopback: NDArray[np.bool_] = (end[0] == 0) & ((end[1] >> np.uint64(24) == np.uint64(0xFFFF7F)) | (end[1] == 1))
    return loopback


def _waits(table: SocketTable) -> NDArray[np.bool_]:
    tcp = (table.protocol == _TCP) & (table.state == KernelState.LISTEN)
    udp = (table.protocol == _UDP) & (table.remote_port == 0) & (table.local_port != 0)
    waits: NDArray[np.bool_] = tcp | udp
    return waits


def _end_key(space: NDArray[Any], end: _Halves, port: NDArray[Any]) -> NDArray[np.uint64]:
    return _mix(space, end) ^ _port_mix(port)


def _any_key(space: NDArray[Any], port: NDArray[Any], is_v4: Any) -> NDArray[np.int64]:
    key: NDArray[np.int64] = (space * 65536 + port) * 2 + is_v4
    return key


def _mix(space: NDArray[Any], end: _Halves) -> NDArray[np.uint64]:
    """One well spread number per (namespace, protocol, address)."""
    mixed = (end[0] * _MIX[0]) ^ (end[1] + _MIX[1]) * _MIX[2]
    mixed ^= space.astype(np.uint64) * _MIX[1]
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX[0]
    return mixed


def _port_mix(port: NDArray[Any]) -> NDArray[np.uint64]:
    mixed: NDArray[np.uint64] = (port.astype(np.uint64) + np.uint64(1)) * _MIX[2]
    return mixed


def _isin(values: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.bool_]:
    """Membership in a sorted array."""
    if not len(wanted):
        return np.zeros(len(values), np.bool_)
    place = np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)
    found: NDArray[np.bool_] = wanted[place] == values
    return found


def _mirrors(
    table: SocketTable, local: _Halves, remote: _Halves, has_peer: NDArray[np.bool_], loopback: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """The row of the other end, -1 where there is none or more than one."""
    other = np.full(len(table), -1, np.intp)
    rows = np.flatnonzero(has_peer)
    if len(rows) < 2:
        return other
    # Loopback is another one in each namespace; any other address is taken for the same machine's wherever it shows up.
    space = np.where(loopback, table.namespace.astype(np.int64) + 1, 0)[rows] * 256 + table.protocol[rows]
    one = _mix(space, (local[0][rows], local[1][rows])) + _port_mix(table.local_port[rows])
    two = _mix(space, (remote[0][rows], remote[1][rows])) + _port_mix(table.remote_port[rows])
    rows, one, two = (column[one != two] for column in (rows, one, two))  # a socket connected to itself has no other end
    pair = (one ^ two) + (one * two)  # the same from both sides
    order = np.argsort(pair)
    pair = pair[order]
    same = pair[1:] == pair[:-1]
    alone = np.ones(len(same), np.bool_)
    alone[1:] &= ~same[:-1]
    alone[:-1] &= ~same[1:]
    first = np.flatnonzero(same & alone)
    a, b = rows[order[first]], rows[order[first + 1]]
    true = (table.local_port[a] == table.remote_port[b]) & (table.remote_port[a] == table.local_port[b])
    for half in (0, 1):
        true &= (local[half][a] == remote[half][b]) & (remote[half][a] == local[half][b])
    true &= table.protocol[a] == table.protocol[b]
    a, b = a[true], b[true]
    other[a], other[b] = b, a
    return other
