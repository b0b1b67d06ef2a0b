"""The headers between IPv6 and its upper protocol: bytes to values and back, unknown ones as they are.

All have this form (RFC 6564), but for Fragment, whose length is always 8 (its second byte is reserved), and Authentication, which counts
its length in units of 4 bytes, less two of them (RFC 4302 §2.2):

     0               1               2
    +---------------+---------------+---------------- - -
    |  Next Header  |  Length in 8s |  content               the first 8 bytes don't count in Length
    +---------------+---------------+---------------- - -

Routing (RFC 8200 §4.4)  content: type (1), segments left (1), data
Fragment (§4.5)          |  Next Header  |   reserved    | offset (13), 2 reserved bits, M |  identification (4)  |
Authentication           content: reserved (2), security parameters index (4), sequence number (4), integrity check value
Options (§4.2)           each: type (1), length of value (1), value; type 0 is one byte of padding and has no length
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.wire.fields import need, nonsense, pack, unpack
from doorward.wire.options import GarbledOptions, Option

__all__ = [
    "AUTHENTICATION",
    "DESTINATION_OPTIONS",
    "EXTENSION_HEADERS",
    "FRAGMENT",
    "HOP_BY_HOP",
    "MOST_EXTENSIONS",
    "ROUTING",
    "Authentication",
    "Chain",
    "Extension",
    "Fragment",
    "OptionsHeader",
    "OtherExtension",
    "Routing",
    "decode_extensions",
    "encode_extensions",
]

# IANA, IPv6 Extension Header Types.
HOP_BY_HOP: Final = 0
ROUTING: Final = 43
FRAGMENT: Final = 44
AUTHENTICATION: Final = 51
DESTINATION_OPTIONS: Final = 60

#: Those that can be passed over. Encrypted payload (50) is none: what follows it can't be read. 135 mobility, 139 HIP, 140 shim6.
EXTENSION_HEADERS: Final = (HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS, 135, 139, 140)

#: RFC 8200 §4.1 has each header once, Destination Options twice: honest packets have at most six. More are taken for an attack.
MOST_EXTENSIONS: Final = 8

_WHAT: Final = "IPv6 extension headers"
_FRAGMENT: Final = struct.Struct("!BBHI")
_AUTHENTICATION: Final = struct.Struct("!BBHII")


class OptionsHeader(msgspec.Struct, frozen=True, kw_only=True):
    """Hop-by-hop or destination options, as ``kind`` says; padding (types 0 and 1) stays among the options."""

    kind: int
    options: tuple[Option | GarbledOptions, ...] = ()


class Routing(msgspec.Struct, frozen=True, kw_only=True):
    """A routing header of any type (4: segment routing, RFC 8754); ``data`` is what follows the first four bytes."""

    type: int
    segments_left: int
    data: bytes


class Fragment(msgspec.Struct, frozen=True, kw_only=True):
    """A fragment; ``offset`` in bytes, a multiple of 8. ``reserved`` are the ten reserved bits, kept."""

    offset: int
    more: bool
    identification: int
    reserved: int = 0


class Authentication(msgspec.Struct, frozen=True, kw_only=True):
    """The authentication header (RFC 4302); whether ``check`` is right can't be told without the key."""

    parameters_index: int
    sequence: int
    check: bytes
    reserved: int = 0


class OtherExtension(msgspec.Struct, frozen=True, kw_only=True):
    """Any other header of the common form; ``content`` is all behind its length."""

    kind: int
    content: bytes


Extension = OptionsHeader | Routing | Fragment | Authentication | OtherExtension


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The headers in their order, the protocol number behind them, and its bytes (of a later fragment: not from the start)."""

    extensions: tuple[Extension, ...]
    protocol: int
    payload: bytes

    @property
    def fragment(self) -> Fragment | None:
        """The fragment header, if there is one; of several the last."""
        return next((extension for extension in reversed(self.extensions) if isinstance(extension, Fragment)), None)

    @property
    def is_later_fragment(self) -> bool:
        """Whether the payload begins inside another header."""
        return self.fragment is not None and self.fragment.offset > 0


def decode_extensions(next_header: int, data: bytes) -> Chain:
    """Read the headers that ``next_header`` announces; stops behind a later fragment's header. Raises `PeerError`."""
    extensions: list[Extension] = []
    while next_header in EXTENSION_HEADERS:
        if len(extensions) == MOST_EXTENSIONS:
            raise nonsense(_WHAT, f"there are more than {MOST_EXTENSIONS}")
        need(data, 8, _WHAT)
        size = _size(next_header, data[1])
        need(data, size, _WHAT)
        extension = _decode(next_header, data[:size])
        extensions.append(extension)
        next_header, data = data[0], data[size:]
        if isinstance(extension, Fragment) and extension.offset:
            break
    return Chain(extensions=tuple(extensions), protocol=next_header, payload=data)


def encode_extensions(extensions: tuple[Extension, ...], protocol: int) -> tuple[int, bytes]:
    """Write the headers before ``protocol``; returns the number that announces the first, and their bytes."""
    data = b""
    following = protocol
    for extension in reversed(extensions):
        kind, content = _encode(extension)
        data = bytes((following,)) + content + data
        following = kind
    return following, data


def _size(kind: int, length: int) -> int:
    if kind == FRAGMENT:
        return 8
    return (length + 2) * 4 if kind == AUTHENTICATION else (length + 1) * 8


def _decode(kind: int, data: bytes) -> Extension:
    if kind == FRAGMENT:
        _, reserved, place, identification = _FRAGMENT.unpack(data)
        return Fragment(offset=place & 0xFFF8, more=bool(place & 1), identification=identification, reserved=reserved << 2 | place >> 1 & 3)
    if kind == AUTHENTICATION:
        _, _, reserved, index, sequence = unpack(_AUTHENTICATION, data, _WHAT)
        return Authentication(parameters_index=index, sequence=sequence, check=data[12:], reserved=reserved)
    if kind == ROUTING:
        return Routing(type=data[2], segments_left=data[3], data=data[4:])
    if kind in (HOP_BY_HOP, DESTINATION_OPTIONS):
        return OptionsHeader(kind=kind, options=_decode_options(data[2:]))
    return OtherExtension(kind=kind, content=data[2:])


def _encode(extension: Extension) -> tuple[int, bytes]:
    """Return the header's kind, and its bytes from the second on."""
    if isinstance(extension, Fragment):
        if extension.offset % 8:
            raise CallError("write the IPv6 fragment header", str(extension.offset), why="a fragment begins at a multiple of 8 bytes")
        place = extension.offset | (extension.reserved & 3) << 1 | extension.more
        return FRAGMENT, pack(_FRAGMENT, _WHAT, 0, extension.reserved >> 2, place, extension.identification)[1:]
    if isinstance(extension, Authentication):
        whole = 12 + len(extension.check)
        if whole % 4 or whole < 16:
            raise CallError("write the authentication header", why=f"{whole} bytes are no whole number of words, or too few")
        words = whole // 4 - 2
        fields = (0, words, extension.reserved, extension.parameters_index, extension.sequence)
        return AUTHENTICATION, pack(_AUTHENTICATION, _WHAT, *fields)[1:] + extension.check
    if isinstance(extension, Routing):
        return ROUTING, _with_length(bytes((extension.type, extension.segments_left)) + extension.data)
    if isinstance(extension, OptionsHeader):
        return extension.kind, _with_length(_fill(_encode_options(extension.options)))
    return extension.kind, _with_length(extension.content)


def _with_length(content: bytes) -> bytes:
    if (len(content) + 2) % 8:
        raise CallError("write the IPv6 extension header", why=f"{len(content)} bytes and two more are no multiple of 8")
    return pack(struct.Struct("!B"), _WHAT, (len(content) + 2) // 8 - 1) + content


def _decode_options(data: bytes) -> tuple[Option | GarbledOptions, ...]:
    options: list[Option | GarbledOptions] = []
    place = 0
    while place < len(data):
        if data[place] == 0:
            options.append(Option(0))
            place += 1
            continue
        size = 2 + data[place + 1] if place + 1 < len(data) else len(data)
        if place + size > len(data) or size < 2:
            options.append(GarbledOptions(data[place:]))
            break
        options.append(Option(data[place], data[place + 2 : place + size]))
        place += size
    return tuple(options)


def _encode_options(options: tuple[Option | GarbledOptions, ...]) -> bytes:
    parts = []
    for option in options:
        if isinstance(option, GarbledOptions):
            parts.append(option.data)
        else:
            parts.append(b"\0" if option.kind == 0 else bytes((option.kind, len(option.value))) + option.value)
    return b"".join(parts)


def _fill(options: bytes) -> bytes:
    """Pad options with PadN (RFC 8200 §4.2) or Pad1 to what a header of whole 8 bytes holds."""
    missing = -(len(options) + 2) % 8
    if missing == 1:
        return options + b"\0"
    return options + bytes((1, missing - 2)) + bytes(missing - 2) if missing else options
