"""The conclusion of a trail in sentences for a person outside the trade: where it stops, what that means, what to do next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.trail.conclusion import Conclusion, Ending
from doorward.scan.trail.hops import Hop, KnockKind, Means, Sign, Trail, return_hops
from doorward.values.addresses import Address
from doorward.values.printable import printable

__all__ = ["Told", "explain", "explain_notes"]

_MOST_NOTES: Final = 4


class Told(NamedTuple):
    """A conclusion in words; ``advice`` may be empty."""

    sentence: str  #: where the way ends
    meaning: str  #: what that means
    advice: str  #: what to do next


class _Case(NamedTuple):
    """What the sentences are made of."""

    found: Conclusion
    target: Address
    means: Means
    is_own: bool

    @property
    def door(self) -> str:
        return self.means.label

    @property
    def others_fail(self) -> str:
        return _joined([one.label for one in self.found.failed_too])


def explain(found: Conclusion, target: Address, means: Means, *, is_own: bool = False) -> Told:
    """Say what was concluded about the door ``means`` of ``target``; ``is_own``: an address of this machine."""
    return _EXPLAINED[found.ending](_Case(found, target, means, is_own))


def _door(case: _Case) -> Told:
    found = case.found
    state = "open" if found.state is DoorState.OPEN else "closed"
    why = "" if state == "open" else " Knocks get there, and nothing listens."
    if case.is_own:
        return Told(f"The door is {state}.{why}", "It is this machine's own: knocks never leave it, and no router lies between.", "")
    if found.distance is None:
        unknown = "How far away it is can't be said: no knock with a limited count of hops was answered from there."
        return Told(f"The door is {state}.{why}", unknown, "")
    away = "it is the next machine, with no router between" if found.distance == 1 else f"{found.distance} hops away"
    meaning = "Nothing on the way stops knocks at it."
    if state == "closed":
        meaning = "The answer comes from where the host is: no filter on the way hides the door."
    return Told(f"The door is {state}; {away}.{why}", meaning, "")


def _forwarded(case: _Case) -> Told:
    state = case.found.state
    return Told(
        f"{case.target} is a gateway that hands this door to a machine behind it, which answers: {state}.",
        f"The address itself is {_hops(case.found.host_distance)} away, and the door's answer comes from {case.found.distance}.",
        f"Look at {case.target} for its port forwarding (destination NAT); the machine behind it has another address.",
    )


def _stand_in(case: _Case) -> Told:
    found = case.found
    doing = (
        "a filter that forges the refusal" if found.state is DoorState.CLOSED else "a proxy, a tarpit or a filter that takes connections"
    )
    host = f", and the host is {_hops(found.host_distance)} away" if found.host_distance else ""
    return Told(
        f"Something {_hops(found.distance)} away answers in the host's name ({found.state}).",
        f"At that distance {_means(found.passed_by)} is still on its way, at {found.next_hop}{host}. So the answer isn't the host's: it is "
        f"{doing}. "
        "Where the two take ways of different length, we would be wrong.",
        f"Ask whoever runs {_joined([str(one) for one in (found.stops_after, found.next_hop) if one])}; what the host itself would say is "
        "unknown.",
    )


def _refused(case: _Case) -> Told:
    found = case.found
    sender = found.heard.sender if found.heard else None
    other = f"{_means(found.passed_by, start=True)} gets through, so the rule is about this door." if found.passed_by else ""
    if not other and found.same_refusal:
        other = f"It refuses {_joined([one.label for one in found.same_refusal])} too, so the rule is not about this door alone."
    if sender == case.target:
        return Told(
            f"The host itself refuses: {_REFUSALS.get(found.reason, found.reason.meaning)}.",
            f"Knocks get there, and its own firewall rejects them. {other}".strip(),
            f"On the host, look for the rule that rejects {case.door}; on Linux 'nft list ruleset' shows it.",
        )
    who = str(sender) if sender is not None else "somebody on the way"
    away = f", {_hops(found.distance)} away," if found.distance else ""
    return Told(
        f"{who}{away} refuses: {_REFUSALS.get(found.reason, found.reason.meaning)}.",
        f"That is a filter on the way, not the host. {other}".strip(),
        f"Ask whoever runs {who} for its rule about {case.door}; on Linux 'nft list ruleset' shows it.",
    )


_REFUSALS: Final = {
    Reason.PROHIBITED: "its rules forbid it (ICMP 'administratively prohibited')",
    Reason.PORT_UNREACHABLE: "its rules reject it (ICMP 'port unreachable')",
    Reason.HOST_UNREACHABLE: "its rules reject it (ICMP 'host unreachable')",
    Reason.NET_UNREACHABLE: "its rules reject it (ICMP 'network unreachable')",
    Reason.PROTOCOL_UNREACHABLE: "its rules reject it (ICMP 'protocol unreachable')",
    Reason.OTHER_ICMP: "it reports an ICMP error of another kind",
}


def _no_host(case: _Case) -> Told:
    sender = case.found.heard.sender if case.found.heard else None
    off = "The host is switched off or unplugged, or nobody has this address."
    if case.found.reason is Reason.NO_NEIGHBOUR:
        return Told(
            f"Nobody on this machine's own link has the address {case.target}.", off, "Check the address, and the host's cable and power."
        )
    last = "the last router" if sender == case.found.stops_after else "a router"
    return Told(
        f"{sender}, {last} that knocks reach, finds nobody at {case.target}.",
        f"{off} A filter may also say so without asking.",
        "Check the address, and whether the host is up.",
    )


def _no_way(case: _Case) -> Told:
    sender = case.found.heard.sender if case.found.heard else None
    return Told(
        f"{sender} knows no way to {case.target}.",
        "A route is missing there or farther on, or a rule refuses in these words. The door itself was not reached.",
        f"Look at the routes of {sender}; on Linux: ip route get {case.target}",
    )


def _no_service(case: _Case) -> Told:
    return Told(
        f"The host is reached, and doesn't speak {case.means.kind.upper()}.",
        "No door of this transport can be open there, or its firewall says so.",
        "",
    )


def _filtered(case: _Case) -> Told:
    found = case.found
    after = f"vanish after {found.stops_after}" if found.stops_after else "vanish before any machine answers"
    farther = "the host" if found.host_distance else f"{found.next_hop}" if found.next_hop else "routers behind it"
    sentence = f"Knocks at this door {after}; {_means(found.passed_by)} gets to {farther}."
    about = _about(case)
    if found.stops_after is None and found.host_distance == 1:
        where = "on the host itself, which is the next machine, or in this machine's own outgoing rules"
    elif found.stops_after is None:
        first = f"{found.next_hop}, the first router" if found.next_hop else "the first router"
        where = f"in this machine's own outgoing rules or in {first}"
    elif found.host_distance == found.stops_after_hop + 1:
        where = f"on the host itself, or in {found.stops_after} where it passes packets on"
    else:
        behind = f"{found.next_hop}, the next hop" if found.next_hop else "the next hop, which gives no name"
        where = f"in {found.stops_after} where it passes packets on, or in {behind}"
    return Told(
        sentence,
        f"A filter drops them without a word: {where}. {about}",
        f"Look there for a rule that drops {case.door}; on Linux 'nft list ruleset' shows it.",
    )


def _about(case: _Case) -> str:
    """Whether the rule is about this port or about more."""
    found = case.found
    kind = case.means.kind
    if found.passed_by is not None and found.passed_by.kind is kind:
        return "The rule is about this port: another one of the same transport passes."
    same = [one.label for one in found.failed_too if one.kind is kind]
    if same:
        return f"{_joined(same)} vanishes too: the rule lets no {kind.upper()} through, or only ports that it names."
    return "Whether other ports pass is unknown."


def _silent(case: _Case) -> Told:
    found = case.found
    return Told(
        f"Knocks get as far as {found.stops_after}, the last router before the host, and then nothing comes back.",
        "Either the door is open and keeps silent, as UDP doors may when they are asked in a language they don't speak, or a filter drops "
        f"the knocks there. The host is there: {_means(found.passed_by)} is answered.",
        f"To tell the two apart, look on the host whether anything listens: ss -lun 'sport = :{case.means.port}'",
    )


def _vanishes(case: _Case) -> Told:
    found = case.found
    tried = f" So do {case.others_fail}." if case.others_fail else ""
    if found.stops_after is None:
        return Told(
            f"Nothing came back, not even from the first router.{tried.replace('So do', 'The same goes for')}",
            "This machine's own rules, its first router or every machine on the way keep silent; or the host is on this link and "
            "drops knocks.",
            "Check that anything else can be reached from here, and this machine's outgoing rules.",
        )
    return Told(
        f"Knocks stop after {found.stops_after}, {_hops(found.stops_after_hop)} away.{tried}",
        f"The next machine drops them without a word, or {found.stops_after} itself doesn't pass them on, or the host is switched off: "
        "from here these look alike.",
        f"Ask whoever runs {found.stops_after} where it sends packets for {case.target}, and whether it drops them.",
    )


def _circle(case: _Case) -> Told:
    return Told(
        f"Routers send knocks round in circles: {' → '.join(map(str, case.found.circle))} and again.",
        "Their routes contradict each other: no packet to this address arrives. That has nothing to do with the door.",
        f"Tell whoever runs {case.found.circle[0]}.",
    )


def _unfinished(case: _Case) -> Told:
    last = f" The last machine that passed them on was {case.found.stops_after}." if case.found.stops_after else ""
    return Told(f"The end of the way wasn't found.{last}", "It was interrupted, or it is longer than we followed it.", "")


def _unsent(case: _Case) -> Told:
    return Told(
        f"No knock left this machine: {case.found.reason.meaning}.",
        "So nothing is known of the way or of the door.",
        f"See what this machine would do: ip route get {case.target}",
    )


_EXPLAINED: Final[dict[Ending, Callable[[_Case], Told]]] = {
    Ending.DOOR: _door,
    Ending.FORWARDED: _forwarded,
    Ending.STAND_IN: _stand_in,
    Ending.REFUSED: _refused,
    Ending.NO_HOST: _no_host,
    Ending.NO_WAY: _no_way,
    Ending.NO_SERVICE: _no_service,
    Ending.FILTERED: _filtered,
    Ending.SILENT: _silent,
    Ending.VANISHES: _vanishes,
    Ending.CIRCLE: _circle,
    Ending.UNFINISHED: _unfinished,
    Ending.UNSENT: _unsent,
}


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
            return f"Answers from hop {hop.place} seem to come back over {_hops(back)}: the ways there and back differ."
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


def _hops(count: int | None) -> str:
    return "an unknown number of hops" if count is None else f"{count} hop{'s' * (count != 1)}"


def _means(means: Means | None, *, start: bool = False) -> str:
    if means is None:
        return "Another knock" if start else "another knock"
    label = "a ping" if means.kind is KnockKind.ECHO else f"a knock at {means.label}"
    return label[0].upper() + label[1:] if start else label


def _joined(words: Sequence[str]) -> str:
    return printable(" and ".join(words))
