"""The networks that this machine's interfaces stand in, read from the system through psutil."""

from __future__ import annotations

import ipaddress
import socket

import psutil  # type: ignore[import-untyped]  # it ships no types

from doorward.errors import CallError
from doorward.scan.local_networks import InterfaceNetwork
from doorward.values.addresses import Address, Reach

__all__ = ["interface_networks"]


def interface_networks() -> list[InterfaceNetwork]:
    """Return every address of every interface with its network's bits; those without a netmask stand alone."""
    states = psutil.net_if_stats()
    found: set[InterfaceNetwork] = set()
    for interface, addresses in psutil.net_if_addrs().items():
        is_up = interface not in states or bool(states[interface].isup)
        for entry in addresses:
            if entry.family in (socket.AF_INET, socket.AF_INET6):
                network = _network(interface, entry.address, entry.netmask, is_up=is_up)
                if network is not None:
                    found.add(network)
    return sorted(found)


def _network(interface: str, text: str, netmask: str | None, *, is_up: bool) -> InterfaceNetwork | None:
    try:
        address = Address.parse(text.partition("%")[0])
        if address.family == 6 and address.reach is Reach.LINK:
            address = Address(address.packed, interface)
        bits = int(ipaddress.ip_address(netmask)).bit_count() if netmask else len(address.packed) * 8
    except (CallError, ValueError):  # an interface whose name can't be a scope, or a netmask that is none
        return None
    return InterfaceNetwork(interface, address, bits, is_up)
