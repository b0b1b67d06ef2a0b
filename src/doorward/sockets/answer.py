"""What ``doorward sockets --json`` prints: one record per socket, with its meaning, its role and why; knows no terminal."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from doorward.sockets.roles import Reason, Role, Roles, explain_role
from doorward.sockets.states import explain_state, state_label, state_words
from doorward.sockets.table import Socket, SocketTable
from doorward.values.addresses import Address
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

__all__ = ["PortNames", "SocketChange", "SocketRecord", "SocketsAnswer", "iter_records", "make_answer"]

#: Gives the short service name of a port, or an empty text.
PortNames = Callable[[Transport, int], str]


class SocketRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One socket. What is unknown or doesn't apply is left out."""

    transport: Transport
    family: int  #: the socket's own: 4 or 6; an IPv6 socket may talk IPv4
    state: str  #: as people know it: "ESTABLISHED"
    words: str  #: the state in plain words: "talking"
    local: Address
    local_port: int
    local_service: str = ""
    remote: Address | None = None
    remote_port: int | None = None
    remote_service: str = ""
    peer_here: bool | None = None  #: whether the other end is on this machine
    role: str  #: of this end: "server", "client" or "unknown"
    role_why: str
    role_certainty: Certainty
    namespace: str = ""
    interface: str = ""
    pid: int | None = None
    pids: list[int] = []  #: every process that holds it, when several do
    process: str = ""
    command: str = ""
    user: str = ""
    unit: str = ""
    container: str = ""
    cgroup: str = ""
    executable: str = ""
    executable_deleted: bool = False
    callers: int | None = None  #: listeners: waiting to be taken by the program
    callers_limit: int | None = None  #: listeners: how many may wait
    callers_full: bool = False
    unread_bytes: int = 0
    unsent_bytes: int = 0  #: sent or waiting to be, and not acknowledged
    retransmits: int = 0
    rtt_ms: float | None = None
    received_bytes: int = 0
    sent_bytes: int = 0  #: acknowledged by the peer
    inode: int = 0
    cookie: int = 0


class SocketsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every socket that was asked for, and what could not be seen."""

    schema: Literal["doorward/sockets/1"] = "doorward/sockets/1"
    at: datetime.datetime
    reader: str  #: who read them: "netlink", "proc" or "psutil"
    filter: str
    sockets: list[SocketRecord]
    meanings: dict[str, str]  #: state → what it means, for the states met
    missing: list[str]


class SocketChange(msgspec.Struct, frozen=True, kw_only=True):
    """One line of ``--watch --json``."""

    schema: Literal["doorward/sockets-change/1"] = "doorward/sockets-change/1"
    at: datetime.datetime
    change: Literal["new", "gone"]
    unseen: bool = False  #: it came and went between two looks; only its end was told
    process_guessed: bool = False  #: its process is the one that listens on its port
    socket: SocketRecord


def make_answer(
    table: SocketTable, roles: Roles, rows: Iterable[int], *, at: datetime.datetime, filter_text: str, name_of: PortNames
) -> SocketsAnswer:
    """Make the document of these rows, in their order."""
    records = list(iter_records(table, roles, rows, name_of))
    states = {(record.transport, record.state) for record in records}
    meanings = {label: _explained(transport, label) for transport, label in sorted(states)}
    return SocketsAnswer(at=at, reader=table.reader, filter=filter_text, sockets=records, meanings=meanings, missing=list(table.missing))


def iter_records(table: SocketTable, roles: Roles, rows: Iterable[int], name_of: PortNames) -> Iterator[SocketRecord]:
    """Make the records of these rows."""
    named = functools.cache(name_of)
    for row in rows:
        yield _record(table.socket(row), roles, row, named)


def _record(socket: Socket, roles: Roles, row: int, name_of: PortNames) -> SocketRecord:
    has_peer, waits = bool(roles.ends.has_peer[row]), bool(roles.ends.waits[row])
    listens = waits and socket.transport is Transport.TCP
    holder = socket.holder
    reason = Reason(int(roles.reason[row]))
    return SocketRecord(
        transport=socket.transport,
        family=socket.family,
        state=state_label(socket.state, socket.transport),
        words=state_words(socket.state, socket.transport),
        local=socket.local,
        local_port=socket.local_port,
        local_service=name_of(socket.transport, socket.local_port) if socket.local_port else "",
        remote=socket.remote if has_peer else None,
        remote_port=socket.remote_port if has_peer else None,
        remote_service=name_of(socket.transport, socket.remote_port) if has_peer else "",
        peer_here=bool(roles.ends.peer_here[row]) if has_peer else None,
        role=Role(int(roles.role[row])).label,
        role_why=explain_role(reason, socket.local_port, socket.remote_port, roles.client_ports),
        role_certainty=roles.certainty(row, is_udp=socket.transport is Transport.UDP),
        namespace=socket.namespace.name,
        interface=socket.interface,
        pid=holder.pid,
        pids=list(socket.pids) if len(socket.pids) > 1 else [],
        process=holder.process,
        command=holder.command,
        user=holder.user,
        unit=holder.unit,
        container=holder.container,
        cgroup=holder.cgroup,
        executable=socket.executable.path if socket.executable else "",
        executable_deleted=socket.executable.deleted if socket.executable else False,
        callers=socket.receive_queue if listens else None,
        callers_limit=socket.send_queue if listens else None,
        callers_full=listens and 0 < socket.receive_queue >= socket.send_queue,
        unread_bytes=0 if listens else socket.receive_queue,
        unsent_bytes=0 if listens else socket.send_queue,
        retransmits=socket.total_retransmits,
        rtt_ms=socket.rtt_us / 1000 if socket.rtt_us else None,
        received_bytes=socket.bytes_received,
        sent_bytes=socket.bytes_acked,
        inode=socket.inode,
        cookie=socket.cookie,
    )


def _explained(transport: Transport, label: str) -> str:
    from doorward.sockets.kernel_states import KernelState

    state = next(state for state in KernelState if state_label(state, transport) == label)
    return explain_state(state, transport)
