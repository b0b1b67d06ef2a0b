"""Who comes through each door now: established connections joined with the listening socket they came in by. Touches nothing."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.address_columns import V4_MAPPED, address_of, distinct_addresses
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.table import SocketTable
from doorward.values.addresses import Address
from doorward.values.doors import Door

__all__ = ["MOST_PEERS", "DoorUse", "uses_of_doors"]

MOST_PEERS: Final = 20
_ANY_V4: Final = V4_MAPPED + bytes(4)
_ANY_V6: Final = bytes(16)


@dataclasses.dataclass(frozen=True, slots=True)
class DoorUse:
    """The connections of one door."""

    connections: int = 0
    remote_connections: int = 0  #: whose peer is on another machine
    received_bytes: int = 0
    sent_bytes: int = 0  #: as far as the peers have acknowledged them
    peers: tuple[Address, ...] = ()  #: those with most connections first, at most `MOST_PEERS`


def uses_of_doors(table: SocketTable, doors: Mapping[Door, int]) -> dict[Door, DoorUse]:
    """Return how each door is used; ``doors`` gives one row of the table for each.

    A connection belongs to the door bound to its own address, else to the one bound to all addresses of its family, else to the
    one bound to ``::``. Peers count as other machines unless their address is one of the table's own or a loopback address.
    """
    rows = np.flatnonzero((table.state == KernelState.ESTABLISHED) & np.isin(table.local_port, [door.port for door in doors]))
    if not len(rows):
        return dict.fromkeys(doors, DoorUse())
    locals_, local_rank = distinct_addresses(table.local_address[rows])
    key = (
        (table.namespace[rows].astype(np.int64) << 48)
        | (table.protocol[rows].astype(np.int64) << 40)
        | (table.local_port[rows] << np.int64(1))
    )
    key |= table.family[rows] == 6
    keys, key_rank = np.unique(key, return_inverse=True)
    pairs, entrance = np.unique(key_rank * len(locals_) + local_rank, return_inverse=True)
    entrances = zip(keys[pairs // len(locals_)].tolist(), (pairs % len(locals_)).tolist(), strict=True)
    places = _places(table, doors)
    belongs = np.array([_belongs(number, locals_[rank].tobytes(), places) for number, rank in entrances], np.intp)[entrance]
    is_own = _own_rows(table, rows)
    order = np.argsort(belongs, kind="stable")
    first = np.searchsorted(belongs[order], np.arange(len(doors) + 1))
    parts = [order[start:end] for start, end in itertools.pairwise(first)]
    return {door: _use(table, rows[part], is_own[part]) for door, part in zip(doors, parts, strict=True)}


def _places(table: SocketTable, doors: Mapping[Door, int]) -> dict[tuple[int, int, int, bytes, int], int]:
    """(namespace, protocol, port, bound address, family) → the door's number."""
    return {
        (
            int(table.namespace[row]), int(table.protocol[row]), door.port, table.local_address[row].tobytes(), int(table.family[row]),
        ): place
        for place, (door, row) in enumerate(doors.items())
    }  # fmt: skip


def _belongs(key: int, local: bytes, places: Mapping[tuple[int, int, int, bytes, int], int]) -> int:
    namespace, protocol, port, family = key >> 48, key >> 40 & 0xFF, key >> 1 & 0xFFFF, 6 if key & 1 else 4
    bound = [(local, family), (_ANY_V4, family), (_ANY_V6, family)]
    return next((places[(namespace, protocol, port, *one)] for one in bound if (namespace, protocol, port, *one) in places), -1)


def _own_rows(table: SocketTable, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which of these connections have their peer on this machine."""
    own = {address.tobytes() for address in distinct_addresses(table.local_address)[0]}
    remotes, rank = distinct_addresses(table.remote_address[rows])
    packed = [remote.tobytes() for remote in remotes]
    return np.array([one in own or address_of(one).is_loopback for one in packed], bool)[rank]


def _use(table: SocketTable, rows: NDArray[np.intp], is_own: NDArray[np.bool_]) -> DoorUse:
    if not len(rows):
        return DoorUse()
    peers, rank = distinct_addresses(table.remote_address[rows])
    commonest = np.argsort(-np.bincount(rank), kind="stable")[:MOST_PEERS]
    return DoorUse(
        connections=len(rows),
        remote_connections=int((~is_own).sum()),
        received_bytes=int(table.bytes_received[rows].sum()),
        sent_bytes=int(table.bytes_acked[rows].sum()),
        peers=tuple(address_of(peers[place].tobytes()) for place in commonest),
    )
