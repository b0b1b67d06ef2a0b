"""Which doors a caller means: ``host:port`` in all its spellings becomes endpoints. Names are asked of a resolver that is handed in.

asked = [transport] host ":" ports
transport = "tcp:" / "udp:" / "T:" / "U:" / "tcp/" / "udp/"        tcp where none is given
host = 192.0.2.1 / [2001:db8::1] / [fe80::1%eth0] / a name
ports = 22 / ssh / 22,80,8000-8010
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from doorward.errors import CallError, WorldError
from doorward.identify.conclusion import Endpoint
from doorward.values.addresses import Address
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

__all__ = ["MOST_DOORS", "parse_asked"]

#: Doors of one call at most; more is a scan.
MOST_DOORS: Final = 20_000

_TRANSPORTS: Final = {"tcp": Transport.TCP, "t": Transport.TCP, "udp": Transport.UDP, "u": Transport.UDP}
_PREFIX: Final = re.compile(r"(?i)(tcp|udp|t|u)(?::|/)(?=.)(.*)")
_NAME: Final = re.compile(r"[^\s/:,*@%\[\]]{1,253}")  # RFC 1035 §2.3.4; international names are the resolver's affair
_REMEDY: Final = "Write 192.0.2.1:22, [2001:db8::1]:443, example.org:https or udp:192.0.2.1:53."
_LOOPBACK: Final = (Address(bytes([127, 0, 0, 1])), Address(bytes(15) + b"\x01"))

Resolver = Callable[[str], Sequence[Address]]
NameLookup = Callable[[str], Iterable[tuple[Transport, int]]]


def parse_asked(words: Sequence[str], resolve: Resolver, names: NameLookup) -> list[list[Endpoint]]:
    """Read what was asked for; each inner list is one door, at each address of its name in the resolver's order.

    ``host port`` as two words is taken as one door. Raises `CallError` for nonsense and `WorldError` for a name without an address.
    """
    if len(words) == 2 and not any(":" in word or "/" in word for word in words):
        words = [":".join(words)]
    doors = [door for word in words for door in _parse(word.strip(), resolve, names)]
    if len(doors) > MOST_DOORS:
        why = f"these are {len(doors):,} doors, and {MOST_DOORS:,} is the most for one call"
        raise CallError("identify", why=why, remedy="Ask for fewer, or find the open ones first with: doorward scan")
    return doors


def _parse(word: str, resolve: Resolver, names: NameLookup) -> list[list[Endpoint]]:
    if "://" in word:
        raise CallError("read the door", word, why="it is a URL", remedy="Give its host and port: example.org:443.")
    prefix = _PREFIX.fullmatch(word)
    transport = _TRANSPORTS[prefix[1].lower()] if prefix and (":" in prefix[2] or "[" in prefix[2]) else Transport.TCP
    rest = prefix[2] if prefix and (":" in prefix[2] or "[" in prefix[2]) else word
    host, colon, ports = rest.rpartition(":")
    if not colon or not host or not ports or (host[0] == "[" and host[-1] != "]"):
        raise CallError("read the door", word, why="it has no port", remedy=_REMEDY)
    if ":" in host and host[0] != "[":
        raise CallError("read the door", word, why="an IPv6 address before a port stands in brackets", remedy=_REMEDY)
    addresses, called = _addresses(host, word, resolve)
    chosen = PortSet.parse(ports, names, transport)
    if 0 in chosen.ports(transport):
        raise CallError("read the door", word, why="port 0 means 'any' and can't be asked", remedy=_REMEDY)
    asked = list(chosen.ports(transport))
    if not asked:
        raise CallError("read the door", word, why=f"no service of that name is known over {transport}", remedy=_REMEDY)
    return [[Endpoint(transport, address, port, called) for address in addresses] for port in asked]


def _addresses(host: str, word: str, resolve: Resolver) -> tuple[Sequence[Address], str]:
    """Return the addresses, and the name when it was one."""
    try:
        return (Address.parse(host).unmapped,), ""
    except CallError:
        if host[0] == "[" or not _NAME.fullmatch(host) or not host.isprintable() or re.fullmatch(r"[\d.]+", host):
            raise CallError("read the door", word, why="its host is neither an address nor a name", remedy=_REMEDY) from None
    # RFC 6761 §6.3: localhost is always this machine, whatever a resolver would say.
    found = _LOOPBACK if host.lower().rstrip(".") == "localhost" else list(dict.fromkeys(one.unmapped for one in resolve(host)))
    if not found:
        raise WorldError("find the address of", host, why="the name has none", remedy="Check the spelling, or give the address itself.")
    return found, host
