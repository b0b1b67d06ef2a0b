"""The words of the filter: what each asks of a socket, answered for all rows at once.

Knows a table, its roles and the words of our output; doesn't know how words are put together (see `filters`).

Every word that takes a value is a field: it reads its value once, when the filter is read, and returns a test, which takes a scene
and returns one truth per row. A field raises `CallError` for a value that it can't read.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorward.errors import CallError
from doorward.sockets.address_columns import V4_MAPPED, address_of, distinct_addresses
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.ownership import owner_of_cgroup
from doorward.sockets.roles import Role, Roles
from doorward.sockets.states import CONNECTED_STATES, parse_state
from doorward.sockets.table import SocketTable
from doorward.values.addresses import Address, Reach
from doorward.values.doors import Holder
from doorward.values.portsets import NameLookup, PortSet
from doorward.values.transports import Transport

__all__ = ["COMPARISONS", "FIELDS", "FLAGS", "MEASURES", "SIDED", "Field", "Mask", "Scene", "Side", "Test", "full_doors"]

Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """One reading of all sockets with the roles of its rows."""

    table: SocketTable
    roles: Roles


Test = Callable[[Scene], Mask]
#: Which ends a word speaks of: "local", "remote", or "" for either.
Side = str
#: Reads a value for a side, with a lookup for service names.
Field = Callable[[str, Side, NameLookup | None], Test]


def full_doors(table: SocketTable) -> Mask:
    """Listeners whose queue of callers is full: the next callers are turned away or kept waiting.

    The kernel lets one more in than the limit says (sk_acceptq_is_full, include/net/sock.h); at the limit we call it full.
    """
    waiting = (table.protocol == 6) & (table.state == KernelState.LISTEN) & (table.receive_queue > 0)
    full: Mask = waiting & (table.receive_queue >= table.send_queue)
    return full


def _port(text: str, side: Side, names: NameLookup | None) -> Test:
    ports = PortSet.parse(text, _any_transport(names))
    wanted = np.zeros(65536, np.bool_)
    for _, first, last in ports.ranges:
        wanted[first : last + 1] = True
    return _sided(side, lambda scene: wanted[scene.table.local_port], lambda scene: wanted[scene.table.remote_port])


def _any_transport(names: NameLookup | None) -> NameLookup | None:
    """A name's ports on whatever transport: the filter's ports are numbers, and ``tcp`` or ``udp`` beside them chooses."""
    if names is None:
        return None
    return lambda name: [(Transport.TCP, port) for port in {port for _, port in names(name)}]


def _address(text: str, side: Side, _names: NameLookup | None) -> Test:
    if text.lower() in _REACHES:
        reach = _REACHES[text.lower()]

        def reaches(addresses: NDArray[np.uint8]) -> Mask:
            distinct, place = distinct_addresses(addresses)
            return np.array([address_of(row.tobytes()).reach is reach for row in distinct], np.bool_)[place]

        return _sided(side, lambda scene: reaches(scene.table.local_address), lambda scene: _has_remote(scene, reaches))
    networks = [_network(item) for item in text.split(",")]

    def inside(addresses: NDArray[np.uint8]) -> Mask:
        return _any(((addresses & mask) == network).all(axis=1) for network, mask in networks)

    return _sided(side, lambda scene: inside(scene.table.local_address), lambda scene: _has_remote(scene, inside))


def _has_remote(scene: Scene, test: Callable[[NDArray[np.uint8]], Mask]) -> Mask:
    return scene.roles.ends.has_peer & test(scene.table.remote_address)


_REACHES: Final = {reach.value: reach for reach in Reach}


def _network(text: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Read ``10.0.0.0/8``, ``2001:db8::/32`` or one address as (network, mask) of 16 bytes each."""
    host, slash, length = text.partition("/")
    address = Address.parse(host)
    bits = len(address.packed) * 8
    if slash and not (length.isascii() and length.isdigit() and len(length) <= 3 and int(length) <= bits):
        raise CallError("read the network", text, why=f"the length behind the slash is a number from 0 to {bits}")
    ones = (int(length) if slash else bits) + (96 if bits == 32 else 0)
    mask = ((1 << ones) - 1) << (128 - ones)
    packed = V4_MAPPED + address.packed if bits == 32 else address.packed
    network = int.from_bytes(packed) & mask
    return np.frombuffer(network.to_bytes(16), np.uint8), np.frombuffer(mask.to_bytes(16), np.uint8)


def _state(text: str, _side: Side, _names: NameLookup | None) -> Test:
    wanted = [int(state) for item in text.split(",") for state in parse_state(item)]
    return lambda scene: np.isin(scene.table.state, wanted)


def _transport(text: str, _side: Side, _names: NameLookup | None) -> Test:
    numbers = []
    for item in text.lower().split(","):
        if item not in ("tcp", "udp"):
            raise CallError("read the transport", item, why="sockets of no other transport are read", remedy="There are: tcp, udp.")
        numbers.append(Transport(item).protocol_number)
    return lambda scene: np.isin(scene.table.protocol, numbers)


def _role(text: str, _side: Side, _names: NameLookup | None) -> Test:
    roles = {role.label: role for role in Role}
    if text.lower() not in roles:
        raise CallError("read the role", text, why="no end has that role", remedy="There are: server, client, unknown.")
    wanted = int(roles[text.lower()])
    return lambda scene: np.equal(scene.roles.role, wanted)


def _process(text: str, _side: Side, _names: NameLookup | None) -> Test:
    matches = _pattern(text)
    numbers = {int(item) for item in text.split(",") if item.isascii() and item.isdigit() and len(item) <= 10}
    return lambda scene: _held_by(scene.table, lambda holder: holder.pid in numbers or matches(holder.process))


def _command(text: str, _side: Side, _names: NameLookup | None) -> Test:
    matches = _pattern(text)
    return lambda scene: _held_by(scene.table, lambda holder: matches(holder.command))


def _user(text: str, _side: Side, _names: NameLookup | None) -> Test:
    matches = _pattern(text)

    def test(scene: Scene) -> Mask:
        table = scene.table
        uids = [uid for uid, name in table.users.items() if matches(name) or matches(str(uid))]
        owned = np.isin(table.uid, uids) & ((table.inode != 0) | (table.pid >= 0))
        either: Mask = owned | _held_by(table, lambda holder: matches(holder.user))
        return either

    return test


def _unit(text: str, _side: Side, _names: NameLookup | None) -> Test:
    matches = _pattern(text)

    def fits(unit: str) -> bool:
        return matches(unit) or matches(unit.rpartition(".")[0])

    return lambda scene: _held_by(scene.table, lambda holder: fits(holder.unit)) | _in_cgroup(scene.table, 0, fits)


def _container(text: str, _side: Side, _names: NameLookup | None) -> Test:
    matches = _pattern(text)

    def fits(container: str) -> bool:
        return matches(container) or (len(text) >= 4 and container.startswith(text))

    return lambda scene: _held_by(scene.table, lambda holder: fits(holder.container)) | _in_cgroup(scene.table, 1, fits)


def _namespace(text: str, _side: Side, _names: NameLookup | None) -> Test:
    matches = _pattern(text)

    def test(scene: Scene) -> Mask:
        spaces = scene.table.namespaces
        wanted = [n for n, space in enumerate(spaces) if matches(space.name or "own") or matches(str(space.inode))]
        return np.isin(scene.table.namespace, wanted)

    return test


def _interface(text: str, _side: Side, _names: NameLookup | None) -> Test:
    matches = _pattern(text)

    def test(scene: Scene) -> Mask:
        table = scene.table
        wanted = [space << 32 | index for (space, index), name in table.interfaces.items() if matches(name)]
        bound: Mask = (table.interface != 0) & np.isin(table.namespace.astype(np.int64) << 32 | table.interface, wanted)
        return bound

    return test


def _pattern(text: str) -> Callable[[str], bool]:
    """A test for names: ``sshd``, ``ssh*``, ``nginx,apache*``; capitals don't matter, an empty name never fits."""
    compiled = re.compile("|".join(fnmatch.translate(item) for item in text.split(",") if item), re.IGNORECASE)
    return lambda name: bool(name) and compiled.match(name) is not None


def _held_by(table: SocketTable, test: Callable[[Holder], bool]) -> Mask:
    """Rows that a process with this trait holds, be it one of several."""
    pids = {pid for pid, holder in table.holders.items() if test(holder)}
    held = np.isin(table.pid, list(pids))
    inodes = [inode for inode, holders in table.shared.items() if not pids.isdisjoint(holders)]
    return held | np.isin(table.inode, inodes) if inodes else held


def _in_cgroup(table: SocketTable, part: int, fits: Callable[[str], bool]) -> Mask:
    """Rows of cgroups whose unit (part 0) or container (part 1) fits."""
    wanted = [number for number, path in table.cgroups.items() if (name := owner_of_cgroup(path)[part]) and fits(name)]
    return np.isin(table.cgroup_id, np.array(wanted, np.uint64))


def _sided(side: Side, local: Test, remote: Test) -> Test:
    if side:
        return local if side == "local" else remote
    return lambda scene: local(scene) | remote(scene)


def _any(masks: Iterable[Mask]) -> Mask:
    first, *others = masks
    for other in others:
        first = first | other
    return first


#: Word → how its value is read.
FIELDS: Final[Mapping[str, Field]] = {
    "port": _port,
    "address": _address,
    "state": _state,
    "transport": _transport,
    "role": _role,
    "process": _process,
    "command": _command,
    "user": _user,
    "unit": _unit,
    "container": _container,
    "namespace": _namespace,
    "interface": _interface,
}
#: Fields before which ``local`` or ``remote`` may stand.
SIDED: Final = frozenset({"port", "address"})


def _queue(scene: Scene) -> NDArray[Any]:
    table = scene.table
    unsent = np.where(table.state == KernelState.LISTEN, 0, table.send_queue)
    return table.receive_queue.astype(np.int64) + unsent


def _unless_listening(column: str) -> Callable[[Scene], NDArray[Any]]:
    return lambda scene: np.where(scene.table.state == KernelState.LISTEN, 0, getattr(scene.table, column))


def _column(name: str) -> Callable[[Scene], NDArray[Any]]:
    return lambda scene: getattr(scene.table, name)


#: Word → (its number per row, the size of its units, the words behind it); the first unit is what a bare number means.
MEASURES: Final[Mapping[str, tuple[Callable[[Scene], NDArray[Any]], Mapping[str, float]]]] = {
    "pid": (_column("pid"), {"": 1}),
    "retransmits": (_column("total_retransmits"), {"": 1}),
    "rtt": (_column("rtt_us"), {"ms": 1e3, "us": 1, "µs": 1, "s": 1e6}),
    "queue": (_queue, {"": 1, "b": 1, "kb": 1e3, "mb": 1e6}),
    "unread": (_unless_listening("receive_queue"), {"": 1, "b": 1, "kb": 1e3, "mb": 1e6}),
    "unsent": (_unless_listening("send_queue"), {"": 1, "b": 1, "kb": 1e3, "mb": 1e6}),
    "callers": (lambda s: np.where(s.table.state == KernelState.LISTEN, s.table.receive_queue, 0), {"": 1}),
    "sent": (_column("bytes_acked"), {"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9}),
    "received": (_column("bytes_received"), {"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9}),
}
#: How numbers are compared; ``over`` and ``under`` need no quotes in a shell.
COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    "over": operator.gt,
    "under": operator.lt,
}


#: Words that stand alone.
FLAGS: Final[Mapping[str, Test]] = {
    "tcp": lambda s: s.table.protocol == 6,
    "udp": lambda s: s.table.protocol == 17,
    "ipv4": lambda s: s.table.family == 4,
    "ipv6": lambda s: s.table.family == 6,
    "listening": lambda s: s.roles.ends.waits,
    "connected": lambda s: s.roles.ends.has_peer & np.isin(s.table.state, [int(state) for state in CONNECTED_STATES]),
    "local": lambda s: s.roles.ends.peer_here,
    "remote": lambda s: s.roles.ends.has_peer & ~s.roles.ends.peer_here,
    "full": lambda s: full_doors(s.table),
    "unowned": lambda s: s.table.pid < 0,
}
