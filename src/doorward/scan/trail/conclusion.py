"""What the trails of a door amount to: where its knocks stop, who stops them, and how sure that is. Pure; the words are in `words`.

A knock that vanishes is no proof by itself: the next machine may drop it, or be switched off, or answer nobody at all. So others are sent
the same way: a knock at another port, and a ping. Where they go on and the door's don't, there is a filter, and it stands between the
last hop that passed the door's knocks and the next that passed the others'.

Linux counts hops down before its forwarding rules are asked (net/ipv4/ip_forward.c: the count is looked at, then the netfilter hook
"forward"). So the last hop that answers may itself be the one that drops what it should have passed on, and both are named.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final

import msgspec

from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.trail.hops import SILENCE, Heard, KnockKind, Means, Sign, Trail
from doorward.values.addresses import Address
from doorward.values.evidence import Certainty

__all__ = ["Conclusion", "Ending", "conclude", "is_reached"]


class Ending(enum.StrEnum):
    """How the way to a door ends."""

    DOOR = "door"  #: at the door: it answered, open or closed
    FORWARDED = "forwarded"  #: the address is a gateway that hands this door to a machine behind it, and that answered
    STAND_IN = "stand-in"  #: something before the host answered in its name
    REFUSED = "refused"  #: somebody on the way or the host itself refuses knocks by an ICMP error
    NO_HOST = "no-host"  #: the last router says that nobody has the address, or our own link does
    NO_WAY = "no-way"  #: a router says that it knows no way on
    NO_SERVICE = "no-service"  #: the host says that it doesn't speak the transport
    FILTERED = "filtered"  #: the door's knocks vanish where others pass
    SILENT = "silent"  #: they get as far as the host's last router; the door, where it is open, may keep silent (UDP)
    VANISHES = "vanishes"  #: all kinds of knocks vanish behind the same hop
    CIRCLE = "circle"  #: routers send them round in circles
    UNFINISHED = "unfinished"  #: interrupted, or too many hops
    UNSENT = "unsent"  #: this machine let none leave


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of a trail; ``None`` where nothing is known."""

    ending: Ending
    reason: Reason | None  #: what is known of the door itself; ``None`` where we stopped before it was
    certainty: Certainty
    heard: Heard | None = None  #: what decided the door's state
    distance: int | None = None  #: hops to whatever answered as the door, or to the host where only that is known
    stops_after: Address | None = None  #: the last machine that passed the door's knocks and said so
    stops_after_hop: int = 0  #: its place; 0: none did
    next_hop: Address | None = None  #: who answers behind it to other knocks
    passed_by: Means | None = None  #: the other knock that got farther, the nearest in kind
    failed_too: tuple[Means, ...] = ()  #: other knocks that got no farther
    same_refusal: tuple[Means, ...] = ()  #: other knocks that the same machine refuses
    host_distance: int | None = None  #: where other knocks meet the host itself
    circle: tuple[Address, ...] = ()

    @property
    def state(self) -> DoorState:
        """The door's state."""
        return self.reason.state if self.reason is not None else DoorState.UNKNOWN


def is_reached(trail: Trail) -> bool:
    """Whether the far end itself answered."""
    return Sign.ANSWERED in (trail.direct.sign, *(hop.sign for hop in trail.hops))


def conclude(target: Address, door: Trail, controls: Sequence[Trail] = (), *, is_finished: bool = True) -> Conclusion:
    """Judge the door's trail, and compare it with the others'."""
    heard = _deciding(door)
    last = door.last_heard
    found = Conclusion(
        ending=Ending.VANISHES,
        reason=heard.reason or _silence_means(door.means),
        certainty=Certainty.MEASURED,
        heard=None if heard.sign is Sign.SILENCE else heard,
        stops_after=last.best.sender if last else None,
        stops_after_hop=last.place if last else 0,
    )
    if heard.sign is Sign.UNSENT:
        absent = heard.reason is Reason.NO_NEIGHBOUR
        return msgspec.structs.replace(found, ending=Ending.NO_HOST if absent else Ending.UNSENT)
    if heard.sign is Sign.ANSWERED:
        return _answered(target, door, controls, found)
    if heard.sign is Sign.REFUSED:
        return _refused(target, door, controls, found, heard)
    if door.loop:
        return msgspec.structs.replace(found, ending=Ending.CIRCLE, circle=door.loop)
    if not is_finished:
        return msgspec.structs.replace(found, ending=Ending.UNFINISHED, certainty=Certainty.UNKNOWN, reason=None)
    if door.hops and door.hops[-1].sign is Sign.PASSED:
        return msgspec.structs.replace(found, ending=Ending.UNFINISHED, certainty=Certainty.UNKNOWN)
    return _vanished(target, door, controls, found)


def _deciding(door: Trail) -> Heard:
    """What weighs most for the door's state: the direct knock, else the end of the trail."""
    unsent = next((hop.best for hop in (door.direct, *door.hops) if hop.sign is Sign.UNSENT), None)
    if unsent is not None:
        return unsent
    if door.direct.sign.is_end:
        return door.direct.best
    return door.end.best if door.end is not None else SILENCE


def _silence_means(means: Means) -> Reason:
    return Reason.NO_REFUSAL if means.kind is KnockKind.UDP else Reason.NO_ANSWER


def _answered(target: Address, door: Trail, controls: Sequence[Trail], found: Conclusion) -> Conclusion:
    distance = door.end.place if door.end is not None and door.end.sign is Sign.ANSWERED else None
    found = msgspec.structs.replace(found, ending=Ending.DOOR, distance=distance)
    if distance is None:
        return found
    gateway = next((hop for hop in door.hops if hop.sign is Sign.PASSED and target in hop.senders), None)
    if gateway is not None:
        return msgspec.structs.replace(found, ending=Ending.FORWARDED, host_distance=gateway.place)
    for control in controls:
        behind = control.hop(distance)
        if behind is not None and behind.sign is Sign.PASSED and behind.best.sender != target:
            return msgspec.structs.replace(
                found,
                ending=Ending.STAND_IN,
                certainty=Certainty.INFERRED,
                next_hop=behind.best.sender,
                passed_by=control.means,
                host_distance=control.reaches(target),
            )
    return found


_ENDINGS: Final[dict[Reason | None, Ending]] = {
    Reason.HOST_UNREACHABLE: Ending.NO_HOST,
    Reason.NET_UNREACHABLE: Ending.NO_WAY,
    Reason.PROTOCOL_UNREACHABLE: Ending.NO_SERVICE,
}


def _refused(target: Address, door: Trail, controls: Sequence[Trail], found: Conclusion, heard: Heard) -> Conclusion:
    """Somebody says no: who, how far away, and whether to others too."""
    place = door.place_of(heard.sender) if heard.sender is not None else None
    ending = _ENDINGS.get(heard.reason, Ending.REFUSED)
    if ending in (Ending.NO_SERVICE, Ending.NO_HOST) and (heard.sender == target) != (ending is Ending.NO_SERVICE):
        ending = Ending.REFUSED  # only the host can speak for its protocols, and only others can say that it isn't there
    others = [control for control in controls if _refuser(control) != heard.sender]
    farther = [control for control in others if is_reached(control) or control.reaches(target) is not None]
    return msgspec.structs.replace(
        found,
        ending=ending,
        distance=place,
        passed_by=farther[0].means if farther else None,
        same_refusal=tuple(control.means for control in controls if _refuser(control) == heard.sender),
        host_distance=next((place for control in farther if (place := control.reaches(target)) is not None), None),
    )


def _refuser(trail: Trail) -> Address | None:
    heard = _deciding(trail)
    return heard.sender if heard.sign is Sign.REFUSED else None


def _vanished(target: Address, door: Trail, controls: Sequence[Trail], found: Conclusion) -> Conclusion:
    """Silence: is it for this door alone?"""
    stop = found.stops_after_hop
    farther = [control for control in controls if _farthest(control, target) > stop or is_reached(control)]
    stuck = tuple(control.means for control in controls if control not in farther)
    if not farther:
        return msgspec.structs.replace(found, certainty=Certainty.INFERRED, failed_too=stuck)
    best = farther[0]
    behind = best.hop(stop + 1)
    # The host's place by any of them: the nearest in kind may be stopped on the way too.
    host = next((place for one in farther if (place := one.reaches(target)) is not None), None)
    is_last_router = host is not None and host == stop + 1
    ending = Ending.SILENT if door.means.kind is KnockKind.UDP and is_last_router else Ending.FILTERED
    return msgspec.structs.replace(
        found,
        ending=ending,
        certainty=Certainty.INFERRED if ending is Ending.SILENT else Certainty.MEASURED,
        next_hop=behind.best.sender if behind is not None else None,
        passed_by=best.means,
        failed_too=stuck,
        host_distance=host,
        distance=host,
    )


def _farthest(trail: Trail, target: Address) -> int:
    """The farthest place from which anything came back."""
    return max((hop.place for hop in trail.hops if hop.heard), default=trail.reaches(target) or 0)
