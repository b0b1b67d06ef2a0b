"""A line to a door: TCP, TLS in TCP, or UDP, with a bounded buffer between the network and the conversation. Knows no protocol."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any

from doorward.identify import live_tls
from doorward.identify.conclusion import Endpoint
from doorward.identify.dialogue import CONNECTION_BYTES
from doorward.identify.probing import Tunnel
from doorward.values.transports import Transport

__all__ = ["Line", "explain_trouble", "open_line"]


class Line(asyncio.Protocol, asyncio.DatagramProtocol):
    """One connection or UDP socket; what arrives waits in ``_waiting`` until it is heard, and the network waits when that is full."""

    def __init__(self, peer: tuple[str, int] | None = None) -> None:
        self._peer = peer  # in UDP without a connection: whom to say it to, and whose host to hear
        self.closed = False
        self.trouble = ""
        self._transport: Any = None  # a border: TCP, TLS and UDP transports have no common type
        self._waiting = bytearray()
        self._arrived = asyncio.Event()
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Keep what came; stop reading when there is more than a conversation takes."""
        self._waiting += data
        if len(self._waiting) >= CONNECTION_BYTES and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._arrived.set()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Keep a datagram while there is room; a connected socket hears one address and port, another only what its host says."""
        if self._peer is not None and addr[0] != self._peer[0]:
            return
        if len(self._waiting) + len(data) <= CONNECTION_BYTES:
            self._waiting += data
        self._arrived.set()

    def error_received(self, exc: Exception) -> None:
        """An ICMP error answered a datagram."""
        self._end(exc)

    def eof_received(self) -> bool:
        """The far end will say no more; close."""
        self._end(None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The line is gone."""
        self._end(exc)

    def _end(self, exc: Exception | None) -> None:
        self.closed = True
        if exc is not None and not self.trouble:
            self.trouble = explain_trouble(exc)
        self._arrived.set()

    async def hear(self, wait_s: float) -> bytes | None:
        """Wait for bytes; `None` when none came in time, empty when the far end has closed."""
        if not self._waiting and not self.closed:
            try:
                async with asyncio.timeout(max(wait_s, 0)):
                    await self._arrived.wait()
            except TimeoutError:
                return None
        self._arrived.clear()
        data = bytes(self._waiting)
        self._waiting.clear()
        return data

    def say(self, words: bytes) -> None:
        """Send; a failure shows when hearing."""
        if self._transport is None or self._transport.is_closing():
            return
        if hasattr(self._transport, "sendto"):
            self._transport.sendto(words, self._peer)
        else:
            self._transport.write(words)

    async def secure(self, host: str, timeout_s: float, protocol: str = "") -> Tunnel:
        """Shake hands on this connection, offering one application protocol or none.

        What arrived before in the clear is dropped, so that it can't pass for something said inside.
        """
        self._waiting.clear()
        self._arrived.clear()
        self._transport = await asyncio.get_running_loop().start_tls(
            self._transport, self, live_tls.looking_context(protocol), server_hostname=host, ssl_handshake_timeout=timeout_s
        )
        return self.tunnel()

    async def verify(self, host: str, timeout_s: float) -> None:
        """Shake hands with all checks; raises `ssl.SSLCertVerificationError` with the reason when the certificate fails them."""
        self._transport = await asyncio.get_running_loop().start_tls(
            self._transport, self, live_tls.verifying_context(), server_hostname=host, ssl_handshake_timeout=timeout_s
        )

    def tunnel(self) -> Tunnel:
        """The session around this line."""
        session = self._transport.get_extra_info("ssl_object")
        assert isinstance(session, ssl.SSLObject)
        return live_tls.tunnel_of(session)

    def hang_up(self) -> None:
        """Close at once, whatever is still on its way."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def talks_to_itself(self) -> bool:
        """Whether both ends are the same socket: a connection to a port of our own can meet itself (RFC 9293 §3.5, simultaneous open)."""
        ours, theirs = self._transport.get_extra_info("sockname"), self._transport.get_extra_info("peername")
        return ours is not None and ours[:2] == (theirs or ())[:2]


async def open_line(endpoint: Endpoint, timeout_s: float, *, hears_other_ports: bool = False) -> Line:
    """Connect; raises `OSError` (refused, no route) or `TimeoutError`.

    With ``hears_other_ports`` a UDP line hears all that the host says to it, from whichever port, and learns of no refusal.
    """
    loop = asyncio.get_running_loop()
    address = str(endpoint.address)
    if endpoint.transport is Transport.UDP and hears_other_ports:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        _, line = await loop.create_datagram_endpoint(lambda: Line((address, endpoint.port)), family=family)
        return line
    if endpoint.transport is Transport.UDP:
        _, line = await loop.create_datagram_endpoint(Line, remote_addr=(address, endpoint.port))
        return line
    async with asyncio.timeout(timeout_s):
        _, line = await loop.create_connection(Line, address, endpoint.port)
    if line.talks_to_itself:
        line.hang_up()
        raise ConnectionRefusedError("connection refused")
    return line


def explain_trouble(error: BaseException) -> str:
    """Say in a few words why a line could not be had or went."""
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, ConnectionResetError):
        return "connection reset"
    if isinstance(error, TimeoutError | ConnectionAbortedError):  # asyncio aborts a handshake that takes too long
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "reason", "") or "unknown reason"
        return f"TLS handshake failed: {reason.replace('_', ' ').lower()}"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
