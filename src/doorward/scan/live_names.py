"""What only this machine can say of addresses and names: what a name stands for, and which addresses are its own."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

from doorward.errors import CallError, WorldError
from doorward.values.addresses import Address

__all__ = ["is_own_address", "own_address_memory", "resolve_name", "scope_number"]

_MEMORY = 4096  # addresses remembered per `own_address_memory`


def resolve_name(name: str) -> list[Address]:
    """Return all addresses of ``name`` in the system's order of preference; raises `WorldError` where it has none."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except UnicodeError:
        raise CallError("find the address of", name, why="it can't be a host's name", remedy="Check the spelling.") from None
    except OSError as error:
        reason = "the resolver gives no answer now" if error.errno == socket.EAI_AGAIN else "no such name is known"
        raise WorldError("find the address of", name, why=reason, remedy="Check the spelling, or give the address itself.") from None
    return list(dict.fromkeys(_address(sockaddr) for _, _, _, _, sockaddr in found))


def _address(sockaddr: tuple[object, ...]) -> Address:
    host, scope = str(sockaddr[0]).partition("%")[0], sockaddr[3] if len(sockaddr) > 3 else 0
    address = Address.parse(host)
    return Address(address.packed, _scope_name(scope)) if isinstance(scope, int) and scope else address


def _scope_name(number: int) -> str:
    try:
        return socket.if_indextoname(number)
    except OSError:
        return str(number)


def scope_number(scope: str) -> int:
    """Return the index of an interface given by name or number, 0 for none; raises `WorldError` when there is no such interface."""
    if not scope or scope.isdigit():
        return int(scope or 0)
    try:
        return socket.if_nametoindex(scope)
    except OSError:
        raise WorldError("find the interface", scope, why="this machine has none of that name", remedy="'ip link' lists them.") from None


def is_own_address(address: Address) -> bool:
    """Whether this machine has ``address``: the kernel lets a socket be bound to its own addresses only (bind(2), EADDRNOTAVAIL)."""
    family = socket.AF_INET if address.family == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asker:
            bare = str(Address(address.packed))
            asker.bind((bare, 0) if address.family == 4 else (bare, 0, 0, scope_number(address.scope)))
    except OSError as error:
        return error.errno == errno.EACCES  # a sandbox that forbids binding says nothing; EACCES comes after the address was found
    except WorldError:
        return False
    return not address.is_any


def own_address_memory() -> Callable[[Address], bool]:
    """`is_own_address` that asks about each address once; for one scan, because addresses come and go."""
    known: dict[Address, bool] = {}

    def is_own(address: Address) -> bool:
        if address not in known:
            if len(known) >= _MEMORY:
                known.clear()
            known[address] = is_own_address(address)
        return known[address]

    return is_own
