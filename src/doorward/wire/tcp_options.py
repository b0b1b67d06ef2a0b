"""What the options of a TCP segment say, those of a current Linux's SYN, and a number for the order of any; knows no segment."""

from __future__ import annotations

from typing import Final

import msgspec

from doorward.wire.options import NO_OPERATION, GarbledOptions, Option

__all__ = [
    "GARBLED",
    "KIND_MSS",
    "KIND_SACK",
    "KIND_SACK_PERMITTED",
    "KIND_TIMESTAMP",
    "KIND_WINDOW_SCALE",
    "KnownTcpOptions",
    "hash_option_kinds",
    "linux_syn_options",
    "option_kinds",
    "understand_options",
]

# IANA, TCP Option Kind Numbers.
KIND_MSS: Final = 2  # RFC 9293 §3.7.1
KIND_WINDOW_SCALE: Final = 3  # RFC 7323 §2.2
KIND_SACK_PERMITTED: Final = 4  # RFC 2018 §2
KIND_SACK: Final = 5  # RFC 2018 §3
KIND_TIMESTAMP: Final = 8  # RFC 7323 §3.2

#: Stands in `option_kinds` for the place from which on the options can't be read.
GARBLED: Final = 256

# FNV-1a (draft-eastlake-fnv), 64 bits.
_HASH_START: Final = 0xCBF29CE484222325
_HASH_PRIME: Final = 0x100000001B3


class KnownTcpOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options that nearly every stack sends; ``None`` where they are missing or have another length than theirs."""

    mss: int | None = None
    window_scale: int | None = None
    sack_permitted: bool = False
    timestamp: int | None = None
    timestamp_echo: int | None = None
    sack_blocks: tuple[tuple[int, int], ...] = ()  #: from sequence number to sequence number (exclusive)


def understand_options(options: tuple[Option | GarbledOptions, ...]) -> KnownTcpOptions:
    """Return what the options say; of two of a kind the later one holds, as in Linux."""
    known: dict[str, int | bool | tuple[tuple[int, int], ...]] = {}
    for option in options:
        if isinstance(option, GarbledOptions):
            continue
        size, value = len(option.value), option.value
        match option.kind, size:
            case (2, 2):
                known["mss"] = int.from_bytes(value, "big")
            case (3, 1):
                known["window_scale"] = value[0]
            case (4, 0):
                known["sack_permitted"] = True
            case (8, 8):
                known["timestamp"] = int.from_bytes(value[:4], "big")
                known["timestamp_echo"] = int.from_bytes(value[4:], "big")
            case (5, _) if size and size % 8 == 0:
                edges = [int.from_bytes(value[place : place + 4], "big") for place in range(0, size, 4)]
                known["sack_blocks"] = tuple(zip(edges[::2], edges[1::2], strict=True))
    return msgspec.convert(known, KnownTcpOptions)


def linux_syn_options(mss: int = 1460, window_scale: int = 7, timestamp: int = 0) -> tuple[Option, ...]:
    """Return a SYN's options as a current Linux orders them (net/ipv4/tcp_output.c): MSS, SACK permitted, timestamp, no-op, scale.

    Many hosts and middleboxes drop a SYN without any; ``mss`` is the link's MTU less 40 (IPv4) or 60 (IPv6).
    """
    return (
        Option(KIND_MSS, mss.to_bytes(2, "big")),
        Option(KIND_SACK_PERMITTED),
        Option(KIND_TIMESTAMP, timestamp.to_bytes(4, "big") + bytes(4)),
        Option(NO_OPERATION),
        Option(KIND_WINDOW_SCALE, bytes((window_scale,))),
    )


def option_kinds(options: tuple[Option | GarbledOptions, ...]) -> tuple[int, ...]:
    """Return the kinds in their order, no-operations and the end of the list included."""
    return tuple(GARBLED if isinstance(option, GarbledOptions) else option.kind for option in options)


def hash_option_kinds(kinds: tuple[int, ...]) -> int:
    """Return a number of 64 bits for a sequence of kinds: stacks differ in the order of their options. 0 for none."""
    if not kinds:
        return 0
    number = _HASH_START
    for kind in kinds:
        number = ((number ^ kind) * _HASH_PRIME) & 0xFFFFFFFFFFFFFFFF
    return number
