"""All sockets of one network namespace, without their processes: netlink, or ``/proc/net`` where that is missing. Linux only."""

from __future__ import annotations

import functools
import socket
from pathlib import Path
from typing import Final

from doorward.errors import FeatureMissing, PeerError, WorldError
from doorward.sockets.inet_diag_columns import decode_columns
from doorward.sockets.live_namespaces import own_namespace
from doorward.sockets.live_netlink import DiagSocket
from doorward.sockets.proc_net import decode_proc_net
from doorward.sockets.proc_net_columns import columns_of_records
from doorward.sockets.table import Namespace, SocketTable
from doorward.values.transports import Transport

__all__ = ["NamespaceReader", "read_dump"]

_TRANSPORTS: Final = (Transport.TCP, Transport.UDP)
_FAMILIES: Final = (4, 6)


class NamespaceReader:
    """Reads one namespace again and again: that of the thread which made it, whoever calls `read`. A context manager.

    Without netlink it reads ``/proc/net``, which is always that of the calling thread.
    """

    def __init__(self, namespace: Namespace | None = None) -> None:
        self.namespace = namespace or own_namespace()
        self._missing: tuple[str, ...] = ()
        self._interfaces = {(0, index): name for index, name in _interface_names()}
        self._diag: DiagSocket | None = None
        try:
            self._diag = DiagSocket()
        except FeatureMissing as error:
            self._do_without(error)

    def __enter__(self) -> NamespaceReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the netlink socket back."""
        if self._diag is not None:
            self._diag.close()

    def read(self) -> SocketTable:
        """Return all sockets of now; raises `WorldError`."""
        tables: list[SocketTable] = []
        if self._diag is not None:
            try:
                tables = _read_netlink(self._diag)
            except (FeatureMissing, PeerError) as error:
                self._do_without(error)
        if self._diag is None:
            tables = [_read_proc_net(transport, family) for transport in _TRANSPORTS for family in _FAMILIES]
        table = SocketTable.concatenate([part for part in tables if len(part)])
        return table.replaced(
            namespaces=(self.namespace,),
            interfaces=self._interfaces,
            missing=self._missing,
            reader="proc" if self._diag is None else "netlink",
        )

    def _do_without(self, error: FeatureMissing | PeerError) -> None:
        self.close()
        self._diag = None
        self._missing = (
            "Round-trip times, retransmits, byte counts, accept limits and whether IPv6 sockets take IPv4: "
            f"/proc/net doesn't tell, and netlink couldn't be asked ({error.why}).",
        )


def read_dump(namespace: Namespace | None = None) -> SocketTable:
    """Return the sockets of the calling thread's namespace once."""
    with NamespaceReader(namespace) as reader:
        return reader.read()


def _read_netlink(diag: DiagSocket) -> list[SocketTable]:
    udp = Transport.UDP.protocol_number
    pieces = diag.dump_tcp(functools.partial(decode_columns, protocol=Transport.TCP.protocol_number))
    for family in _FAMILIES:
        pieces += diag.dump(family, udp, functools.partial(decode_columns, protocol=udp))
    return [SocketTable.of(columns, count) for columns, count in pieces]


def _read_proc_net(transport: Transport, family: int) -> SocketTable:
    path = Path(f"/proc/thread-self/net/{transport}{'6' if family == 6 else ''}")
    try:
        records = decode_proc_net(path.read_bytes())
    except FileNotFoundError:  # a kernel without IPv6
        records = []
    except (OSError, PeerError) as error:
        raise WorldError("read the sockets", str(path), why=str(error), remedy="Mount /proc, or load the kernel module tcp_diag.") from None
    return SocketTable.of(columns_of_records(records, transport.protocol_number), len(records))


def _interface_names() -> list[tuple[int, str]]:
    try:
        return socket.if_nameindex()
    except OSError:
        return []
