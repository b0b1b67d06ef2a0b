"""Understands what a person wrote after ``doorward ports``: numbers, a name, or words to search for; answers none of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from doorward.errors import CallError
from doorward.ports.answer import Asked
from doorward.ports.lookup import PortList
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

__all__ = ["Question", "understand"]

_NUMBERS = re.compile(r"([TUSD]:)?(\d+(-\d*)?|-\d+)", re.IGNORECASE)
_LETTER = re.compile(r"[TUSD]:", re.IGNORECASE)


class Question(NamedTuple):
    """How a question was understood; ``ports`` is empty for words and for nothing."""

    asked: Asked
    text: str
    ports: PortSet = PortSet()


def understand(text: str, ports: PortList, *, search: bool = False) -> Question:
    """Take ``text`` for numbers where it looks like them, else for a name where one is so spelt, else for words.

    A number without a letter for its transport means all transports. Raises `CallError` for a number over 65535, a range that ends
    before it starts, or an unknown name in a list.
    """
    plain = " ".join(text.split())
    if not plain:
        return Question(Asked.NOTHING, "")
    if search:
        return Question(Asked.WORDS, plain)
    items = [item for item in re.split(r"[,\s]+", plain) if item]
    if _is_list(plain, items, ports):
        return Question(Asked.NUMBERS, plain, _read(",".join(items) if "," not in plain else plain, ports))
    if doors := ports.named(plain):
        return Question(Asked.NAME, plain, PortSet((transport, port, port) for transport, port in doors))
    return Question(Asked.WORDS, plain)


def _is_list(text: str, items: list[str], ports: PortList) -> bool:
    """Whether it reads as a list of ports: with a comma or a transport's letter, numbers with only names beside them, or several names."""
    numbers = [item for item in items if _NUMBERS.fullmatch(item)]
    if "," in text or _LETTER.match(items[0] if items else ""):
        return True
    if numbers:
        return all(item in numbers or ports.find_name(item) for item in items)
    return len(items) > 1 and all(ports.named(item) for item in items)


def _read(text: str, ports: PortList) -> PortSet:
    if any(_LETTER.match(item.strip()) for item in text.split(",")):
        return PortSet.parse(text, ports.find_name)
    found = PortSet()
    for transport in Transport:
        try:
            found |= PortSet.parse(text, ports.find_name, default=transport)
        except CallError:
            if not found.ranges:
                raise
    return found
