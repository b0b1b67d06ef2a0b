"""What holds a port of this machine now: the light way, for a question about a few ports; loads no NumPy and keeps nothing.

Asks the kernel for listening TCP and bound UDP sockets only (netlink, else ``/proc/net``, else psutil), and walks the processes only
when one of them was asked for.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

import msgspec

from doorward.errors import PeerError, WorldError
from doorward.sockets.inet_diag import DiagRecord
from doorward.sockets.kernel_states import KernelState
from doorward.values.addresses import Address
from doorward.values.doors import Holder
from doorward.values.transports import Transport

__all__ = ["PortHolder", "holders_of_ports"]

#: Either the doors wanted, or a function that says whether one is.
Wanted = Collection[tuple[Transport, int]] | Callable[[Transport, int], bool]

_DOOR_STATES: Final = {Transport.TCP: KernelState.LISTEN, Transport.UDP: KernelState.CLOSE}


class PortHolder(msgspec.Struct, frozen=True):
    """One listening socket, and a process that holds it (``holder.pid`` is ``None`` where we may not see which)."""

    transport: Transport
    address: Address
    port: int
    holder: Holder


def holders_of_ports(wanted: Wanted) -> list[PortHolder]:
    """Return who listens on the ports ``wanted``, by transport, port and address; a door with several processes gives several."""
    is_wanted = wanted if callable(wanted) else lambda transport, port: (transport, port) in wanted
    if sys.platform != "linux":
        found = list(_psutil_holders(is_wanted))
    else:
        sockets = [
            (transport, record) for transport in _DOOR_STATES for record in _doors(transport) if is_wanted(transport, record.local_port)
        ]
        found = _with_holders(sockets) if sockets else []
    return sorted(found, key=lambda door: (door.transport, door.port, door.address, door.holder.pid or 0))


def _doors(transport: Transport) -> Iterator[DiagRecord]:
    """Yield the sockets of one transport on which a stranger may call."""
    from doorward.sockets.live_netlink import read_few

    state = _DOOR_STATES[transport]
    for family in (4, 6):
        try:
            records = read_few(family, transport.protocol_number, 1 << state)
        except (WorldError, PeerError, OSError):
            records = _proc_doors(transport, family)
        yield from (record for record in records if record.state == state and record.local_port)


def _proc_doors(transport: Transport, family: int) -> list[DiagRecord]:
    from doorward.sockets.proc_net import decode_proc_net

    with contextlib.suppress(OSError, PeerError):
        return decode_proc_net(Path(f"/proc/net/{transport}{'6' if family == 6 else ''}").read_bytes())
    return []


def _with_holders(sockets: list[tuple[Transport, DiagRecord]]) -> list[PortHolder]:
    from doorward.sockets.live_processes import read_holder, user_name, visible_pids, walk_descriptors

    inodes = {record.inode for _, record in sockets}
    held = walk_descriptors(visible_pids())
    pids: dict[int, list[int]] = {}
    for inode, pid in zip(held.inodes, held.pids, strict=True):
        if inode in inodes:
            pids.setdefault(inode, []).append(pid)
    doors: list[PortHolder] = []
    for transport, record in sockets:
        address = Address(record.local).unmapped
        holders = [read_holder(pid)[0] for pid in sorted(set(pids.get(record.inode, ())))] or [Holder(user=user_name(record.uid))]
        doors += [PortHolder(transport, address, record.local_port, holder) for holder in holders]
    return doors


def _psutil_holders(is_wanted: Callable[[Transport, int], bool]) -> Iterator[PortHolder]:
    from doorward.sockets.live_psutil import iter_doors, read_holder

    for transport, address, port, pid in iter_doors():
        if is_wanted(transport, port):
            yield PortHolder(transport, address, port, read_holder(pid) if pid is not None else Holder())
