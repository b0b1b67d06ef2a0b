"""This machine's own addresses, both families, on every interface; through psutil, so on every system."""

from __future__ import annotations

import socket
from typing import Final

import msgspec
import psutil  # type: ignore[import-untyped]  # it ships no types

from doorward.errors import CallError
from doorward.values.addresses import Address, Reach

__all__ = ["InterfaceAddress", "interface_addresses", "own_addresses"]

_FAMILIES: Final = (socket.AF_INET, socket.AF_INET6)


class InterfaceAddress(msgspec.Struct, frozen=True, order=True):
    """One address on one interface; link-local IPv6 addresses carry the interface as their scope."""

    interface: str
    address: Address
    is_up: bool = True


def interface_addresses() -> list[InterfaceAddress]:
    """Return every address of every interface, by interface and address; those of interfaces that are down too."""
    states = psutil.net_if_stats()
    found: set[InterfaceAddress] = set()
    for interface, addresses in psutil.net_if_addrs().items():
        is_up = interface not in states or bool(states[interface].isup)
        for entry in addresses:
            address = _address(entry.address, interface) if entry.family in _FAMILIES else None
            if address is not None:
                found.add(InterfaceAddress(interface, address, is_up))
    return sorted(found)


def own_addresses() -> list[Address]:
    """Return the addresses at which this machine can be knocked at: those of interfaces that are up, each once, ascending."""
    return sorted({entry.address for entry in interface_addresses() if entry.is_up})


def _address(text: str, interface: str) -> Address | None:
    try:
        bare = Address.parse(text.partition("%")[0])
        return Address(bare.packed, interface) if bare.family == 6 and bare.reach is Reach.LINK else bare
    except CallError:  # an interface whose name can't be a scope
        return None
