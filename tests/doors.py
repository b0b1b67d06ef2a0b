"""Small servers of the tests' own, on free ports of loopback, in the loop of the test."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import cast

from doorward.identify.manners import HUSHED_PORTS, TLS_PORTS

Answerer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def door(answer: Answerer, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[int]:
    """Serve ``answer`` on a free port, and yield the port; every connection ends with the server."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            tasks.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await answer(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(serve, host, 0, ssl=tls)
    while server.sockets[0].getsockname()[1] in HUSHED_PORTS | TLS_PORTS:  # by chance one that is treated otherwise
        server.close()
        server = await asyncio.start_server(serve, host, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if answer := self._answer(data):
            self._transport.sendto(answer, addr)


@contextlib.asynccontextmanager
async def datagram_door(answer: Callable[[bytes], bytes]) -> AsyncIterator[int]:
    """Answer each datagram on a free UDP port, and yield the port; an empty answer is not sent."""
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: _Datagrams(answer), local_addr=("127.0.0.1", 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
        await asyncio.sleep(0)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything, say nothing."""
    while await reader.read(4096):
        pass


async def close_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say nothing and go."""


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ten megabytes without a newline, and then more."""
    while True:
        writer.write(b"A" * 65536)
        await writer.drain()


def says(*words: bytes, pause_s: float = 0) -> Answerer:
    """Say each of ``words`` unasked, then listen."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in words:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)
        await silent(reader, writer)

    return answer


def replies(words: bytes) -> Answerer:
    """Say ``words`` to whatever comes first, then close."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(words)
        await writer.drain()
        await asyncio.sleep(0.05)

    return answer
