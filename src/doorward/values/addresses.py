"""One type for IPv4 and IPv6 addresses: how they are written, and from how far away they can be reached.

Knows no names and asks no resolver. Both families take one code path: an address is its bytes, and the family is their number.
"""

from __future__ import annotations

import enum
import functools
import ipaddress
from typing import Final

from doorward.errors import CallError

__all__ = ["ANY_IPV4", "ANY_IPV6", "Address", "Reach"]

_V4_MAPPED: Final = bytes(10) + b"\xff\xff"  # RFC 4291 §2.5.5.2


class Reach(enum.StrEnum):
    """From how far away a packet to this address can come, if nothing on the way stops it."""

    ANY = "any"  #: every address of the machine: 0.0.0.0 or ::
    LOOPBACK = "loopback"  #: this machine alone (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3)
    LINK = "link"  #: the same network segment (RFC 3927, RFC 4291 §2.5.6)
    PRIVATE = "private"  #: the same site or provider (RFC 1918, RFC 4193, RFC 6598)
    GROUP = "group"  #: whoever listens to a multicast group, or broadcast (RFC 5771, RFC 4291 §2.7)
    RESERVED = "reserved"  #: no host has it: documentation, benchmarks, future use (RFC 6890)
    PUBLIC = "public"  #: the whole internet


class Address:
    """An IPv4 or IPv6 address; ``packed`` is 4 or 16 bytes in network order, ``scope`` an interface name or index, or empty.

    Immutable and hashable. Ordered by family, then number. ``Address.parse(str(x)) == x`` always holds.
    """

    __slots__ = ("packed", "scope")

    packed: bytes
    scope: str

    def __init__(self, packed: bytes, scope: str = "") -> None:
        if len(packed) not in (4, 16):
            raise CallError("make an address of", packed.hex(), why=f"an address has 4 or 16 bytes, not {len(packed)}")
        if scope and (len(packed) == 4 or not scope.isprintable() or any(c in " /%[]" for c in scope)):
            raise CallError("make an address with the scope", scope, why="only IPv6 has scopes, and a scope is an interface's name")
        object.__setattr__(self, "packed", bytes(packed))
        object.__setattr__(self, "scope", scope)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Address never changes: {name}")

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read ``192.0.2.1``, ``2001:db8::1``, ``[2001:db8::1]`` or ``fe80::1%eth0``; raises `CallError` for names and nonsense."""
        bare = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
        host, mark, scope = bare.partition("%")
        try:
            packed = ipaddress.ip_address(host).packed
        except ValueError:
            raise CallError("read the address", text, why="it is neither IPv4 nor IPv6") from None
        if mark and not scope:
            raise CallError("read the address", text, why="a scope must follow the percent sign")
        return cls(packed, scope)

    @property
    def family(self) -> int:
        """4 or 6."""
        return 4 if len(self.packed) == 4 else 6

    @property
    def unmapped(self) -> Address:
        """The IPv4 address inside ``::ffff:a.b.c.d``, else this address itself."""
        return Address(self.packed[12:]) if self.packed[:12] == _V4_MAPPED else self

    @property
    def reach(self) -> Reach:
        """From how far away this address can be reached."""
        return _reach(self.unmapped.packed)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.reach is Reach.LOOPBACK

    @property
    def is_any(self) -> bool:
        """Whether it stands for all addresses of the machine (``0.0.0.0``, ``::``)."""
        return self.reach is Reach.ANY

    def with_port(self, port: int) -> str:
        """Write the address and a port as one word: ``192.0.2.1:80``, ``[::1]:80`` (RFC 3986 §3.2.2)."""
        return f"{self}:{port}" if self.family == 4 else f"[{self}]:{port}"

    def __str__(self) -> str:
        text = _text(self.packed)
        return f"{text}%{self.scope}" if self.scope else text

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Address):
            return NotImplemented
        return self.packed == other.packed and self.scope == other.scope

    def __lt__(self, other: Address) -> bool:
        return (len(self.packed), self.packed, self.scope) < (len(other.packed), other.packed, other.scope)

    def __hash__(self) -> int:
        return hash((self.packed, self.scope))


@functools.lru_cache(maxsize=65536)
def _text(packed: bytes) -> str:
    """Write an address in its canonical form (RFC 5952)."""
    return str(ipaddress.ip_address(packed))


@functools.lru_cache(maxsize=4096)
def _reach(packed: bytes) -> Reach:
    address = ipaddress.ip_address(packed)
    if address.is_unspecified:
        return Reach.ANY
    if address.is_loopback:
        return Reach.LOOPBACK
    if address.is_link_local:
        return Reach.LINK
    if address.is_multicast or packed == b"\xff\xff\xff\xff":
        return Reach.GROUP
    if any(address in network for network in _site_networks() if network.version == address.version):
        return Reach.PRIVATE
    return Reach.PUBLIC if address.is_global else Reach.RESERVED


@functools.cache
def _site_networks() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Networks used inside sites and providers: RFC 1918, RFC 6598 (carrier-grade NAT), RFC 4193 (unique local)."""
    return tuple(ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))


ANY_IPV4: Final = Address(bytes(4))
ANY_IPV6: Final = Address(bytes(16))
