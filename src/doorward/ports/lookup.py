"""Finds what is known of a number or a name, and says all of it; keeps the three sources apart and judges nothing itself.

Numbers that mean the same stand next to each other often (6000 to 6063 are all X11, 49152 to 65535 all dynamic), so a range is cut at
the places where something changes, never walked number by number.
"""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from doorward.ports.answer import Counts
from doorward.ports.assignments import Assignment, Standing
from doorward.ports.notes import PortNote
from doorward.ports.services import LocalName
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

__all__ = ["Known", "PortList", "notes_by_door"]

_PORTS = 65536


class Known(NamedTuple):
    """Everything known of the numbers ``first`` to ``last`` on some transports."""

    first: int
    last: int
    asked: tuple[Transport, ...]
    notes: tuple[PortNote, ...]
    local: tuple[LocalName, ...]
    assignments: tuple[Assignment, ...]


def notes_by_door(notes: Iterable[PortNote]) -> dict[tuple[Transport, int], PortNote]:
    """Index notes by the doors that they speak of."""
    return {door: note for note in notes for door in note.ports}


class PortList:
    """The registry, the local names and the notes together; immutable in use, indexes are made when first asked for."""

    def __init__(
        self, assignments: Sequence[Assignment], notes: Sequence[PortNote] = (), local: Sequence[LocalName] = (), published: str = ""
    ) -> None:
        self.assignments = assignments
        self.notes = notes
        self.local = local
        self.published = published

    def note_for(self, transport: Transport, port: int) -> PortNote | None:
        """Return our note on a door, if there is one."""
        return self._notes.get((transport, port))

    def name_of(self, transport: Transport, port: int) -> str:
        """Return the short name under which people know a door, or an empty text: our note's, else the local one, else the registry's."""
        return self.names(transport)[port]

    @functools.cache  # noqa: B019  # one list lives as long as the program
    def names(self, transport: Transport) -> list[str]:
        """Return the name of every port of one transport as a list of 65,536 texts, for labelling many sockets at once."""
        table = [""] * _PORTS
        for row in self.assignments:
            if row.name and row.has_number and row.is_on(transport) and not row.alias_of:
                for port in range(row.first, row.last + 1):
                    table[port] = table[port] or row.name
        for line in reversed(self.local):  # the first line of the file counts, as for getservbyport(3)
            if line.transport is transport:
                table[line.port] = line.name
        for (own, port), note in self._notes.items():
            if own is transport:
                table[port] = note.name
        return table

    def named(self, word: str) -> list[tuple[Transport, int]]:
        """Return every door whose registered or local name is ``word``, else those that our notes call so; letters' case does not count."""
        wanted = word.casefold()
        doors = {(t, p) for row in self.assignments if row.name.casefold() == wanted for t, p in _doors_of(row)}
        doors |= {(line.transport, line.port) for line in self.local if line.name.casefold() == wanted}
        if not doors:
            doors = {door for note in self.notes if wanted in (note.name, *note.aliases) for door in note.ports}
        return _in_order(doors)

    def find_name(self, word: str) -> list[tuple[Transport, int]]:
        """Return every door that a name may mean, in order of transport and number; a `values.portsets.NameLookup`.

        Where nothing has the name itself, the other names in this machine's own list count.
        """
        wanted = word.casefold()
        aliased = {(line.transport, line.port) for line in self.local if wanted in (alias.casefold() for alias in line.aliases)}
        return self.named(word) or _in_order(aliased)

    def all_names(self) -> set[str]:
        """Every name that `find_name` may find, and names without a number."""
        names = {row.name for row in self.assignments} | {line.name for line in self.local}
        names |= {name for note in self.notes for name in (note.name, *note.aliases)}
        names |= {alias for line in self.local for alias in line.aliases}
        return names - {""}

    def known(self, ports: PortSet) -> list[Known]:
        """Return what is known of a set of ports, in order of number, neighbours with the same note or the same meanings joined."""
        found: list[Known] = []
        for first, last, asked in _pieces(ports):
            for start, end in self._cut(first, last):
                here = self._known_at(start, end, asked)
                if found and found[-1].last + 1 == start and _same(found[-1], here):
                    here = _joined(found.pop(), here)
                found.append(here)
        return found

    def known_names(self, name: str) -> list[Known]:
        """Return what is known of a service name that has no number."""
        rows = tuple(row for row in self.assignments if row.name == name and not row.has_number)
        return [Known(-1, -1, tuple(Transport), (), (), rows)] if rows else []

    def counts(self) -> Counts:
        """Count what the list holds."""
        named = [row for row in self.assignments if row.name]
        return Counts(
            published=self.published,
            numbers=len({port for row in named if row.has_number for port in range(row.first, row.last + 1)}),
            names=len({row.name for row in named}),
            names_without_number=len({row.name for row in named if not row.has_number}),
            noted=len({port for _, port in self._notes}),
            local_names=len(self.local),
        )

    @functools.cached_property
    def _notes(self) -> dict[tuple[Transport, int], PortNote]:
        return notes_by_door(self.notes)

    @functools.cached_property
    def _single(self) -> dict[int, list[Assignment]]:
        rows: dict[int, list[Assignment]] = {}
        for row in self.assignments:
            if row.first == row.last and row.has_number:
                rows.setdefault(row.first, []).append(row)
        return rows

    @functools.cached_property
    def _wide(self) -> list[Assignment]:
        return [row for row in self.assignments if row.first != row.last]

    @functools.cached_property
    def _edges(self) -> list[int]:
        """The numbers at which something begins or has just ended, ascending."""
        edges = {row.first for row in self.assignments} | {row.last + 1 for row in self.assignments}
        edges |= {edge for note in self.notes for _, first, last in note.ports.ranges for edge in (first, last + 1)}
        return sorted(edges | {edge for line in self.local for edge in (line.port, line.port + 1)})

    def _cut(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        if first == last:  # the common question needs no edges
            yield first, last
            return
        inner = self._edges[bisect.bisect_right(self._edges, first) : bisect.bisect_right(self._edges, last)]
        starts = [first, *inner]
        yield from zip(starts, [*(edge - 1 for edge in inner), last], strict=True)

    def _known_at(self, first: int, last: int, asked: tuple[Transport, ...]) -> Known:
        notes = {id(note): note for transport in asked if (note := self._notes.get((transport, first))) is not None}
        rows = [row for row in self._single.get(first, ()) if _is_on_any(row, asked)]
        if first not in self._single:
            rows = [row for row in self._wide if row.first <= first <= row.last and _is_on_any(row, asked)]
        assigned = [row for row in rows if row.standing is Standing.ASSIGNED]
        local = tuple(line for line in self._local_at.get(first, ()) if line.transport in asked)
        return Known(first, last, asked, tuple(notes.values()), local, tuple(assigned or rows))

    @functools.cached_property
    def _local_at(self) -> dict[int, list[LocalName]]:
        lines: dict[int, list[LocalName]] = {}
        for line in self.local:
            lines.setdefault(line.port, []).append(line)
        return lines


def _is_on_any(row: Assignment, asked: tuple[Transport, ...]) -> bool:
    return not row.bits or any(row.is_on(transport) for transport in asked)


def _doors_of(row: Assignment) -> Iterator[tuple[Transport, int]]:
    if row.has_number:
        for transport in row.transports or (Transport.TCP, Transport.UDP):
            for port in range(row.first, row.last + 1):
                yield transport, port


def _pieces(ports: PortSet) -> Iterator[tuple[int, int, tuple[Transport, ...]]]:
    """Turn ranges per transport into disjoint ranges of numbers, each with the transports it was asked on."""
    edges = sorted({edge for _, first, last in ports.ranges for edge in (first, last + 1)})
    for start, end in itertools.pairwise(edges):
        asked = tuple(transport for transport in Transport if (transport, start) in ports)
        if asked:
            yield start, end - 1, asked


def _same(one: Known, other: Known) -> bool:
    if one.asked != other.asked or one.notes != other.notes:
        return False
    return bool(one.notes) or _sayings(one) == _sayings(other)


def _joined(one: Known, other: Known) -> Known:
    # Nothing but "unassigned" is said twice; names of single numbers under one note are all kept.
    if one.assignments and one.assignments[0].standing is not Standing.ASSIGNED and not one.notes:
        return one._replace(last=other.last)
    rows = tuple(dict.fromkeys(one.assignments + other.assignments))
    return one._replace(last=other.last, assignments=rows, local=tuple(dict.fromkeys(one.local + other.local)))


def _sayings(known: Known) -> list[tuple[object, ...]]:
    """What a reader would see of a number, without the number itself; all that is not assigned reads alike."""
    assigned = [row for row in known.assignments if row.standing is Standing.ASSIGNED]
    lines: list[tuple[object, ...]] = [(line.name, line.transport) for line in known.local]
    if not assigned:
        return [*lines, (known.assignments[0].standing if known.assignments else Standing.UNASSIGNED,)]
    return [*lines, *((row.name, row.description, row.bits) for row in assigned)]


def _in_order(doors: Iterable[tuple[Transport, int]]) -> list[tuple[Transport, int]]:
    place = {transport: order for order, transport in enumerate(Transport)}
    return sorted(doors, key=lambda door: (place[door[0]], door[1]))
