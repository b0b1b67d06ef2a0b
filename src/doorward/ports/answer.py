"""What ``doorward ports`` answers, as records: entries with every meaning of a number; draws nothing and looks nothing up."""

from __future__ import annotations

import enum
from typing import Literal

import msgspec

from doorward.ports.assignments import Standing
from doorward.ports.notes import PortNote
from doorward.values.addresses import Address
from doorward.values.doors import Holder
from doorward.values.transports import Transport

__all__ = ["Asked", "Counts", "Holding", "Meaning", "PortEntry", "PortsAnswer", "Source"]


class Source(enum.StrEnum):
    """Who says that a number has a meaning."""

    NOTES = "notes"  #: our own notes: what is found there in practice
    LOCAL = "local"  #: this machine's own list, /etc/services
    REGISTRY = "registry"  #: IANA, which assigns numbers


class Asked(enum.StrEnum):
    """How the question was understood."""

    NUMBERS = "numbers"  #: numbers, ranges, or several of them
    NAME = "name"  #: a service's exact name
    WORDS = "words"  #: words to search for
    NOTHING = "nothing"  #: no question: what is there to ask


class Meaning(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that a number can mean."""

    name: str
    source: Source
    transports: list[Transport]  #: empty where the source states none
    says: str  #: what the source says it is, often foreign text
    likely: bool = False
    why: str = ""  #: why it is the likely one
    reference: str = ""
    alias_of: str = ""  #: the current spelling of a historic name


class Holding(msgspec.Struct, frozen=True):
    """A socket of this machine that holds one of the numbers now."""

    transport: Transport
    address: Address
    port: int
    holder: Holder


class PortEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number, or neighbouring numbers of which the same is to be said; both ends inclusive, -1 for a name without a number."""

    first: int
    last: int
    transports: list[Transport]  #: those on which something is known
    name: str  #: of the likely meaning; empty where there is none
    title: str  #: one line on the likely meaning
    standing: Standing
    meanings: list[Meaning] = []
    notes: list[PortNote] = []
    held_by: list[Holding] = []
    squatted: bool = False  #: the registry itself knows of other use


class Counts(msgspec.Struct, frozen=True):
    """How much the list knows."""

    published: str  #: date of the newest change in the registry's copy
    numbers: int  #: port numbers with an assigned service
    names: int  #: distinct registered service names
    names_without_number: int
    noted: int  #: port numbers with a note of ours
    local_names: int  #: lines of /etc/services


class PortsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer."""

    schema: Literal["doorward/ports/1"] = "doorward/ports/1"
    question: str
    asked: Asked
    entries: list[PortEntry]
    found: int  #: how many entries there are, of which `entries` may hold the best only
    holders: str = ""  #: what we could not see of who holds the numbers here; empty where nothing is missing
    counts: Counts | None = None  #: only where nothing was asked
