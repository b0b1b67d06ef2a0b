"""The noun of the house: a door is (machine, address, transport, port); and who holds one."""

from __future__ import annotations

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.values.transports import Transport

__all__ = ["Door", "Holder", "name_machine", "parse_endpoint"]


class Door(msgspec.Struct, frozen=True, order=True):
    """A doorway into a machine, written ``laptop/tcp/192.0.2.1:22`` or ``laptop/udp/[::]:53``.

    ``machine`` is a host name, with ``#namespace`` behind it for a network namespace of its own. ``Door.parse(str(x)) == x``.
    """

    machine: str
    address: Address
    transport: Transport
    port: int

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise CallError("make a door with the port", str(self.port), why="a port has 16 bits: 0 to 65535")
        if "/" in self.machine or not self.machine.isprintable():
            raise CallError("make a door of the machine", self.machine, why="a machine's name has no slash and no control character")

    @classmethod
    def parse(cls, text: str) -> Door:
        """Read ``machine/transport/address:port``; raises `CallError`."""
        try:
            machine, transport, endpoint = text.split("/")
            address, port = parse_endpoint(endpoint)
            return cls(machine, address, Transport(transport), port)
        except ValueError:
            raise CallError("read the door", text, why="a door is written machine/transport/address:port") from None

    def __str__(self) -> str:
        return f"{self.machine}/{self.transport}/{self.address.with_port(self.port)}"


class Holder(msgspec.Struct, frozen=True, omit_defaults=True):
    """The process that holds a socket, as far as we may see it; empty texts and ``None`` mean unknown."""

    pid: int | None = None
    process: str = ""  #: short name (the kernel's comm, at most 15 bytes)
    command: str = ""  #: the command line, secrets masked
    user: str = ""  #: user name, or the number where it has none
    unit: str = ""  #: systemd unit, from the cgroup
    container: str = ""  #: container name or id, from the cgroup
    cgroup: str = ""  #: the cgroup's path
    namespace: str = ""  #: name of the network namespace, empty for our own

    @property
    def label(self) -> str:
        """The shortest words for it: ``nginx (812)``."""
        if self.pid is None:
            return self.process or "unknown process"
        return f"{self.process or '?'} ({self.pid})"


def parse_endpoint(text: str) -> tuple[Address, int]:
    """Read ``192.0.2.1:80``, ``[2001:db8::1]:80`` or ``[fe80::1%eth0]:80``; raises `CallError`."""
    host, colon, port = text.rpartition(":")
    if not colon or (":" in host and host[:1] != "["):
        raise CallError("read the endpoint", text, why="an endpoint is written address:port, IPv6 in brackets: [::1]:80")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535):
        raise CallError("read the endpoint", text, why="a port is a number from 0 to 65535")
    return Address.parse(host), int(port)


def name_machine(node: str) -> str:
    """Return the name that a machine's doors carry, from what the system calls itself (its node name)."""
    return "".join(c if c.isprintable() and c not in "/#" else "-" for c in node) or "this-machine"
