"""Sockets made by hand, and tables of them: what a kernel would list, in one line each."""

from __future__ import annotations

import datetime
import zlib
from typing import Any

from doorward.sockets.kernel_states import KernelState
from doorward.sockets.table import Namespace, Socket, SocketTable
from doorward.tui.gone_rows import table_of_sockets
from doorward.values.addresses import ANY_IPV4, ANY_IPV6
from doorward.values.doors import Holder, parse_endpoint
from doorward.values.transports import Transport

__all__ = ["AT", "HOME", "made", "pair", "table"]

AT = datetime.datetime(2026, 5, 1, 12, 0, tzinfo=datetime.UTC)
HOME = Namespace("", 1)
_STATES = {"listen": 10, "talking": 1, "calling": 2, "called": 3, "over": 6, "close": 7, "peer_hung_up": 8}


def made(local: str, remote: str = "", state: str = "", *, process: str = "", pid: int | None = None, **more: Any) -> Socket:
    """A socket: without a remote end it listens (TCP) or takes datagrams (``transport=Transport.UDP``)."""
    transport = more.pop("transport", Transport.TCP)
    address, port = parse_endpoint(local)
    nobody = ANY_IPV4 if address.family == 4 else ANY_IPV6
    peer, peer_port = parse_endpoint(remote) if remote else (nobody, 0)
    number = zlib.crc32(f"{local} {remote} {transport} {state}".encode()) + 1
    state = state or ("talking" if remote else "listen" if transport is Transport.TCP else "close")
    holder = more.pop("holder", Holder(pid=pid, process=process, user="ada") if pid is not None else Holder())
    values: dict[str, Any] = {"namespace": HOME, "family": address.family, "inode": number, "cookie": number, **more}
    pids = more.pop("pids", (holder.pid,) if holder.pid is not None else ())
    return Socket(
        transport=transport,
        state=KernelState(_STATES[state]),
        local=address,
        local_port=port,
        remote=peer,
        remote_port=peer_port,
        holder=holder,
        **{**values, "pids": pids},
    )


def pair(server: str, client: str, *, server_pid: int = 10, client_pid: int = 20, **more: Any) -> tuple[Socket, Socket]:
    """Both ends of one conversation on one machine."""
    return made(server, client, process="server", pid=server_pid, **more), made(client, server, process="client", pid=client_pid, **more)


def table(*sockets: Socket, **context: Any) -> SocketTable:
    """The sockets as a table, in their order."""
    return table_of_sockets(sockets).replaced(**context)
