"""One direction of a conversation: who sends to whom, and through which ports."""

from __future__ import annotations

import msgspec

from doorward.errors import CallError
from doorward.values.addresses import Address
from doorward.values.doors import parse_endpoint
from doorward.values.transports import Transport

__all__ = ["Flow"]


class Flow(msgspec.Struct, frozen=True, order=True):
    """The five values that name a conversation, written ``tcp 192.0.2.1:40000 > 192.0.2.2:80``.

    The source is the sender of the first packet where that is known, so the destination is the door.
    """

    transport: Transport
    source: Address
    source_port: int
    destination: Address
    destination_port: int

    def __post_init__(self) -> None:
        if self.source.family != self.destination.family:
            raise CallError("make a flow of", f"{self.source} > {self.destination}", why="both ends must be of one address family")
        if not (0 <= self.source_port <= 65535 and 0 <= self.destination_port <= 65535):
            raise CallError("make a flow with ports", f"{self.source_port} > {self.destination_port}", why="a port has 16 bits")

    @classmethod
    def parse(cls, text: str) -> Flow:
        """Read what ``str`` writes; raises `CallError`."""
        try:
            transport, source, arrow, destination = text.split()
            if arrow != ">":
                raise ValueError(arrow)
            return cls(Transport(transport), *parse_endpoint(source), *parse_endpoint(destination))
        except ValueError:
            raise CallError("read the flow", text, why="a flow is written: tcp 192.0.2.1:40000 > 192.0.2.2:80") from None

    @property
    def reversed(self) -> Flow:
        """The same conversation seen from the other end."""
        return Flow(self.transport, self.destination, self.destination_port, self.source, self.source_port)

    def __str__(self) -> str:
        source, destination = self.source.with_port(self.source_port), self.destination.with_port(self.destination_port)
        return f"{self.transport} {source} > {destination}"
