"""Where to stand when looking at this machine from outside: choosing a small network of its own; builds nothing.

The neighbour's network is a /30 of 198.18.0.0/15, which no host on a real network has (RFC 2544 §C.2.2, RFC 6890), and a /64 of the
unique local range (RFC 4193); both are chosen so that no address or route of the machine is touched.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from doorward.errors import WorldError
from doorward.values.addresses import Address

__all__ = ["PREFIX", "Vantage", "build_lines", "choose_vantage", "far_lines", "is_ours"]

#: The names of everything made for a vantage begin so; the process's number follows.
PREFIX: Final = "doorward-"
_POOL: Final = ipaddress.ip_network("198.18.0.0/15")
_ULA: Final = 0xFD_D0_0A_4D_00_00 << 80  # fdd0:a4d:0::/48, then a subnet number


class Vantage(msgspec.Struct, frozen=True):
    """A neighbour machine made of a network namespace, joined to this machine by a virtual cable."""

    namespace: str  #: its name under /run/netns
    near: str  #: the interface on our side
    far: str  #: the one on the neighbour's side
    near_v4: Address
    far_v4: Address
    near_v6: Address
    far_v6: Address

    @property
    def path(self) -> str:
        """The file through which the namespace is entered."""
        return f"/run/netns/{self.namespace}"

    @property
    def near_addresses(self) -> list[Address]:
        """Our own ends of the cable, at which every socket bound to all addresses can be knocked."""
        return [self.near_v4, self.near_v6]


def choose_vantage(pid: int, taken: Iterable[str]) -> Vantage:
    """Choose names by the process's number and addresses outside ``taken``, the networks (CIDR) that the machine knows of.

    Raises `WorldError` when the machine knows all of the pool (which nobody has).
    """
    known = [ipaddress.ip_network(text, strict=False) for text in taken]
    v4 = next(_free(known, 4, pid), None)
    v6 = next(_free(known, 6, pid), None)
    if v4 is None or v6 is None:
        raise WorldError("look at this machine from outside", why="every address set aside for that is taken by its routes")
    near_v4, far_v4, near_v6, far_v6 = (Address.parse(str(network[place])) for network in (v4, v6) for place in (1, 2))
    return Vantage(f"{PREFIX}{pid}", f"dw{pid}n", f"dw{pid}f", near_v4, far_v4, near_v6, far_v6)


def build_lines(vantage: Vantage) -> list[str]:
    """Return the lines of ``ip -batch`` that make the namespace, the cable, and our end of it."""
    return [
        f"netns add {vantage.namespace}",
        f"link add {vantage.near} type veth peer name {vantage.far} netns {vantage.namespace}",
        f"addr add {vantage.near_v4}/30 dev {vantage.near}",
        f"addr add {vantage.near_v6}/64 dev {vantage.near} nodad",
        f"link set {vantage.near} up",
    ]


def far_lines(vantage: Vantage) -> list[str]:
    """Return the lines that make the neighbour's end, to be run inside its namespace: everything else lies behind us."""
    return [
        "link set lo up",
        f"addr add {vantage.far_v4}/30 dev {vantage.far}",
        f"addr add {vantage.far_v6}/64 dev {vantage.far} nodad",
        f"link set {vantage.far} up",
        f"route add default via {vantage.near_v4}",
        f"route add default via {vantage.near_v6}",
    ]


def is_ours(name: str) -> int | None:
    """Return the number of the process that made the namespace ``name``, or ``None`` for one that isn't a vantage."""
    number = name.removeprefix(PREFIX)
    return int(number) if name.startswith(PREFIX) and number.isascii() and number.isdigit() else None


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _free(known: list[_Network], family: int, seed: int) -> Iterator[_Network]:
    """Yield networks of the pool that overlap nothing known, beginning at a place chosen by ``seed``; at most 4,096 are tried."""
    for step in range(4096):
        place = (seed * 7919 + step * 2749) % 32768  # an odd stride meets every place once
        candidate: _Network
        if family == 4:
            candidate = ipaddress.IPv4Network((int(_POOL.network_address) + place * 4, 30))
        else:
            candidate = ipaddress.IPv6Network((_ULA + (place << 64), 64))
        if not any(candidate.overlaps(network) for network in known if network.version == family and network.prefixlen):
            yield candidate
