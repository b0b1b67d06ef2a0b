"""Listeners of the tests' own, in this process, on ports that the kernel picks."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from doorward.values.addresses import Address

__all__ = ["V4", "V6", "closed_port", "listening"]

V4 = Address.parse("127.0.0.1")
V6 = Address.parse("::1")


@contextlib.contextmanager
def listening(count: int, host: str = "127.0.0.1", *, dual_stack: bool = False) -> Iterator[list[int]]:
    """Ports with a listener behind each; nobody accepts, which is all the same to the handshake."""
    with contextlib.ExitStack() as stack:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        ports = []
        for _ in range(count):
            server = socket.create_server((host, 0), family=family, dualstack_ipv6=dual_stack, backlog=16)
            stack.enter_context(server)
            ports.append(server.getsockname()[1])
        yield ports


@contextlib.contextmanager
def closed_port(host: str = "127.0.0.1") -> Iterator[int]:
    """A port that is bound, so that nobody else opens it meanwhile, and doesn't listen."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as bound:
        bound.bind((host, 0))
        yield bound.getsockname()[1]
