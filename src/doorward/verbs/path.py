"""Asking for the way to a door: reads which is meant, minds the consent, walks it, and compares it with other knocks where it must."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from doorward.errors import CallError
from doorward.identify.asked import parse_asked
from doorward.identify.conclusion import Endpoint
from doorward.ports.live_list import find_name, names
from doorward.scan.consent import consented
from doorward.scan.live_names import own_address_memory, resolve_name, scope_number
from doorward.scan.spans import Span
from doorward.scan.targets import Resolver, TargetSet
from doorward.scan.trail.answer import PathAnswer, Walked, make_answer
from doorward.scan.trail.conclusion import Ending, conclude
from doorward.scan.trail.hops import KnockKind, Means, Trail
from doorward.scan.trail.live_feelers import can_ping, require_kernel
from doorward.scan.trail.live_reverse_names import reverse_names
from doorward.scan.trail.live_trail import TrailWalk
from doorward.scan.trail.plan import MOST_HOPS, TrailPlan
from doorward.values.addresses import Address
from doorward.values.clocks import Clock
from doorward.values.transports import Transport

__all__ = ["PathRequest", "path"]

#: Where a control knocks: the ports that tracers have always used, so that seldom anything listens (IANA: traceroute, 33434).
_CONTROL_PORTS: Final = range(33434, 33524)
_ACCUSING: Final = (Ending.FILTERED, Ending.SILENT)
_WORTH_COMPARING: Final = (Ending.VANISHES, Ending.REFUSED)


class PathRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller asks for, in his own words."""

    door: str
    transport: str = ""  #: "tcp", "udp", "sctp"; empty: as the door says, else TCP
    family: int = 0  #: 4 or 6 where only that will do
    most_hops: int = MOST_HOPS
    knocks: int = 3
    with_names: bool = False
    compare: bool = True  #: other knocks where the door's don't arrive
    may_scan_public: bool = False


def path(
    request: PathRequest,
    *,
    clock: Clock,
    nonce: Callable[[], int],
    resolve: Resolver = resolve_name,
    stop: Callable[[], bool] = lambda: False,
    on_round: Callable[[Sequence[Trail]], None] = lambda _: None,
) -> PathAnswer:
    """Follow the way to one door; ``nonce`` draws random numbers, ``on_round`` is told the trails as they grow.

    Raises `CallError` for a door that can't be read or mustn't be knocked at, `PermissionMissing` for SCTP without the right.
    """
    door, others = _find_door(request, resolve)
    is_own = own_address_memory()
    consented(TargetSet([Span.of(door.address)]), given=request.may_scan_public, is_own=is_own)
    scope_number(door.address.scope)
    means = Means.of(door.transport, door.port)
    plan = _plan(request, means)
    require_kernel(means, to_ourselves=is_own(door.address))
    began_ns = clock.monotonic_ns()
    walk = TrailWalk(door.address, clock=clock, nonce=nonce, is_own=is_own, stop=stop, on_round=on_round)
    (trail,) = walk.walk([plan])
    found = conclude(door.address, trail, is_finished=not stop())
    controls: list[Trail] = []
    if request.compare and not stop() and not is_own(door.address):
        plans = _controls(request, found.ending, trail, family=door.address.family, draw=nonce())
        controls = walk.walk(plans) if plans else []
        found = conclude(door.address, trail, controls, is_finished=not stop())
        if found.ending in _ACCUSING and found.stops_after_hop < request.most_hops:
            # Routers answer few knocks a second: before a filter is blamed, the hops behind the last answer get another chance.
            again = TrailPlan(means, first=found.stops_after_hop + 1, most=request.most_hops, knocks=1, direct_knocks=0)
            trail = trail.joined(walk.walk([again])[0])
            found = conclude(door.address, trail, controls, is_finished=not stop())
    known = reverse_names(_addresses([trail, *controls]), clock=clock) if request.with_names and not stop() else {}
    walked = Walked(
        host=door.called,
        target=door.address,
        transport=door.transport,
        port=door.port,
        service=names(door.transport)[door.port],
        door=trail,
        others=tuple(controls),
        found=found,
        other_addresses=tuple(others),
        interrupted=stop(),
        is_own=is_own(door.address),
    )
    return make_answer(walked, at=clock.now(), seconds=(clock.monotonic_ns() - began_ns) / 1e9, names=known)


def _find_door(request: PathRequest, resolve: Resolver) -> tuple[Endpoint, list[Address]]:
    """The door meant, at the first address of its name, and the name's other addresses."""
    wanted = Transport(request.transport) if request.transport else None
    word = request.door.strip()
    if wanted is Transport.UDP and not word.lower().startswith(("udp", "u:", "u/", "tcp:", "tcp/", "t:", "t/")):
        word = f"udp:{word}"
    asked = parse_asked([word], resolve, find_name)
    if len(asked) != 1:
        raise CallError("follow the path to", request.door, why=f"these are {len(asked):,} doors", remedy="Name one.")
    fitting = [one for one in asked[0] if request.family in (0, one.address.family)]
    if not fitting:
        raise CallError("follow the path to", request.door, why=f"it has no IPv{request.family} address", remedy="Leave -4 and -6 out.")
    first = fitting[0]
    if wanted is not None and wanted is not first.transport:
        if first.transport is not Transport.TCP or word.lower().startswith(("tcp", "t:", "t/")):
            why = f"the door says {first.transport}, and --transport says {wanted}"
            raise CallError("follow the path to", request.door, why=why, remedy="Say it once.")
        first = msgspec.structs.replace(first, transport=wanted)
    return first, [one.address for one in asked[0] if one.address != first.address]


def _plan(request: PathRequest, means: Means, first: int = 1) -> TrailPlan:
    # The kernel repeats a connection's first packet by itself, so that one knock all the way is three.
    direct = 1 if means.kind is KnockKind.TCP else request.knocks
    return TrailPlan(means, first=first, most=max(first, request.most_hops), knocks=request.knocks, direct_knocks=direct)


def _controls(request: PathRequest, ending: Ending, trail: Trail, *, family: int, draw: int) -> list[TrailPlan]:
    """Other knocks for comparison, the nearest in kind first.

    Where the door's stop, they start at the last hop that passed those; where the door answered, at its distance, to see whether the
    host itself is there.
    """
    means = trail.means
    ping = Means(KnockKind.ECHO) if can_ping(family) else None
    if ending is Ending.DOOR:
        place = trail.end.place if trail.end is not None else None
        far = ping or Means(KnockKind.UDP, _control_port(means.port, draw))
        return [_plan(request, far, place)] if place is not None else []
    if ending not in _WORTH_COMPARING:
        return []
    first = trail.last_heard.place if trail.last_heard is not None else 1
    near = Means(means.kind, _control_port(means.port, draw))
    other = ping or Means(KnockKind.TCP if means.kind is KnockKind.UDP else KnockKind.UDP, _control_port(means.port, draw))
    return [_plan(request, near, first), _plan(request, other, first)]


def _control_port(port: int, draw: int) -> int:
    """One of the tracers' ports that isn't the door's own."""
    choice = [one for one in _CONTROL_PORTS if one != port]
    return choice[draw % len(choice)]


def _addresses(trails: Sequence[Trail]) -> list[Address]:
    return [sender for trail in trails for hop in (*trail.hops, trail.direct) for sender in hop.senders]
