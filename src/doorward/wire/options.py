"""Options as IPv4 and TCP write them: kind, length, value; knows none of the kinds but the two without length.

 0                   1                   2
+---------+---------+---------------- - -
|  kind   | length  | value                   length counts all three (RFC 791 §3.1, RFC 9293 §3.2)
+---------+---------+---------------- - -
|    1    |                                   no operation: fills up
+---------+
|    0    | ...                               end of the list: what follows is padding
+---------+
"""

from __future__ import annotations

import msgspec

from doorward.errors import CallError

__all__ = ["END", "NO_OPERATION", "GarbledOptions", "Option", "decode_options", "encode_options"]

END = 0  # RFC 791 §3.1, RFC 9293 §3.2
NO_OPERATION = 1


class Option(msgspec.Struct, frozen=True):
    """One option. Of the end of the list, ``value`` is the padding behind it."""

    kind: int
    value: bytes = b""


class GarbledOptions(msgspec.Struct, frozen=True):
    """The rest of a list from the option on whose length makes no sense; a header is readable all the same (RFC 9293 MUST-7)."""

    data: bytes


def decode_options(data: bytes) -> tuple[Option | GarbledOptions, ...]:
    """Read a list of options to its end; never fails."""
    options: list[Option | GarbledOptions] = []
    place = 0
    while place < len(data):
        kind = data[place]
        if kind == END:
            options.append(Option(END, data[place + 1 :]))
            break
        if kind == NO_OPERATION:
            options.append(Option(NO_OPERATION))
            place += 1
            continue
        size = data[place + 1] if place + 1 < len(data) else 0
        if size < 2 or place + size > len(data):
            options.append(GarbledOptions(data[place:]))
            break
        options.append(Option(kind, data[place + 2 : place + size]))
        place += size
    return tuple(options)


def encode_options(options: tuple[Option | GarbledOptions, ...]) -> bytes:
    """Write the options and fill the last 32-bit word with zeros; raises `CallError` where they are longer than a header's 40 bytes."""
    data = b"".join(_encode(option) for option in options)
    data += bytes(-len(data) % 4)
    if len(data) > 40:
        raise CallError("write the options", why=f"they take {len(data)} bytes, and a header has room for 40")
    return data


def _encode(option: Option | GarbledOptions) -> bytes:
    if isinstance(option, GarbledOptions):
        return option.data
    if option.kind == END:
        return b"\0" + option.value
    if option.kind == NO_OPERATION:
        return b"\1"
    return bytes((option.kind, len(option.value) + 2)) + option.value
