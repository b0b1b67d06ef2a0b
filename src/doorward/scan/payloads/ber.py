"""BER as SNMP, LDAP and Kerberos write it (ITU-T X.690): definite lengths and one-byte tags, both ways. Knows none of the three."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["INTEGER", "OCTETS", "SEQUENCE", "Element", "elements", "encode", "integer", "number"]

INTEGER: Final = 0x02  # X.690 §8.3
OCTETS: Final = 0x04  # §8.7
SEQUENCE: Final = 0x30  # §8.9
_MOST_ELEMENTS: Final = 64  # an answer to our questions has fewer than 20 on one level


class Element(NamedTuple):
    """A tag and its content."""

    tag: int
    content: bytes


def encode(tag: int, *parts: bytes) -> bytes:
    """One element around its parts, its length in the shortest form (§8.1.3)."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    size = (len(content).bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + len(content).to_bytes(size) + content


def integer(value: int) -> bytes:
    """An INTEGER that isn't negative."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def number(element: Element) -> int | None:
    """What an INTEGER or ENUMERATED says; `None` where it is another or absurdly long."""
    return int.from_bytes(element.content, signed=True) if element.tag in (INTEGER, 0x0A) and 1 <= len(element.content) <= 9 else None


def elements(data: bytes) -> tuple[Element, ...] | None:
    """The elements that fill ``data`` exactly, in order; `None` where it is cut, indefinite, or more than 64."""
    found: list[Element] = []
    place = 0
    while place < len(data):
        start, length = _header(data, place)
        if not start or start + length > len(data) or len(found) == _MOST_ELEMENTS:
            return None
        found.append(Element(data[place], data[start : start + length]))
        place = start + length
    return tuple(found)


def _header(data: bytes, place: int) -> tuple[int, int]:
    """Where the content of the element at ``place`` starts, and its length; (0, 0) for a long tag or a length we don't read."""
    if len(data) < place + 2 or data[place] & 0x1F == 0x1F:
        return 0, 0
    first = data[place + 1]
    if first < 0x80:
        return place + 2, first
    size = first & 0x7F
    if not 1 <= size <= 4 or len(data) < place + 2 + size:
        return 0, 0
    return place + 2 + size, int.from_bytes(data[place + 2 : place + 2 + size])
