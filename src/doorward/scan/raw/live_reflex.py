"""Visits doors with data in hand, by ordinary connections, and says which answer by reflex."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Sequence
from typing import Final

from doorward.scan.raw.reflex import Exchange, answers_everywhere, is_reflex, sample_ports
from doorward.values.addresses import Address

__all__ = ["reflex_doors", "visit"]

_WAIT_S: Final = 1.0
_BANNER_S: Final = 0.3
_WORDS: Final = b"\r\n\r\n"  # the end of an empty line is an ending in most protocols of text, and harmless in all others
_MOST_VISITED: Final = 64  # doors of one host; what lies beyond is judged by these
_TOGETHER: Final = 64
_TCP_INFO_BYTES: Final = 104  # linux/tcp.h, struct tcp_info, its oldest part
_UNACKED_AT: Final = 24  # tcpi_unacked, u32


def reflex_doors(hosts: Sequence[tuple[Address, Sequence[int]]], key: int) -> set[tuple[Address, int]]:
    """Which of the doors that seem open answer by reflex; ``hosts`` are addresses with the ports found."""
    return asyncio.run(_reflex_doors(hosts, key))


async def visit(address: Address, port: int, wait_s: float = _WAIT_S) -> Exchange:
    """Connect, listen, say a little, listen again, and see whether it was taken."""
    try:
        async with asyncio.timeout(wait_s):
            reader, writer = await asyncio.open_connection(str(address), port)
    except (OSError, TimeoutError):
        return Exchange()
    try:
        said = await _said(reader, min(_BANNER_S, wait_s))
        with contextlib.suppress(OSError):
            writer.write(_WORDS)
            await asyncio.sleep(0)
        said = said or await _said(reader, wait_s)
        return Exchange(connected=True, acknowledged=bool(said) or _is_acknowledged(writer), said=said)
    finally:
        writer.close()


async def _reflex_doors(hosts: Sequence[tuple[Address, Sequence[int]]], key: int) -> set[tuple[Address, int]]:
    turns = asyncio.Semaphore(_TOGETHER)

    async def one(address: Address, port: int) -> Exchange:
        async with turns:
            return await visit(address, port)

    async def of_host(address: Address, ports: Sequence[int]) -> set[tuple[Address, int]]:
        sampled = await asyncio.gather(*(one(address, port) for port in sample_ports(key, set(ports))))
        if not answers_everywhere(sampled):
            return set()
        visited = ports[:_MOST_VISITED]
        visits = await asyncio.gather(*(one(address, port) for port in visited))
        genuine = {port for port, exchange in zip(visited, visits, strict=True) if not is_reflex(exchange, sampled)}
        return {(address, port) for port in ports if port not in genuine}

    found = await asyncio.gather(*(of_host(address, ports) for address, ports in hosts))
    return set().union(*found)


async def _said(reader: asyncio.StreamReader, wait_s: float) -> bytes:
    try:
        async with asyncio.timeout(wait_s):
            return await reader.read(1024)
    except (OSError, TimeoutError):
        return b""


def _is_acknowledged(writer: asyncio.StreamWriter) -> bool:
    """Whether everything we wrote was acknowledged; true where the system can't tell."""
    held = writer.get_extra_info("socket")
    if held is None or not hasattr(socket, "TCP_INFO") or writer.transport.get_write_buffer_size():
        return held is None
    try:
        data = held.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    except OSError:
        return False
    return len(data) >= _UNACKED_AT + 4 and struct.unpack_from("=I", data, _UNACKED_AT)[0] == 0
