"""BER, the lengths and tags of LDAP, SNMP and Kerberos: reads and writes them; knows no message of theirs.

X.690 §8.1: a value is a tag, a length and that many bytes. Tags above 30 and lengths without end are not read: none of the three uses them.
"""

from __future__ import annotations

from typing import Final

from doorward.errors import PeerError

__all__ = ["Element", "decode_elements", "decode_integer", "decode_oid", "encode", "encode_integer", "first_element", "whole_size"]

Element = tuple[int, bytes]  #: tag, and the bytes inside

_MOST_ELEMENTS: Final = 1000


def encode(tag: int, *parts: bytes) -> bytes:
    """Write one value with all ``parts`` inside."""
    inside = b"".join(parts)
    size = len(inside)
    length = (
        bytes((size,)) if size < 0x80 else bytes((0x80 | ((size.bit_length() + 7) // 8),)) + size.to_bytes((size.bit_length() + 7) // 8)
    )
    return bytes((tag,)) + length + inside


def encode_integer(value: int, tag: int = 0x02) -> bytes:
    """Write a number in as few bytes as hold it (§8.3)."""
    return encode(tag, value.to_bytes(value.bit_length() // 8 + 1, signed=True))


def decode_integer(inside: bytes) -> int:
    """Read a number of at most eight bytes; raises `PeerError`."""
    if not 0 < len(inside) <= 9:
        raise PeerError("read a number", why="it has an odd size")
    return int.from_bytes(inside, signed=True)


def decode_oid(inside: bytes) -> str:
    """Read an object identifier, ``1.3.6.1.4.1.8072`` (§8.19); at most 40 numbers."""
    numbers: list[int] = []
    number = 0
    for byte in inside[:160]:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    if not numbers:
        return ""
    first = min(numbers[0] // 40, 2)
    return ".".join(str(part) for part in [first, numbers[0] - 40 * first, *numbers[1:40]])


def whole_size(data: bytes, place: int = 0) -> int:
    """How many bytes the value at ``place`` takes with tag and length; 0 where that can't be told (yet), or is nonsense."""
    head = _head(data, place)
    return head[1] + head[2] - place if head else 0


def first_element(data: bytes, place: int = 0) -> Element:
    """Read the value at ``place``; raises `PeerError` where it is cut."""
    head = _head(data, place)
    if head is None or head[1] + head[2] > len(data):
        raise PeerError("read a BER value", why="it is cut or its length is nonsense")
    return head[0], data[head[1] : head[1] + head[2]]


def decode_elements(inside: bytes) -> list[Element]:
    """Read the values that lie side by side; raises `PeerError` where one is cut."""
    found: list[Element] = []
    place = 0
    while place < len(inside) and len(found) < _MOST_ELEMENTS:
        found.append(first_element(inside, place))
        place += whole_size(inside, place)
    return found


def _head(data: bytes, place: int) -> tuple[int, int, int] | None:
    """Tag, where the inside begins, and its size."""
    if len(data) < place + 2 or data[place] & 0x1F == 0x1F:
        return None
    size = data[place + 1]
    if size < 0x80:
        return data[place], place + 2, size
    count = size & 0x7F
    if not 0 < count <= 4 or len(data) < place + 2 + count:
        return None
    return data[place], place + 2 + count, int.from_bytes(data[place + 2 : place + 2 + count])
