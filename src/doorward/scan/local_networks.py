"""Which networks "the local ones" are: the private networks that this machine's interfaces stand in. Knows interfaces as values."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final

import msgspec

from doorward.errors import CallError, WorldError
from doorward.scan.targets import TargetWord
from doorward.values.addresses import Address, Reach

__all__ = ["InterfaceNetwork", "local_targets"]

_LARGEST_BITS: Final = 16  # 65,536 addresses; a wider network is seldom meant as a whole, and its scan is a matter of days
_IPV6_LARGEST_BITS: Final = 112  # as many; the usual /64 can't be walked (RFC 7707 §3)


class InterfaceNetwork(msgspec.Struct, frozen=True, order=True):
    """An address of an interface, and how many of its leading bits name the network."""

    interface: str
    address: Address
    bits: int
    is_up: bool = True


def local_targets(interfaces: Iterable[InterfaceNetwork]) -> list[TargetWord]:
    """Return the private networks of interfaces that are up as targets, each once, with the interface as their place.

    Left out are loopback, single addresses, public networks, and IPv6 networks too wide to be walked. Raises `WorldError` when
    nothing is left, and `CallError` for a private IPv4 network wider than a /16, which must be meant by name.
    """
    words: dict[str, TargetWord] = {}
    for one in sorted(interfaces):
        if not one.is_up or not _is_walkable(one):
            continue
        network = ipaddress.ip_network(f"{Address(one.address.packed)}/{one.bits}", strict=False)
        if one.address.family == 4 and one.bits < _LARGEST_BITS:
            why = f"the network of {one.interface} holds {network.num_addresses:,} addresses"
            raise CallError("scan the local network", str(network), why=why, remedy="Give the part of it that you mean as a target.")
        text = f"{network.network_address}%{one.address.scope}/{one.bits}" if one.address.scope else str(network)
        words.setdefault(text, TargetWord(text, f"--local ({one.interface})"))
    if not words:
        why = "no interface that is up stands in a private network"
        raise WorldError("find local networks", why=why, remedy="Give the targets themselves; 'ip address' lists the interfaces.")
    return list(words.values())


def _is_walkable(one: InterfaceNetwork) -> bool:
    if one.address.reach not in (Reach.PRIVATE, Reach.LINK):
        return False
    return one.bits < 32 if one.address.family == 4 else _IPV6_LARGEST_BITS <= one.bits < 128
