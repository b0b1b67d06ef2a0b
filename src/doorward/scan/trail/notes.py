"""What else a trail shows beside its end: ways that part, ways back of another length, silent routers, strange answerers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from doorward.scan.doorstates import DoorState
from doorward.scan.trail.conclusion import Conclusion, Ending
from doorward.scan.trail.hops import Hop, KnockKind, Sign, Trail, return_hops
from doorward.scan.trail.words import count_hops

__all__ = ["explain_notes"]

_MOST_NOTES: Final = 4


def explain_notes(door: Trail, controls: Sequence[Trail], found: Conclusion) -> list[str]:
    """What else was noticed: ways that part, ways back of another length, silent routers, an answer that came another way."""
    notes = [_parting(door), _way_back(door), _silent_routers(door), _other_answerer(door, controls)]
    if found.ending in (Ending.DOOR, Ending.STAND_IN) and door.means.kind is KnockKind.TCP and found.state is DoorState.OPEN:
        notes.append("Each knock that got there made a connection and closed it in an orderly way; nothing was said.")
    return [note for note in notes if note][:_MOST_NOTES]


def _parting(door: Trail) -> str:
    hop = next((one for one in door.hops if len(one.senders) > 1), None)
    return f"Hop {hop.place} answers from several machines: knocks take several ways at once." if hop else ""


def _way_back(door: Trail) -> str:
    for hop in door.hops if not door.loop else ():
        if hop.sign is Sign.PASSED and hop.best.answer_hops is not None and abs(return_hops(hop.best.answer_hops) - hop.place) > 1:
            back = return_hops(hop.best.answer_hops)
            return f"Answers from hop {hop.place} seem to come back over {count_hops(back)}: the ways there and back differ."
    return ""


def _silent_routers(door: Trail) -> str:
    last = max((hop.place for hop in door.hops if hop.heard and hop.sign is not Sign.UNSENT), default=0)
    silent = [hop.place for hop in door.hops if not hop.heard and hop.place < last]
    if not silent:
        return ""
    places = ", ".join(map(str, silent))
    if len(silent) == 1:
        return f"Hop {places} passes knocks on without a word of its own: many routers are set so, and it is no fault."
    return f"Hops {places} pass knocks on without a word of their own: many routers are set so, and it is no fault."


def _other_answerer(door: Trail, controls: Sequence[Trail]) -> str:
    """Whether the door's own answers come back over another number of hops than the host's other answers."""
    own = _answer_distance(door)
    others = {distance for control in controls if (distance := _answer_distance(control)) is not None}
    if own is None or not others or own in others:
        return ""
    return (
        f"The door's answer seems to come back over {own} hops, the host's other answers over {min(others)}: "
        "another machine may answer for the door."
    )


def _answer_distance(trail: Trail) -> int | None:
    hops: list[Hop] = [trail.direct, *trail.hops]
    found = next((hop.best for hop in hops if hop.sign is Sign.ANSWERED and hop.best.answer_hops is not None), None)
    return return_hops(found.answer_hops) if found is not None and found.answer_hops is not None else None
