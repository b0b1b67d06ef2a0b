"""Where a witness looked, so that finding nothing there means something; knows doors and ports, not what was found.

A host that could not be reached, a probe that crashed and a question never asked all look the same in a list of open doors:
nothing is there. Only a *coverage* tells them from a closed door. No coverage, no absence.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from doorward.values.addresses import Address
from doorward.values.doors import Door
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

__all__ = ["ALL_PORTS", "Coverage", "Look", "cover_doors", "covering_look", "looks_by_place"]

#: Every port of the transports that this version asks about.
ALL_PORTS: Final = PortSet([(Transport.TCP, 0, 65535), (Transport.UDP, 0, 65535)])


class Coverage(msgspec.Struct, frozen=True):
    """A place where a witness looked: a machine, its addresses (none given: every one), its ports.

    ``vantage`` is from where it looked; empty stands for every vantage of that witness. Not ``complete`` means that it began and
    did not look everywhere: what it found counts, what it didn't find does not.
    """

    machine: str
    ports: PortSet = ALL_PORTS
    addresses: tuple[Address, ...] = ()
    vantage: str = ""
    complete: bool = True

    def covers(self, door: Door, vantage: str = "") -> bool:
        """Whether finding nothing at ``door`` from ``vantage`` would mean that nothing is there."""
        return (
            self.complete
            and door.machine == self.machine
            and (not self.vantage or vantage == self.vantage)
            and (not self.addresses or door.address in self.addresses)
            and (door.transport, door.port) in self.ports
        )


class Look(msgspec.Struct, frozen=True):
    """That a witness looked at a place, and when it had done so."""

    witness: str
    coverage: Coverage
    at: datetime.datetime


def cover_doors(doors: Iterable[Door], *, vantage: str = "", complete: bool = True) -> list[Coverage]:
    """Return coverages of exactly these doors, for a witness that was asked about a list of doors."""
    ports: defaultdict[tuple[str, Address], set[tuple[Transport, int]]] = defaultdict(set)
    for door in doors:
        ports[door.machine, door.address].add((door.transport, door.port))
    addresses: defaultdict[tuple[str, PortSet], list[Address]] = defaultdict(list)
    for (machine, address), asked in ports.items():
        addresses[machine, PortSet((transport, port, port) for transport, port in asked)].append(address)
    return [Coverage(machine, asked_ports, tuple(sorted(own)), vantage, complete) for (machine, asked_ports), own in addresses.items()]


def looks_by_place(looks: Iterable[Look]) -> dict[tuple[str, str], list[Look]]:
    """Sort complete looks by witness and machine, for a quick `covering_look`."""
    places: defaultdict[tuple[str, str], list[Look]] = defaultdict(list)
    for look in looks:
        if look.coverage.complete:
            places[look.witness, look.coverage.machine].append(look)
    return dict(places)


def covering_look(places: Mapping[tuple[str, str], Sequence[Look]], door: Door, witness: str, vantage: str) -> Look | None:
    """Return the latest look of ``witness`` that would have found something at ``door``, or ``None``."""
    found = [look for look in places.get((witness, door.machine), ()) if look.coverage.covers(door, vantage)]
    return max(found, key=lambda look: look.at) if found else None
