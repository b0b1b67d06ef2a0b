"""Everything the witnesses said of one door, side by side; knows how to gather, not how to judge.

Evidence names the address it was seen at, and witnesses see different ones: the kernel has a socket bound to ``0.0.0.0``, the probe
knocked at ``192.168.1.5``. Both speak of the same door, because a socket bound to all addresses takes what comes to each of them (and one
bound to ``::`` takes IPv4 too, unless it was told not to: RFC 3493 §5.3). So evidence is gathered under the socket that covers it;
what answers at an address that no socket covers is a door of its own, and the most interesting one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from doorward.values.addresses import Address
from doorward.values.doors import Door
from doorward.values.evidence import Evidence, Fact, Witness
from doorward.values.transports import Transport

__all__ = ["Gathering", "Testimony", "gather"]


class Testimony(msgspec.Struct, frozen=True):
    """What was said of one door, by witness; a missing witness was not asked."""

    door: Door
    socket: Evidence | None = None
    use: Evidence | None = None
    identity: Evidence | None = None
    firewall: Evidence | None = None
    probes: list[Evidence] = []  #: one per address knocked at, open ones first

    @property
    def evidence(self) -> list[Evidence]:
        """All of it, in the order of the witnesses."""
        one_each = (self.socket, self.firewall)
        return [e for e in one_each if e is not None] + self.probes + [e for e in (self.identity, self.use) if e is not None]

    def fact(self, witness: Witness, name: str) -> Fact:
        """Return one fact of a witness, or ``None`` where it wasn't asked or doesn't know."""
        said = {Witness.SOCKET: self.socket, Witness.USE: self.use, Witness.IDENTITY: self.identity}.get(witness)
        return said.facts.get(name) if said is not None else None

    def text(self, witness: Witness, name: str) -> str:
        """Return one fact as text; empty where it is unknown."""
        value = self.fact(witness, name)
        return value if isinstance(value, str) else ""

    def number(self, witness: Witness, name: str) -> int:
        """Return one fact as a whole number; 0 where it is unknown."""
        value = self.fact(witness, name)
        return int(value) if isinstance(value, int | float) else 0

    @property
    def service(self) -> str:
        """The protocol that answers, as the identity witness names it; empty when unknown."""
        return self.text(Witness.IDENTITY, "service")

    @property
    def process(self) -> str:
        """The short name of the process that holds the socket; empty when unknown."""
        return self.text(Witness.SOCKET, "process")

    @property
    def is_exposed(self) -> bool:
        """Whether more than this machine itself can send packets to it, as far as its address tells."""
        return not self.door.address.is_loopback


class Gathering(msgspec.Struct, frozen=True):
    """The doors of a machine with what was said of each; ``nobody_home`` counts knocks that found a closed door nobody claimed."""

    testimonies: list[Testimony]
    nobody_home: int


def gather(evidence: Iterable[Evidence]) -> Gathering:
    """Bring evidence together under the doors it speaks of, sorted by transport, port and address.

    A knock that found nothing, at an address no socket covers, makes no door: it is counted.
    """
    said = list(evidence)
    doors: dict[Door, Testimony] = {}
    for one in said:
        if one.witness is Witness.SOCKET and one.says == "listens":
            doors[one.door] = Testimony(one.door, socket=one)
    listening = _by_place(doors.values())
    nobody_home = 0
    for one in said:
        if one.witness is Witness.SOCKET:
            continue
        home = _covering(one.door, doors, listening)
        if home is None and one.witness is Witness.PROBE and one.says != "open":
            nobody_home += 1
            continue
        door = home or one.door
        doors[door] = _with(doors.get(door) or Testimony(door), one)
    ordered = sorted(doors.values(), key=lambda t: (t.door.machine, t.door.transport, t.door.port, t.door.address))
    return Gathering(ordered, nobody_home)


_Place = tuple[str, Transport, int]


def _by_place(testimonies: Iterable[Testimony]) -> dict[_Place, list[Testimony]]:
    places: dict[_Place, list[Testimony]] = {}
    for testimony in testimonies:
        door = testimony.door
        places.setdefault((door.machine, door.transport, door.port), []).append(testimony)
    return places


def _covering(door: Door, doors: dict[Door, Testimony], listening: dict[_Place, list[Testimony]]) -> Door | None:
    """Find the listening socket that takes what is sent to ``door``: its own address first, then the same family's any, then ``::``."""
    if door in doors:
        return door
    candidates: Sequence[Testimony] = listening.get((door.machine, door.transport, door.port), ())
    ranked = sorted((_rank(testimony, door.address), str(testimony.door), testimony.door) for testimony in candidates)
    return ranked[0][2] if ranked and ranked[0][0] < _NOT_COVERED else None


_NOT_COVERED = 9


def _rank(testimony: Testimony, address: Address) -> int:
    bound = testimony.door.address
    if bound.unmapped == address.unmapped or (bound.packed == address.packed and not (bound.scope and address.scope)):
        return 0
    if not bound.is_any:
        return _NOT_COVERED
    if bound.family == address.family:
        return 1
    return 2 if bound.family == 6 and testimony.fact(Witness.SOCKET, "dual_stack") is not False else _NOT_COVERED


def _with(testimony: Testimony, one: Evidence) -> Testimony:
    replace = msgspec.structs.replace
    if one.witness is Witness.PROBE:
        order = {"open": 0, "filtered": 1, "closed": 2}
        return replace(testimony, probes=sorted([*testimony.probes, one], key=lambda e: (order.get(e.says, 3), e.door)))
    if one.witness is Witness.USE:
        return replace(testimony, use=one)
    if one.witness is Witness.FIREWALL:
        return replace(testimony, firewall=one)
    if one.witness is Witness.IDENTITY and (testimony.identity is None or testimony.identity.certainty > one.certainty):
        return replace(testimony, identity=one)
    return testimony
