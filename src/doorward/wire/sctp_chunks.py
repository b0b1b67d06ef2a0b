"""The chunks of an SCTP packet and the parameters inside them: bytes to values and back; unknown ones survive.

     0               8               16                             31
    +---------------+---------------+-------------------------------+
    |     Type      |     Flags     |            Length             |      RFC 9260 §3.2; Length counts these four bytes too,
    +---------------+---------------+-------------------------------+      and the next chunk begins at a multiple of 4
    |                             Value                             |
    +-------------------------------------------------------------- -

INIT and INIT ACK (§3.3.2, §3.3.3): initiate tag (4), window (4), outbound streams (2), inbound streams (2), initial TSN (4), parameters.
ABORT and ERROR (§3.3.7, §3.3.10): causes. A parameter or cause: type (2), length (2), value, filled up to a multiple of 4 likewise.
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.wire.fields import need, nonsense, pack, unpack

__all__ = [
    "ABORT",
    "COOKIE_ACK",
    "COOKIE_ECHO",
    "ERROR",
    "INIT",
    "INIT_ACK",
    "CausesChunk",
    "InitChunk",
    "OtherChunk",
    "Parameter",
    "SctpChunk",
    "decode_chunks",
    "encode_chunks",
]

# RFC 9260 §3.2, table 1.
INIT: Final = 1
INIT_ACK: Final = 2
ABORT: Final = 6
ERROR: Final = 9
COOKIE_ECHO: Final = 10
COOKIE_ACK: Final = 11

_HEAD: Final = struct.Struct("!BBH")
_INIT: Final = struct.Struct("!IIHHI")
_PARAMETER: Final = struct.Struct("!HH")


class Parameter(msgspec.Struct, frozen=True):
    """A parameter (7: the state cookie, RFC 9260 §3.3.3.1) or the cause of an error."""

    kind: int
    value: bytes = b""


class InitChunk(msgspec.Struct, frozen=True, kw_only=True):
    """The first and the second packet of an association; ``kind`` INIT or INIT_ACK."""

    kind: int
    initiate_tag: int
    window: int
    outbound_streams: int
    inbound_streams: int
    initial_tsn: int
    parameters: tuple[Parameter, ...] = ()
    flags: int = 0


class CausesChunk(msgspec.Struct, frozen=True, kw_only=True):
    """ABORT or ERROR; of an ABORT, flag 1 means that the sender had no association and sends our own tag back (§8.5.1)."""

    kind: int
    causes: tuple[Parameter, ...] = ()
    flags: int = 0


class OtherChunk(msgspec.Struct, frozen=True, kw_only=True):
    """Any other: COOKIE ECHO (``value`` is the cookie), COOKIE ACK, DATA, HEARTBEAT and more."""

    kind: int
    value: bytes = b""
    flags: int = 0


SctpChunk = InitChunk | CausesChunk | OtherChunk


def decode_chunks(data: bytes) -> tuple[SctpChunk, ...]:
    """Read chunks to the end; raises `PeerError` where one is cut short or claims less than its own header."""
    chunks = []
    while data:
        kind, flags, length = unpack(_HEAD, data, "SCTP chunk")
        if length < 4:
            raise nonsense("SCTP chunk", f"it claims {length} bytes")
        need(data, length, "SCTP chunk")
        chunks.append(_decode(kind, flags, data[4:length]))
        data = data[length + -length % 4 :]
    return tuple(chunks)


def encode_chunks(chunks: tuple[SctpChunk, ...]) -> bytes:
    """Write chunks, each filled up with zeros; raises `CallError` for a field that doesn't fit."""
    parts = []
    for chunk in chunks:
        value = _encode(chunk)
        parts.append(pack(_HEAD, "SCTP chunk", chunk.kind, chunk.flags, len(value) + 4) + value + bytes(-len(value) % 4))
    return b"".join(parts)


def _decode(kind: int, flags: int, value: bytes) -> SctpChunk:
    if kind in (INIT, INIT_ACK):
        tag, window, outbound, inbound, tsn = unpack(_INIT, value, "SCTP INIT chunk")
        return InitChunk(
            kind=kind,
            initiate_tag=tag,
            window=window,
            outbound_streams=outbound,
            inbound_streams=inbound,
            initial_tsn=tsn,
            parameters=_decode_parameters(value[_INIT.size :]),
            flags=flags,
        )
    if kind in (ABORT, ERROR):
        return CausesChunk(kind=kind, causes=_decode_parameters(value), flags=flags)
    return OtherChunk(kind=kind, value=value, flags=flags)


def _encode(chunk: SctpChunk) -> bytes:
    if isinstance(chunk, InitChunk):
        streams = (chunk.outbound_streams, chunk.inbound_streams)
        fixed = pack(_INIT, "SCTP INIT chunk", chunk.initiate_tag, chunk.window, *streams, chunk.initial_tsn)
        return fixed + _encode_parameters(chunk.parameters)
    return _encode_parameters(chunk.causes) if isinstance(chunk, CausesChunk) else chunk.value


def _decode_parameters(data: bytes) -> tuple[Parameter, ...]:
    parameters = []
    while data:
        kind, length = unpack(_PARAMETER, data, "SCTP parameter")
        if length < 4:
            raise nonsense("SCTP parameter", f"it claims {length} bytes")
        need(data, length, "SCTP parameter")
        parameters.append(Parameter(kind, data[4:length]))
        data = data[length + -length % 4 :]
    return tuple(parameters)


def _encode_parameters(parameters: tuple[Parameter, ...]) -> bytes:
    """Write parameters; the padding of the last one belongs to it only where another follows (RFC 9260 §3.2.1)."""
    data = b""
    for parameter in parameters:
        data += bytes(-len(data) % 4)
        data += pack(_PARAMETER, "SCTP parameter", parameter.kind, len(parameter.value) + 4) + parameter.value
    return data
