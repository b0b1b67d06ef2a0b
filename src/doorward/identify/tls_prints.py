"""Prints of a TLS server, made of its first answers: JARM of ten hellos, JA3S of one; knows how to make them, not whose they are.

Two servers with the same print run the same library in the same setting; that is a hint and no proof. Written from the published
methods (JARM and JA3S, salesforce.com, BSD-3-Clause). Whatever is random there is fixed here: it does not enter the print.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec

from doorward.identify.tls_hello import ServerHello, decode_server_hello, encode_client_hello, extension, list_extension

__all__ = ["JARM_BYTES", "NO_JARM", "ja3s", "jarm", "jarm_hellos"]

#: Bytes of each answer that enter the print.
JARM_BYTES: Final = 1484
#: The print of a server that refused all ten.
NO_JARM: Final = "0" * 62

T = TypeVar("T")

# The ciphers offered, in the method's order: old before new, key exchanges mixed.
_CODES: Final = bytes.fromhex(
    "0016 0033 0067 c09e c0a2 009e 0039 006b c09f c0a3 009f 0045 00be 0088 00c4 009a c008 c009 c023 c0ac c0ae c02b c00a c024 c0ad c0af "
    "c02c c072 c073 cca9 1302 1301 cc14 c007 c012 c013 c027 c02f c014 c028 c030 c060 c061 c076 c077 cca8 1305 1304 1303 cc13 c011 "
    "000a 002f 003c c09c c0a0 009c 0035 003d c09d c0a1 009d 0041 00ba 0084 00c0 0007 0004 0005"
)
_CIPHERS: Final = tuple(int.from_bytes(_CODES[place : place + 2]) for place in range(0, len(_CODES), 2))
_NEWEST: Final = frozenset((0x1301, 0x1302, 0x1303, 0x1304, 0x1305))
# A cipher's place in the print: by number, those of TLS 1.3 last.
_PLACES: Final = {code: place for place, code in enumerate(sorted(_CIPHERS, key=lambda code: (code in _NEWEST, code)), 1)}
_GREASE: Final = 0x0A0A  # RFC 8701
# The method sends spdy/3 and h2 as one item, which shows only where the order is turned.
_PROTOCOLS: Final = (b"http/0.9",), (b"http/1.0",), (b"http/1.1",), (b"spdy/1",), (b"spdy/2",), (b"spdy/3", b"h2"), (b"h2c",), (b"hq",)
_RARE_PROTOCOLS: Final = (b"http/0.9",), (b"http/1.0",), (b"spdy/1",), (b"spdy/2",), (b"spdy/3",), (b"h2c",), (b"hq",)


class _Kind(msgspec.Struct, frozen=True):
    """One of the ten hellos."""

    version: int
    ciphers: str = "forward"
    newest: bool = True  #: with the ciphers of TLS 1.3
    grease: bool = False
    rare: bool = False  #: only application protocols that nobody speaks
    offers: tuple[int, ...] = ()  #: versions in their own extension
    turned: bool = False  #: that extension and the protocols from new to old


_TO_12: Final = (0x0301, 0x0302, 0x0303)
_TO_13: Final = (*_TO_12, 0x0304)
_KINDS: Final = (
    _Kind(0x0303, offers=_TO_12, turned=True),
    _Kind(0x0303, "reverse", offers=_TO_12),
    _Kind(0x0303, "top half"),
    _Kind(0x0303, "bottom half", rare=True),
    _Kind(0x0303, "middle out", grease=True, rare=True, turned=True),
    _Kind(0x0302),
    _Kind(0x0304, offers=_TO_13, turned=True),
    _Kind(0x0304, "reverse", offers=_TO_13),
    _Kind(0x0304, newest=False, offers=_TO_13),
    _Kind(0x0304, "middle out", grease=True, offers=_TO_13, turned=True),
)


def jarm_hellos(host: str) -> tuple[bytes, ...]:
    """The ten hellos to say, each on a connection of its own; ``host`` stands in the server's name."""
    return tuple(_hello(kind, host) for kind in _KINDS)


def jarm(answers: Sequence[bytes]) -> str:
    """The print of ten answers in the order of the hellos; an answer that is empty or an alert counts as a refusal."""
    hellos = [_read(answer[:JARM_BYTES]) for answer in answers]
    if not any(hellos):
        return NO_JARM
    print_of = "".join(f"{_PLACES.get(hello.cipher, len(_PLACES) + 1):02x}{_letter(hello)}" if hello else "000" for hello in hellos)
    rest = "".join(hello.alpn + "-".join(f"{kind:04x}" for kind, _ in hello.extensions) for hello in hellos if hello)
    return print_of + hashlib.sha256(rest.encode()).hexdigest()[:32]


def ja3s(hello: ServerHello) -> str:
    """MD5 over version, cipher and extensions in decimal; it depends on the hello that was answered."""
    text = f"{hello.legacy_version},{hello.cipher},{'-'.join(str(kind) for kind, _ in hello.extensions)}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _read(answer: bytes) -> ServerHello | None:
    """A hello without extensions before another record counts as a refusal, as it does in the published method."""
    hello = decode_server_hello(answer)
    end = 9 + int.from_bytes(answer[6:9])
    return None if hello and not hello.extensions and answer[end : end + 1] not in (b"", b"\x0b") else hello


def _letter(hello: ServerHello) -> str:
    """The version in its old place: ``d`` for 0x0303."""
    return "abcdef"[hello.legacy_version & 7] if hello.legacy_version & 15 < 6 else "0"


def _hello(kind: _Kind, host: str) -> bytes:
    ciphers = _ordered([code for code in _CIPHERS if kind.newest or code not in _NEWEST], kind.ciphers)
    ciphers = [_GREASE, *ciphers] if kind.grease else ciphers
    new = kind.version == 0x0304
    return encode_client_hello(min(kind.version, 0x0303), ciphers, _extensions(kind, host), record_version=0x0301 if new else kind.version)


def _extensions(kind: _Kind, host: str) -> bytes:
    """The extensions in the method's order; numbers by IANA's registry of TLS extensions."""
    name = host.encode("ascii", "replace")[:255]
    protocols = _ordered(_RARE_PROTOCOLS if kind.rare else _PROTOCOLS, "reverse" if kind.turned else "forward")
    shares = (_GREASE.to_bytes(2) + b"\x00\x01\x00" if kind.grease else b"") + b"\x00\x1d\x00\x20" + b"doorward" * 4
    versions = b"".join(version.to_bytes(2) for version in _ordered(kind.offers, "reverse" if kind.turned else "forward"))
    versions = (_GREASE.to_bytes(2) if kind.grease else b"") + versions
    parts = (
        extension(_GREASE, b"") if kind.grease else b"",
        list_extension(0, b"\x00" + len(name).to_bytes(2) + name),  # server name
        extension(23, b""),  # extended master secret
        extension(1, b"\x01"),  # greatest fragment
        extension(0xFF01, b"\x00"),  # renegotiation
        list_extension(10, b"\x00\x1d\x00\x17\x00\x18\x00\x19"),  # groups
        extension(11, b"\x01\x00"),  # point formats
        extension(35, b""),  # session ticket
        list_extension(16, b"".join(bytes([len(one)]) + one for item in protocols for one in item)),  # application protocols
        list_extension(13, bytes.fromhex("040308040401050308050501080606010201")),  # signatures
        list_extension(51, shares),  # key share
        extension(45, b"\x01\x01"),  # ways to use earlier keys
        extension(43, bytes([len(versions)]) + versions) if kind.offers else b"",  # versions
    )
    return b"".join(parts)


def _ordered(items: Sequence[T], order: str) -> list[T]:
    """The method's orders: as they are, turned, the second half, the first half from its end, from the middle outwards."""
    middle, odd = divmod(len(items), 2)
    if order == "reverse":
        return list(items[::-1])
    if order == "bottom half":
        return list(items[middle + odd :])
    if order == "top half":
        return list(items[: middle + odd][::-1])
    if order == "middle out":
        start = [items[middle]] if odd else []
        pairs = ((items[middle + step], items[middle - step]) for step in range(1, middle + 1))
        if not odd:
            pairs = ((items[middle - 1 + step], items[middle - step]) for step in range(1, middle + 1))
        return start + [item for pair in pairs for item in pair]
    return list(items)
