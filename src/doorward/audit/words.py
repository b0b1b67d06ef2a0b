"""From what witnesses said of a door to the four words of the table; judges nothing itself."""

from __future__ import annotations

import datetime
from typing import Final

from doorward.audit.table import FirewallWord, ProbeWord, SocketWord, UseWord, Words
from doorward.audit.testimony import Testimony
from doorward.values.evidence import Certainty, Evidence
from doorward.values.past import DoorPast, Past

__all__ = ["ENOUGH_LOOKS", "LONG_ENOUGH_S", "OUTSIDE", "words_of"]

#: The vantage of knocks that came from outside this machine.
OUTSIDE: Final = "a neighbour machine"

#: "Never used" needs this many looks, spread over at least this long: jobs that run once a week must have had their turn.
ENOUGH_LOOKS: Final = 5
LONG_ENOUGH_S: Final = 8 * 86400.0


def words_of(testimony: Testimony, past: Past, now: datetime.datetime, *, sockets_read: bool = True) -> Words:
    """Return what each of the four witnesses says of the door; ``sockets_read`` tells whether "nobody listens" is knowledge."""
    own = _probe_word([probe for probe in testimony.probes if probe.vantage != OUTSIDE])
    outside = _probe_word([probe for probe in testimony.probes if probe.vantage == OUTSIDE])
    from_outside = outside is not ProbeWord.UNKNOWN
    return Words(
        _socket_word(testimony, sockets_read),
        _firewall_word(testimony.firewall),
        outside if from_outside else own,
        _use_word(testimony.use, past.of(testimony.door), past, now),
        own_probe=own,
        from_outside=from_outside,
    )


def _socket_word(testimony: Testimony, sockets_read: bool) -> SocketWord:
    if testimony.socket is None:
        return SocketWord.NOBODY if sockets_read else SocketWord.UNKNOWN
    if not testimony.is_exposed:
        return SocketWord.LOOPBACK_ONLY
    address = testimony.door.address
    return SocketWord.LISTENS_ANY_V6 if address.is_any and address.family == 6 else SocketWord.LISTENS


def _firewall_word(said: Evidence | None) -> FirewallWord:
    if said is None or said.certainty is Certainty.UNKNOWN:
        return FirewallWord.UNKNOWN
    try:
        return FirewallWord(said.says)
    except ValueError:
        return FirewallWord.UNKNOWN


def _probe_word(probes: list[Evidence]) -> ProbeWord:
    """Several addresses were knocked at: open at one is open; else no answer at one is worth more than a refusal at another."""
    said = {probe.says for probe in probes if probe.certainty is not Certainty.UNKNOWN}
    return next((word for word in (ProbeWord.OPEN, ProbeWord.FILTERED, ProbeWord.CLOSED) if word in said), ProbeWord.UNKNOWN)


def _use_word(said: Evidence | None, door: DoorPast | None, past: Past, now: datetime.datetime) -> UseWord:
    if said is not None and said.says == "used":
        return UseWord.USED
    if door is not None and door.was_used:
        return UseWord.USED
    if said is None or said.certainty is Certainty.UNKNOWN:
        return UseWord.UNKNOWN
    long_enough = door is not None and (now - door.first_seen).total_seconds() >= LONG_ENOUGH_S and past.span_s(now) >= LONG_ENOUGH_S
    return UseWord.NEVER if door is not None and long_enough and door.audits_covering >= ENOUGH_LOOKS else UseWord.UNSEEN
