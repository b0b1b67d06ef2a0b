"""How a person names a door to ask its history: a port, an endpoint, a door, or a service's name; knows words, not memory.

22   tcp/22   127.0.0.1:22   [::1]:22   tcp/[::1]:22   laptop/tcp/0.0.0.0:22   ssh   udp/dns
"""

from __future__ import annotations

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.values.doors import Door, parse_endpoint
from doorward.values.portsets import NameLookup, PortSet
from doorward.values.transports import Transport

__all__ = ["WantedDoor", "parse_wanted"]

_REMEDY = "Write 22, tcp/22, 127.0.0.1:22, tcp/[::1]:22, laptop/tcp/0.0.0.0:22 or a service's name."


class WantedDoor(msgspec.Struct, frozen=True):
    """What of a door was named; ``None`` and empty mean any."""

    ports: tuple[tuple[Transport, int], ...]  #: at least one
    address: Address | None = None
    machine: str = ""

    def matches(self, door: Door) -> bool:
        """Whether ``door`` is one of those meant; the machine is left to whoever looks it up."""
        return (door.transport, door.port) in self.ports and (self.address is None or door.address == self.address)


def parse_wanted(text: str, names: NameLookup | None = None) -> WantedDoor:
    """Read a door as a person writes it; a number without a transport means both TCP and UDP. Raises `CallError`."""
    words = text.strip().split("/")
    if len(words) > 3 or not all(words):
        raise CallError("read the door", text, why="it has too many or too few words between its slashes", remedy=_REMEDY)
    try:
        transports = (Transport(words[-2].lower()),) if len(words) > 1 else (Transport.TCP, Transport.UDP)
    except ValueError:
        raise CallError("read the door", text, why=f"there is no transport {words[-2]!r}", remedy=_REMEDY) from None
    machine = words[0] if len(words) == 3 else ""
    if ":" in words[-1]:
        address, port = parse_endpoint(words[-1])
        return WantedDoor(tuple((transport, port) for transport in transports), address, machine)
    return WantedDoor(_ports(text, words[-1], transports, names), None, machine)


def _ports(text: str, word: str, transports: tuple[Transport, ...], names: NameLookup | None) -> tuple[tuple[Transport, int], ...]:
    if word.isascii() and word.isdigit():
        return tuple((transport, port) for transport in transports for _, port in PortSet.parse(word[:9]))
    if not word.replace("-", "").replace("_", "").replace("+", "").replace(".", "").isalnum():
        raise CallError("read the door", text, why="it is neither a port nor a service's name", remedy=_REMEDY)
    known = sorted(set(names(word.lower()))) if names is not None else []
    found = tuple((transport, port) for transport, port in known if transport in transports)
    if not found:
        raise CallError("read the door", text, why="no service of that name is known", remedy=_REMEDY)
    return found
