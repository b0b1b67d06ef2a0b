"""Records of sockets turned back into a table, so that the gone are filtered, sorted and drawn with the living; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from doorward.sockets.address_columns import V4_MAPPED
from doorward.sockets.table import COLUMNS, Socket, SocketTable
from doorward.values.addresses import Address

__all__ = ["table_of_sockets"]

#: Columns that a record has under the same name as a number.
_SAME: Final = tuple(
    name
    for name in COLUMNS
    if name not in {"namespace", "protocol", "local_address", "remote_address", "interface", "v6only", "cgroup_id", "pid"}
)
# The record has the interface's and the cgroup's name and no number; these numbers lie beyond those that a kernel gives.
_FIRST_INTERFACE: Final = 1 << 31
_FIRST_CGROUP: Final = 1 << 63


def table_of_sockets(sockets: Sequence[Socket]) -> SocketTable:
    """Make a table of records, in their order; ``table.socket(row)`` gives an equal record back, but for the executable."""
    if not sockets:
        return SocketTable.empty()
    namespaces = list(dict.fromkeys(socket.namespace for socket in sockets))
    interfaces = list(dict.fromkeys(socket.interface for socket in sockets if socket.interface))
    cgroups = list(dict.fromkeys(socket.holder.cgroup for socket in sockets if socket.holder.cgroup))
    columns: dict[str, Any] = {name: [getattr(socket, name) for socket in sockets] for name in _SAME}
    columns |= {
        "namespace": [namespaces.index(socket.namespace) for socket in sockets],
        "protocol": [socket.transport.protocol_number for socket in sockets],
        "interface": [_FIRST_INTERFACE + interfaces.index(socket.interface) if socket.interface else 0 for socket in sockets],
        "cgroup_id": [_FIRST_CGROUP + cgroups.index(socket.holder.cgroup) if socket.holder.cgroup else 0 for socket in sockets],
        "v6only": [-1 if socket.v6only is None else int(socket.v6only) for socket in sockets],
        "pid": [-1 if socket.holder.pid is None else socket.holder.pid for socket in sockets],
    }
    arrays = {name: np.array(values, COLUMNS[name]) for name, values in columns.items()}
    for name in ("local", "remote"):
        packed = b"".join(_packed(getattr(socket, name)) for socket in sockets)
        arrays[f"{name}_address"] = np.frombuffer(packed, np.uint8).reshape(-1, 16)
    return SocketTable.of(
        arrays,
        len(sockets),
        namespaces=tuple(namespaces),
        holders={socket.holder.pid: socket.holder for socket in sockets if socket.holder.pid is not None},
        shared={socket.inode: socket.pids for socket in sockets if len(socket.pids) > 1},
        users={socket.uid: socket.holder.user for socket in sockets if socket.holder.pid is None and socket.holder.user},
        cgroups={_FIRST_CGROUP + place: path for place, path in enumerate(cgroups)},
        interfaces={(n, _FIRST_INTERFACE + i): name for n in range(len(namespaces)) for i, name in enumerate(interfaces)},
    )


def _packed(address: Address) -> bytes:
    return V4_MAPPED + address.packed if address.family == 4 else address.packed
