"""TLS's first two messages, RFC 8446 §4.1: makes a ClientHello of any age and reads a ServerHello; finishes no handshake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

__all__ = ["RETRY_RANDOM", "VERSIONS", "ServerHello", "decode_server_hello", "encode_client_hello", "extension", "list_extension"]

#: Version on the wire → its name.
VERSIONS: Final = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}
#: RFC 8446 §4.1.3: a ServerHello with this random asks for another hello.
RETRY_RANDOM: Final = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")

_HANDSHAKE, _SERVER_HELLO = 22, 2  # RFC 8446 §5.1, §4
_ALPN, _SUPPORTED_VERSIONS = 16, 43  # RFC 7301 §3.1, RFC 8446 §4.2.1
_FIXED: Final = b"doorward" * 4  # where a client puts random bytes: no session comes of these hellos, and the same run says the same


class ServerHello(msgspec.Struct, frozen=True):
    """What the server chose; as much of the extensions as came."""

    legacy_version: int  #: the version in its old place: 0x0303 also for TLS 1.3
    cipher: int
    extensions: tuple[tuple[int, bytes], ...]  #: in the order sent
    is_retry: bool = False

    @property
    def version(self) -> int:
        """The version chosen."""
        chosen = next((body for kind, body in self.extensions if kind == _SUPPORTED_VERSIONS), b"")
        return int.from_bytes(chosen) if len(chosen) == 2 else self.legacy_version

    @property
    def alpn(self) -> str:
        """The application protocol chosen, or empty."""
        body = next((body for kind, body in self.extensions if kind == _ALPN), b"")
        return body[3:].decode("ascii", "replace")


def extension(kind: int, body: bytes) -> bytes:
    """Kind (2), length (2), body."""
    return kind.to_bytes(2) + len(body).to_bytes(2) + body


def list_extension(kind: int, body: bytes) -> bytes:
    """An extension whose body is a list with a length (2) of its own."""
    return extension(kind, len(body).to_bytes(2) + body)


def encode_client_hello(version: int, ciphers: Sequence[int], extensions: bytes, *, record_version: int | None = None) -> bytes:
    """Return a whole record: ``version`` in its old place, the ciphers in their order, no compression."""
    suites = b"".join(cipher.to_bytes(2) for cipher in ciphers)
    body = version.to_bytes(2) + _FIXED + bytes([len(_FIXED)]) + _FIXED + len(suites).to_bytes(2) + suites + b"\x01\x00"
    if extensions:
        body += len(extensions).to_bytes(2) + extensions
    message = b"\x01" + len(body).to_bytes(3) + body
    return bytes([_HANDSHAKE]) + (version if record_version is None else record_version).to_bytes(2) + len(message).to_bytes(2) + message


def decode_server_hello(received: bytes) -> ServerHello | None:
    """Read the ServerHello at the start; `None` for an alert, for other bytes and while it isn't whole.

    Record: kind (1), version (2), length (2); message: kind (1), length (3), version (2), random (32), session with its length (1),
    cipher (2), compression (1), extensions with their length (2).
    """
    if len(received) < 44 or received[0] != _HANDSHAKE or received[1] != 3 or received[5] != _SERVER_HELLO:
        return None
    end = 9 + int.from_bytes(received[6:9])
    place = 44 + received[43]
    if len(received) < end or end < place + 3 or received[9] != 3:
        return None
    return ServerHello(
        legacy_version=int.from_bytes(received[9:11]),
        cipher=int.from_bytes(received[place : place + 2]),
        extensions=_extensions(received[place + 5 : end]),
        is_retry=received[11:43] == RETRY_RANDOM,
    )


def _extensions(data: bytes) -> tuple[tuple[int, bytes], ...]:
    found: list[tuple[int, bytes]] = []
    place = 0
    while place + 4 <= len(data):
        size = int.from_bytes(data[place + 2 : place + 4])
        found.append((int.from_bytes(data[place : place + 2]), data[place + 4 : place + 4 + size]))
        place += 4 + size
    return tuple(found)
