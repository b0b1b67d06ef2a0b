"""The shipped port list, read once when first asked for; the functions that label ports for other rooms.

Reads only files: the two that ship beside this one, and this machine's own list of service names.
"""

from __future__ import annotations

import functools
import pkgutil

from doorward.errors import DoorwardBug
from doorward.ports.assignments import decode_assignments
from doorward.ports.live_services import read_services
from doorward.ports.lookup import PortList, notes_by_door
from doorward.ports.notes import PortNote, decode_notes
from doorward.values.transports import Transport

__all__ = ["find_name", "name_of", "names", "note_for", "port_list"]


def note_for(transport: Transport, port: int) -> PortNote | None:
    """Return our note on a door, if there is one; loads the notes alone (under 5 ms)."""
    return _noted().get((transport, port))


def name_of(transport: Transport, port: int) -> str:
    """Return the short name under which people know a door, or an empty text."""
    return names(transport)[port]


def names(transport: Transport) -> list[str]:
    """Return the names of all 65,536 ports of a transport, empty where there is none: index it, or make an array of it, to label many."""
    return port_list().names(transport)


def find_name(word: str) -> list[tuple[Transport, int]]:
    """Return the doors that a service name may mean; hand it to ``PortSet.parse`` as ``names``."""
    return port_list().find_name(word)


@functools.cache
def port_list() -> PortList:
    """Return the whole list: registry, notes and this machine's own names."""
    published, assignments = decode_assignments(_shipped("registry.json.gz"))
    return PortList(assignments, list(_notes()), read_services(), published)


@functools.cache
def _notes() -> tuple[PortNote, ...]:
    return tuple(decode_notes(_shipped("notes.json.gz")))


@functools.cache
def _noted() -> dict[tuple[Transport, int], PortNote]:
    return notes_by_door(_notes())


def _shipped(name: str) -> bytes:
    try:
        packed = pkgutil.get_data("doorward.ports", name)
    except OSError as error:
        raise DoorwardBug("read the shipped port list", name, why=error.strerror or str(error), remedy="Install Doorward again.") from None
    if packed is None:
        raise DoorwardBug("read the shipped port list", name, why="the package's loader keeps no files", remedy="Install Doorward again.")
    return packed
