"""What the sockets hand to the audit: rows become the evidence of the witnesses *socket* and *use*, one piece a door. Touches nothing.

A door is a listening TCP socket, or a UDP socket bound to a port without a peer. Several sockets on one address and port (SO_REUSEPORT)
are one door. Many UDP sockets without a peer are no doors but the near ends of questions; the kernel doesn't tell them apart, so those
on a port from the range for callers are marked with the fact ``client_port``, and the audit judges.
"""

from __future__ import annotations

import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.sockets.door_use import DoorUse, uses_of_doors
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.roles import LINUX_CLIENT_PORTS, ClientPorts
from doorward.sockets.table import PROTOCOLS, SocketTable
from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence, Fact, Witness
from doorward.values.transports import Transport

__all__ = ["testify"]

_VANTAGE: Final = "kernel"
_TCP: Final = 6
_UDP: Final = 17


def testify(
    table: SocketTable,
    *,
    machine: str,
    at: datetime.datetime,
    client_ports: ClientPorts = LINUX_CLIENT_PORTS,  # noqa: PT028  # "testify" is no test
) -> list[Evidence]:
    """Return for each door, in their order, one piece of evidence of the socket witness and one of the use witness."""
    doors: dict[Door, list[int]] = {}
    for row in np.flatnonzero(_door_rows(table)).tolist():
        doors.setdefault(_door(table, row, machine), []).append(row)
    uses = uses_of_doors(table, {door: rows[0] for door, rows in doors.items()})
    said: list[Evidence] = []
    for door, rows in sorted(doors.items()):
        said += [_socket_evidence(table, door, rows, at, client_ports), _use_evidence(door, uses[door], at)]
    return said


def _door_rows(table: SocketTable) -> NDArray[np.bool_]:
    listens = (table.protocol == _TCP) & (table.state == KernelState.LISTEN)
    waits = (table.protocol == _UDP) & (table.state == KernelState.CLOSE) & (table.local_port != 0)
    rows: NDArray[np.bool_] = listens | waits
    return rows


def _door(table: SocketTable, row: int, machine: str) -> Door:
    namespace = table.namespaces[table.namespace[row]].name
    place = f"{machine}#{namespace}" if namespace else machine
    return Door(place, table.local(row), PROTOCOLS[int(table.protocol[row])], int(table.local_port[row]))


def _socket_evidence(table: SocketTable, door: Door, rows: list[int], at: datetime.datetime, client_ports: ClientPorts) -> Evidence:
    facts = _holder_facts(table, rows)
    facts |= _socket_facts(table, rows)
    if door.transport is Transport.UDP:
        facts["client_port"] = _is_client_port(table, rows, client_ports)
    process = facts.get("process")
    verb = "listens" if door.transport is Transport.TCP else "is bound without a peer"
    who = f"held by {process} ({facts['pid']})" if process else "its process couldn't be seen"
    why = f"the kernel's table has a socket that {verb} here, {who}"
    if facts.get("client_port"):
        why += "; its port is one that the system picks for callers, so it is likely the near end of a question"
    return Evidence(door, Witness.SOCKET, at, _VANTAGE, "listens", Certainty.MEASURED, why, facts)


def _holder_facts(table: SocketTable, rows: list[int]) -> dict[str, Fact]:
    """Who holds the door: the first process in full, and the labels of all where there are several."""
    pids = sorted({pid for row in rows for pid in table.pids(row)})
    holder = table.holders[pids[0]] if pids and pids[0] in table.holders else table.holder(rows[0])
    facts: dict[str, Fact] = {
        name: value
        for name in ("process", "command", "user", "unit", "container", "cgroup")
        if (value := getattr(holder, name))
    }  # fmt: skip
    if holder.pid is not None:
        facts["pid"] = holder.pid
        executable = table.executables.get(holder.pid)
        if executable is not None:
            facts |= {"executable": executable.path, "executable_deleted": executable.deleted}
    if len(pids) > 1:
        facts["processes"] = [table.holders[pid].label for pid in pids if pid in table.holders]
    return facts


def _socket_facts(table: SocketTable, rows: list[int]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    first = rows[0]
    if int(table.inode[first]):
        facts["inode"] = int(table.inode[first])
    if name := table.interface_name(first):
        facts["interface"] = name
    any_v6 = [row for row in rows if table.family[row] == 6 and not table.local_address[row].any()]
    known = [int(table.v6only[row]) for row in any_v6 if table.v6only[row] >= 0]
    if known:
        facts["dual_stack"] = 0 in known
    if table.protocol[first] == _TCP and table.reader != "psutil":
        facts["accept_queue"] = int(table.receive_queue[rows].sum())
        if table.reader == "netlink":  # /proc/net gives no limit
            facts["accept_limit"] = int(table.send_queue[rows].sum())
    return facts


def _is_client_port(table: SocketTable, rows: list[int], client_ports: ClientPorts) -> bool:
    """Whether a UDP door looks like the near end of a question: see the top of this file for what that is worth.

    Servers on such a port betray themselves: several processes share it, it listens over TCP too, or the kernel itself holds it
    (tunnels), in which case no process is seen.
    """
    first = rows[0]
    if len(rows) > 1 or len(table.pids(first)) != 1 or not client_ports.has(table.local_port[rows]).all():
        return False
    tcp_too = (table.protocol == _TCP) & (table.state == KernelState.LISTEN) & (table.local_port == table.local_port[first])
    return not bool(tcp_too.any())


def _use_evidence(door: Door, use: DoorUse, at: datetime.datetime) -> Evidence:
    facts: dict[str, Fact] = {
        "connections": use.connections,
        "remote_connections": use.remote_connections,
        "peers": [str(peer) for peer in use.peers],
    }
    if door.transport is Transport.TCP:
        facts |= {"received_bytes": use.received_bytes, "sent_bytes": use.sent_bytes}
    said = "used" if use.connections else "none now"
    if door.transport is Transport.UDP and not use.connections:
        why = "UDP has no connections: the kernel keeps no list of who sends here"
        return Evidence(door, Witness.USE, at, _VANTAGE, said, Certainty.UNKNOWN, why, facts)
    count = "one connection stands" if use.connections == 1 else f"{use.connections:,} connections stand"
    why = (
        f"{count} at this moment, {use.remote_connections:,} of them from other machines" if use.connections else "no connection stands now"
    )
    return Evidence(door, Witness.USE, at, _VANTAGE, said, Certainty.MEASURED, why, facts)
