"""Every socket of a machine as columns: the one shape that all readers fill and all faces draw from.

Knows no kernel interface and no words for people: only rows, and what belongs to a row (its holder, namespace, interface). A column
is a NumPy array with one value per socket, so that a hundred thousand of them are counted, filtered and sorted without a Python loop;
`SocketTable.socket` makes a record of one row, for dozens.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from doorward.sockets.address_columns import address_of
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.ownership import owner_of_cgroup
from doorward.sockets.processes import Executable
from doorward.values.addresses import Address, Reach
from doorward.values.doors import Holder
from doorward.values.transports import Transport

__all__ = ["COLUMNS", "PROTOCOLS", "Namespace", "Socket", "SocketTable"]

#: IP protocol number → transport, for the two that are read.
PROTOCOLS: Final = {6: Transport.TCP, 17: Transport.UDP}

#: Column → its dtype; the two addresses have the shape (n, 16), all others (n,). Meanings stand at `SocketTable`.
COLUMNS: Final[dict[str, type[np.generic]]] = {
    "namespace": np.int16,
    "protocol": np.uint8,
    "family": np.uint8,
    "state": np.uint8,
    "local_address": np.uint8,
    "local_port": np.uint16,
    "remote_address": np.uint8,
    "remote_port": np.uint16,
    "interface": np.uint32,
    "uid": np.uint32,
    "inode": np.uint64,
    "cookie": np.uint64,
    "receive_queue": np.uint32,
    "send_queue": np.uint32,
    "v6only": np.int8,
    "cgroup_id": np.uint64,
    "pid": np.int32,
    "retransmits": np.uint8,
    "expires_ms": np.uint32,
    "rtt_us": np.uint32,
    "rttvar_us": np.uint32,
    "total_retransmits": np.uint32,
    "lost": np.uint32,
    "bytes_acked": np.uint64,
    "bytes_received": np.uint64,
    "last_sent_ms": np.uint32,
    "last_received_ms": np.uint32,
    "congestion_window": np.uint32,
    "delivery_rate": np.uint64,
}
_WIDE: Final = frozenset({"local_address", "remote_address"})


class Namespace(msgspec.Struct, frozen=True):
    """A network namespace; ``name`` is empty for the one this program runs in, ``inode`` 0 where the system has none."""

    name: str = ""
    inode: int = 0


class Socket(msgspec.Struct, frozen=True, kw_only=True):
    """One row as a record. IPv4 inside IPv6 (``::ffff:a.b.c.d``) is shown as IPv4; ``family`` tells what the socket itself is."""

    namespace: Namespace
    transport: Transport
    family: int  #: 4 or 6
    state: KernelState
    local: Address
    local_port: int
    remote: Address
    remote_port: int
    interface: str = ""  #: the interface it is bound to, empty for all
    uid: int = 0
    inode: int = 0
    cookie: int = 0
    receive_queue: int = 0
    send_queue: int = 0
    v6only: bool | None = None
    holder: Holder = Holder()
    pids: tuple[int, ...] = ()  #: every process that holds it, ascending; empty when unknown
    executable: Executable | None = None
    retransmits: int = 0
    expires_ms: int = 0
    rtt_us: int = 0
    rttvar_us: int = 0
    total_retransmits: int = 0
    lost: int = 0
    bytes_acked: int = 0
    bytes_received: int = 0
    last_sent_ms: int = 0
    last_received_ms: int = 0
    congestion_window: int = 0
    delivery_rate: int = 0

    @property
    def is_dual_stack(self) -> bool:
        """Whether an IPv6 socket bound to every address takes IPv4 callers too; unknown counts as not."""
        return self.family == 6 and self.local.packed == bytes(16) and self.v6only is False


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class SocketTable:
    """n sockets as columns of n values. Arrays are shared between tables: read them, never write into them.

    What a reader could not see is 0 in a number, -1 in ``pid``, ``v6only`` and no entry in a mapping; ``missing`` says so in words.
    """

    namespace: NDArray[np.int16]  #: index into ``namespaces``
    protocol: NDArray[np.uint8]  #: IP protocol number: 6 TCP, 17 UDP
    family: NDArray[np.uint8]  #: the socket's own family, 4 or 6
    state: NDArray[np.uint8]  #: `KernelState`
    local_address: NDArray[np.uint8]  #: (n, 16), network order; IPv4 as ::ffff:a.b.c.d, also for IPv6 sockets that talk IPv4
    local_port: NDArray[np.uint16]  #: host order
    remote_address: NDArray[np.uint8]  #: (n, 16) like ``local_address``; all addresses (:: or ::ffff:0.0.0.0) where there is no peer
    remote_port: NDArray[np.uint16]  #: 0 where there is no peer
    interface: NDArray[np.uint32]  #: index of the interface it is bound to, 0 for all
    uid: NDArray[np.uint32]  #: owner; 0 also for TIME_WAIT, which has none
    inode: NDArray[np.uint64]  #: 0 for sockets that belong to no process any more (TIME_WAIT, some closing ones)
    cookie: NDArray[np.uint64]  #: the kernel's own name for the socket, unique until reboot within a namespace; 0 unknown
    receive_queue: NDArray[np.uint32]  #: bytes not yet read by the process; for LISTEN: callers waiting to be accepted
    send_queue: NDArray[np.uint32]  #: bytes not yet acknowledged by the peer; for LISTEN: how many callers may wait
    v6only: NDArray[np.int8]  #: IPv6 sockets: 1 refuses IPv4, 0 takes it too, -1 unknown; IPv4 sockets: -1
    cgroup_id: NDArray[np.uint64]  #: key into ``cgroups``, 0 unknown
    pid: NDArray[np.int32]  #: one process that holds it (the lowest number), -1 unknown or none
    retransmits: NDArray[np.uint8]  #: repeats of the segment in hand, unanswered so far
    expires_ms: NDArray[np.uint32]  #: time until the running timer fires (TIME_WAIT: until it is forgotten)
    rtt_us: NDArray[np.uint32]  #: smoothed round-trip time; this and all below: TCP only, 0 where the reader gives none
    rttvar_us: NDArray[np.uint32]  #: its mean deviation
    total_retransmits: NDArray[np.uint32]  #: segments sent again since the start
    lost: NDArray[np.uint32]  #: segments thought lost now
    bytes_acked: NDArray[np.uint64]  #: bytes sent and acknowledged
    bytes_received: NDArray[np.uint64]
    last_sent_ms: NDArray[np.uint32]  #: time since the last data was sent (since the start where there was none)
    last_received_ms: NDArray[np.uint32]  #: time since data last came
    congestion_window: NDArray[np.uint32]  #: segments
    delivery_rate: NDArray[np.uint64]  #: bytes a second, as the kernel last measured it

    namespaces: tuple[Namespace, ...] = (Namespace(),)
    holders: Mapping[int, Holder] = dataclasses.field(
        default_factory=dict
    )  #: pid → its holder, for every pid in the column and in ``shared``
    executables: Mapping[int, Executable] = dataclasses.field(default_factory=dict)  #: pid → executable, where it could be read
    shared: Mapping[int, tuple[int, ...]] = dataclasses.field(default_factory=dict)  #: inode → every pid, where several hold it
    users: Mapping[int, str] = dataclasses.field(
        default_factory=dict
    )  #: uid → name (the number where it has none), for every uid in the column
    cgroups: Mapping[int, str] = dataclasses.field(default_factory=dict)  #: cgroup id → path
    interfaces: Mapping[tuple[int, int], str] = dataclasses.field(default_factory=dict)  #: (namespace index, interface index) → name
    missing: tuple[str, ...] = ()  #: what could not be seen, and which right or system would show it: whole sentences
    reader: str = "netlink"  #: who read it: "netlink", "proc" or "psutil"

    def __len__(self) -> int:
        return len(self.state)

    @classmethod
    def of(cls, columns: Mapping[str, NDArray[Any]], count: int, **context: Any) -> Self:
        """Make a table from the columns a reader has; the others hold what stands for "unknown" at no cost in memory."""
        filled: dict[str, Any] = {name: columns[name] if name in columns else _blank_column(name, count) for name in COLUMNS}
        return cls(**filled, **context)

    @classmethod
    def empty(cls) -> Self:
        """A table without sockets."""
        return cls.of({}, 0)

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name."""
        return {name: getattr(self, name) for name in COLUMNS}

    def select(self, rows: NDArray[Any] | slice) -> Self:
        """The rows that a mask (bool), indices (in that order) or a slice choose; everything else stays."""
        chosen: dict[str, Any] = {name: column[rows] for name, column in self.columns().items()}
        return dataclasses.replace(self, **chosen)

    def replaced(self, **changes: Any) -> Self:
        """The same table with other columns or context."""
        return dataclasses.replace(self, **changes)

    def pids(self, row: int) -> tuple[int, ...]:
        """Every process that holds the socket, ascending; empty when unknown."""
        several = self.shared.get(int(self.inode[row]))
        if several is not None:
            return several
        pid = int(self.pid[row])
        return (pid,) if pid >= 0 else ()

    def holder(self, row: int) -> Holder:
        """Who holds the socket; without the process still its user, and the unit and container from its cgroup."""
        holder = self.holders.get(int(self.pid[row]))
        if holder is not None:
            return holder
        cgroup = self.cgroups.get(int(self.cgroup_id[row]), "")
        unit, container = owner_of_cgroup(cgroup)
        user = "" if self.is_orphan(row) else self.users.get(int(self.uid[row]), "")
        return Holder(user=user, unit=unit, container=container, cgroup=cgroup, namespace=self.namespaces[self.namespace[row]].name)

    def is_orphan(self, row: int) -> bool:
        """Whether the kernel keeps the socket for nobody (TIME_WAIT, and closing ones whose process has let go)."""
        return int(self.inode[row]) == 0 and int(self.pid[row]) < 0

    def interface_name(self, row: int) -> str:
        """The interface the socket is bound to, empty for all; its number where the name is unknown."""
        index = int(self.interface[row])
        return self.interfaces.get((int(self.namespace[row]), index), str(index)) if index else ""

    def local(self, row: int) -> Address:
        """The socket's own address, with its interface where it is link-local."""
        return self._address(self.local_address, row)

    def remote(self, row: int) -> Address:
        """The peer's address, with the interface where it is link-local."""
        return self._address(self.remote_address, row)

    def socket(self, row: int) -> Socket:
        """One row as a record."""
        plain = {name: int(getattr(self, name)[row]) for name in _PLAIN}
        v6only = int(self.v6only[row])
        return Socket(
            namespace=self.namespaces[self.namespace[row]],
            transport=PROTOCOLS[int(self.protocol[row])],
            state=_state(int(self.state[row])),
            local=self.local(row),
            remote=self.remote(row),
            interface=self.interface_name(row),
            v6only=None if v6only < 0 else bool(v6only),
            holder=self.holder(row),
            pids=self.pids(row),
            executable=self.executables.get(int(self.pid[row])),
            **plain,
        )

    @classmethod
    def concatenate(cls, tables: Sequence[Self]) -> Self:
        """One table of several, rows in their order; namespaces are renumbered, mappings joined (the later one wins)."""
        if not tables:
            return cls.empty()
        namespaces = tuple(dict.fromkeys(namespace for table in tables for namespace in table.namespaces))
        columns: dict[str, Any] = {
            name: np.concatenate([getattr(table, name) for table in tables]) for name in COLUMNS if name != "namespace"
        }
        numbers = [np.array([namespaces.index(n) for n in table.namespaces] or [0], np.int16) for table in tables]
        columns["namespace"] = np.concatenate([number[table.namespace] for number, table in zip(numbers, tables, strict=True)])
        interfaces = {
            (int(number[place]), index): name
            for number, table in zip(numbers, tables, strict=True)
            for (place, index), name in table.interfaces.items()
        }
        mappings: dict[str, Any] = {name: _joined(getattr(table, name) for table in tables) for name in _MAPPINGS}
        return cls(
            **columns,
            namespaces=namespaces or (Namespace(),),
            interfaces=interfaces,
            missing=tuple(dict.fromkeys(sentence for table in tables for sentence in table.missing)),
            reader=tables[0].reader,
            **mappings,
        )

    def _address(self, addresses: NDArray[np.uint8], row: int) -> Address:
        address = address_of(addresses[row].tobytes())
        scope = self.interface_name(row) if address.family == 6 and address.reach is Reach.LINK else ""
        return Address(address.packed, scope) if scope else address


_MAPPINGS: Final = ("holders", "executables", "shared", "users", "cgroups")
_PLAIN: Final = tuple(
    name for name in COLUMNS if name not in {"namespace", "protocol", "state", "interface", "v6only", "cgroup_id", "pid", *_WIDE}
)


def _blank_column(name: str, count: int) -> NDArray[Any]:
    """A column of ``count`` unknowns that takes no memory (all rows are one value in fact)."""
    unknown = np.full((1, 16) if name in _WIDE else 1, -1 if name in {"pid", "v6only"} else 0, COLUMNS[name])
    return np.broadcast_to(unknown, (count, 16) if name in _WIDE else (count,))


def _state(number: int) -> KernelState:
    try:
        return KernelState(number)
    except ValueError:
        return KernelState.UNKNOWN


def _joined(mappings: Iterable[Mapping[Any, Any]]) -> dict[Any, Any]:
    return {key: value for mapping in mappings for key, value in mapping.items()}
