"""Where to knock: from who listens and which addresses this machine has to a list of doors to try; sends nothing.

Each listening socket is tried at every own address it takes, because rules and forwarding may treat each differently. Beside these,
ports at which nobody listens are tried too, at each address: what answers there is the contradiction worth finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from doorward.audit.testimony import gather
from doorward.values.addresses import Address
from doorward.values.doors import Door
from doorward.values.evidence import Evidence, Witness
from doorward.values.transports import Transport

__all__ = ["best_addresses", "doors_from_outside", "doors_to_ask", "doors_to_knock"]


def doors_to_knock(
    sockets: Iterable[Evidence], machine: str, own_addresses: Sequence[Address], survey: Iterable[int]
) -> list[tuple[Address, int]]:
    """Return the (address, TCP port) pairs to try, each once, sorted.

    ``sockets`` is the socket witness's evidence; only doors of ``machine`` itself count, for another namespace can't be reached from here.
    ``survey`` are ports to try at every own address whether or not somebody listens.
    """
    knocks = {(address, port) for port in survey for address in own_addresses}
    for said in sockets:
        if said.witness is Witness.SOCKET and said.door.machine == machine and said.door.transport is Transport.TCP:
            knocks |= {(address, said.door.port) for address in _taken_by(said, own_addresses)}
    return sorted(knocks)


def doors_from_outside(
    sockets: Iterable[Evidence], machine: str, own_addresses: Sequence[Address], near: Sequence[Address], survey: Iterable[int]
) -> list[tuple[Address, int]]:
    """Return the (address, TCP port) pairs for a neighbour to try: no loopback and no link-local address, and our ends of its cable.

    ``near`` are our addresses on the cable; what is bound to all addresses answers there too.
    """
    reachable = [address for address in own_addresses if address.reach.value not in ("loopback", "link")]
    wanted = doors_to_knock(sockets, machine, [*reachable, *near], survey)
    return [(address, port) for address, port in wanted if address.reach.value not in ("loopback", "link")]


def doors_to_ask(evidence: Iterable[Evidence], machine: str, own_addresses: Sequence[Address]) -> list[Door]:
    """Return the doors to ask what they are, one address for each: TCP doors that were open, UDP sockets that take callers.

    An address that others would use is preferred: many servers treat callers from loopback as friends.
    """
    doors: list[Door] = []
    for testimony in gather(evidence).testimonies:
        door = testimony.door
        if door.machine != machine or testimony.fact(Witness.SOCKET, "client_port") is True:
            continue
        open_at = [probe.door for probe in testimony.probes if probe.says == "open" and not probe.door.address.is_any]
        if door.transport is Transport.UDP and testimony.socket is not None:
            taken = _taken_by(testimony.socket, own_addresses)
            open_at = [Door(machine, address, door.transport, door.port) for address in taken]
        doors += sorted(open_at, key=lambda one: _preference(one.address))[:1]
    return doors


def best_addresses(own_addresses: Iterable[Address]) -> list[Address]:
    """Return the addresses worth knocking at, each once: neither any nor multicast."""
    return sorted({address for address in own_addresses if address.reach.value not in ("any", "group")})


def _taken_by(said: Evidence, own_addresses: Sequence[Address]) -> list[Address]:
    bound = said.door.address
    if not bound.is_any:
        return [bound]
    takes_both = bound.family == 6 and said.facts.get("dual_stack") is not False
    return [address for address in own_addresses if takes_both or address.family == bound.family]


def _preference(address: Address) -> tuple[int, int, Address]:
    """Others' view first, link-local last (it needs a scope on the way back), IPv4 before IPv6."""
    order = {"loopback": 1, "link": 2}
    return order.get(address.reach.value, 0), address.family, address
