"""The conclusion of a trail in sentences for a person outside the trade: where it stops, what that means, what to do next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.trail.conclusion import Conclusion, Ending
from doorward.scan.trail.hops import KnockKind, Means
from doorward.values.addresses import Address
from doorward.values.printable import printable

__all__ = ["Told", "count_hops", "explain"]


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
        f"The address itself is {count_hops(case.found.host_distance)} away, and the door's answer comes from {case.found.distance}.",
        f"Look at {case.target} for its port forwarding (destination NAT); the machine behind it has another address.",
    )


def _stand_in(case: _Case) -> Told:
    found = case.found
    doing = (
        "a filter that forges the refusal" if found.state is DoorState.CLOSED else "a proxy, a tarpit or a filter that takes connections"
    )
    host = f", and the host is {count_hops(found.host_distance)} away" if found.host_distance else ""
    return Told(
        f"Something {count_hops(found.distance)} away answers in the host's name ({found.state}).",
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
            f"The host itself refuses: {_refusal(found)}.",
            f"Knocks get there, and its own firewall rejects them. {other}".strip(),
            f"On the host, look for the rule that rejects {case.door}; on Linux 'nft list ruleset' shows it.",
        )
    who = str(sender) if sender is not None else "somebody on the way"
    away = f", {count_hops(found.distance)} away," if found.distance else ""
    return Told(
        f"{who}{away} refuses: {_refusal(found)}.",
        f"That is a filter on the way, not the host. {other}".strip(),
        f"Ask whoever runs {who} for its rule about {case.door}; on Linux 'nft list ruleset' shows it.",
    )


def _refusal(found: Conclusion) -> str:
    return _REFUSALS.get(found.reason, "it says no")


_REFUSALS: Final[dict[Reason | None, str]] = {
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
    tried = f" So do{'es' * (len(found.failed_too) == 1)} {case.others_fail}." if case.others_fail else ""
    if found.stops_after is None:
        same = f" The same goes for {case.others_fail}." if case.others_fail else ""
        return Told(
            f"Nothing came back, not even from the first router.{same}",
            "This machine's own rules, its first router or every machine on the way keep silent; or the host is on this link and "
            "drops knocks.",
            "Check that anything else can be reached from here, and this machine's outgoing rules.",
        )
    return Told(
        f"Knocks stop after {found.stops_after}, {count_hops(found.stops_after_hop)} away.{tried}",
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
        f"No knock left this machine: {case.found.reason.meaning if case.found.reason else 'unknown'}.",
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


def count_hops(count: int | None) -> str:
    """Write how many there are, ``None`` for unknown: ``1 hop``, ``4 hops``."""
    return "an unknown number of hops" if count is None else f"{count} hop{'s' * (count != 1)}"


def _means(means: Means | None, *, start: bool = False) -> str:
    if means is None:
        return "Another knock" if start else "another knock"
    label = "a ping" if means.kind is KnockKind.ECHO else f"a knock at {means.label}"
    return label[0].upper() + label[1:] if start else label


def _joined(words: Sequence[str]) -> str:
    return printable(" and ".join(words))
