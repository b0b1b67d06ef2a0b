"""Sockets through psutil: the reader for macOS and Windows, and the second witness in our tests on Linux."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Final

import numpy as np
import psutil  # type: ignore[import-untyped]  # it ships no types

from doorward.errors import CallError
from doorward.sockets.address_columns import V4_MAPPED
from doorward.sockets.command_lines import masked_command_line
from doorward.sockets.inet_diag import DiagRecord
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.proc_net_columns import columns_of_records
from doorward.sockets.processes import Executable
from doorward.sockets.table import SocketTable
from doorward.values.addresses import Address
from doorward.values.doors import Holder
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = ["iter_doors", "read_holder", "read_with_psutil"]

_STATES: Final = {
    psutil.CONN_ESTABLISHED: KernelState.ESTABLISHED,
    psutil.CONN_SYN_SENT: KernelState.SYN_SENT,
    psutil.CONN_SYN_RECV: KernelState.SYN_RECV,
    psutil.CONN_FIN_WAIT1: KernelState.FIN_WAIT1,
    psutil.CONN_FIN_WAIT2: KernelState.FIN_WAIT2,
    psutil.CONN_TIME_WAIT: KernelState.TIME_WAIT,
    psutil.CONN_CLOSE: KernelState.CLOSE,
    psutil.CONN_CLOSE_WAIT: KernelState.CLOSE_WAIT,
    psutil.CONN_LAST_ACK: KernelState.LAST_ACK,
    psutil.CONN_LISTEN: KernelState.LISTEN,
    psutil.CONN_CLOSING: KernelState.CLOSING,
}
_MISSING: Final = (
    "Round-trip times, retransmits, byte counts, queues, cgroups, owners of closed connections and whether IPv6 sockets take IPv4: "
    "this system is read through psutil, which doesn't give them.",
)
_UNKNOWN: Final = -1


def read_with_psutil() -> SocketTable:
    """Return every TCP and UDP socket that psutil shows; raises `WorldError` where it refuses altogether."""
    rows = [(transport, record, pid) for transport in (Transport.TCP, Transport.UDP) for record, pid in _records(transport)]
    tables = []
    for transport in (Transport.TCP, Transport.UDP):
        chosen = [(record, pid) for own, record, pid in rows if own is transport]
        columns = columns_of_records([record for record, _ in chosen], transport.protocol_number)
        columns["pid"] = np.array([pid for _, pid in chosen], np.int32)
        tables.append(SocketTable.of(columns, len(chosen)))
    table = SocketTable.concatenate(tables)
    pids = sorted({pid for _, _, pid in rows} - {_UNKNOWN})
    unheld = sum(pid == _UNKNOWN for _, record, pid in rows if record.state != KernelState.TIME_WAIT)
    missing = _MISSING + ((f"The processes of {unheld} sockets: an administrator would see them.",) if unheld else ())
    executables = {pid: executable for pid in pids if (executable := _read_executable(pid)) is not None}
    return table.replaced(holders={pid: read_holder(pid) for pid in pids}, executables=executables, missing=missing, reader="psutil")


def iter_doors() -> Iterator[tuple[Transport, Address, int, int | None]]:
    """Yield (transport, address, port, pid) of listening TCP and unconnected UDP sockets."""
    for transport, state in ((Transport.TCP, KernelState.LISTEN), (Transport.UDP, KernelState.CLOSE)):
        for record, pid in _records(transport):
            if record.state == state:
                yield transport, Address(record.local).unmapped, record.local_port, None if pid == _UNKNOWN else pid


def read_holder(pid: int) -> Holder:
    """Read who a process is; whatever is refused stays empty."""
    try:
        process = psutil.Process(pid)
    except psutil.Error:
        return Holder(pid=pid)
    with process.oneshot():
        name = command = user = ""
        try:
            name = printable(process.name())
            user = printable(process.username())
            command = printable(masked_command_line(process.cmdline()))
        except (psutil.Error, OSError):
            pass
    return Holder(pid=pid, process=name, command=command, user=user)


def _read_executable(pid: int) -> Executable | None:
    try:
        path = psutil.Process(pid).exe()
    except (psutil.Error, OSError):
        return None
    return Executable(printable(path)) if path else None


def _records(transport: Transport) -> list[tuple[DiagRecord, int]]:
    try:
        seen = [(c.family, c.laddr, c.raddr, c.status, c.pid) for c in psutil.net_connections(transport.value)]
    except psutil.AccessDenied:  # macOS shows all sockets to root only: our own remain
        own = psutil.Process()
        seen = [(c.family, c.laddr, c.raddr, c.status, own.pid) for c in own.net_connections(transport.value)]
    records = []
    for kernel_family, laddr, raddr, status, pid in seen:
        family = 4 if kernel_family == socket.AF_INET else 6
        local, local_port = _endpoint(laddr, family)
        remote, remote_port = _endpoint(raddr, family)
        state = _STATES.get(status, KernelState.UNKNOWN)
        if transport is Transport.UDP:
            state = KernelState.ESTABLISHED if raddr else KernelState.CLOSE
        record = DiagRecord(
            family=family, state=state, local=local, local_port=local_port, remote=remote, remote_port=remote_port,
            interface=0, cookie=0, receive_queue=0, send_queue=0, uid=0, inode=0, v6only=None, cgroup_id=0,
        )  # fmt: skip
        records.append((record, _UNKNOWN if pid is None else int(pid)))
    if psutil.LINUX:
        return records
    # Elsewhere a socket comes once for each process that holds it; like the kernel's, our table has it once.
    return list(dict(sorted(records, key=lambda row: -row[1])).items())


def _endpoint(endpoint: tuple[str, int] | tuple[()], family: int) -> tuple[bytes, int]:
    if not endpoint:
        return bytes(4 if family == 4 else 16), 0
    try:
        packed = Address.parse(endpoint[0].partition("%")[0]).packed
    except CallError:
        packed = b""
    if family == 6 and len(packed) == 4:  # psutil has turned ::ffff:a.b.c.d into IPv4
        packed = V4_MAPPED + packed
    return (packed if len(packed) == (4 if family == 4 else 16) else bytes(4 if family == 4 else 16)), endpoint[1]
