"""Trails written in one line, for tests: ``t("1 2 * 9!open")``."""

from __future__ import annotations

from doorward.scan.doorstates import Reason
from doorward.scan.trail.hops import DIRECT, Heard, Hop, KnockKind, Means, Sign, Trail
from doorward.values.addresses import Address

__all__ = ["HOST", "PING", "TCP", "TCP_TOO", "UDP", "at", "trail"]

TCP = Means(KnockKind.TCP, 80)
TCP_TOO = Means(KnockKind.TCP, 33434)
UDP = Means(KnockKind.UDP, 53)
PING = Means(KnockKind.ECHO)


def at(number: int) -> Address:
    """The machine ``number``: 10.0.0.N; the host is 9."""
    return Address(bytes([10, 0, 0, number]))


HOST = at(9)


def trail(text: str, means: Means = TCP, *, first: int = 1, direct: str = "*") -> Trail:
    """A word for each hop from ``first`` on: ``2`` passes, ``*`` is silent, ``9!accepted`` ends with a reason."""
    hops = [_hop(place, word) for place, word in enumerate(text.split(), first)]
    return Trail(means, _hop(DIRECT, direct), tuple(hops))


def _hop(place: int, word: str) -> Hop:
    if word == "*":
        return Hop(place, 3)
    number, _, reason = word.partition("!")
    sender = at(int(number)) if number else None
    if not reason:
        return Hop(place, 1, (Heard(Sign.PASSED, sender, rtt_ns=1_000_000, answer_hops=65 - place),))
    why = Reason(reason)
    far = why in (Reason.ACCEPTED, Reason.REFUSED, Reason.ANSWERED, Reason.PORT_CLOSED)
    sign = Sign.UNSENT if not far and sender is None else Sign.ANSWERED if far else Sign.REFUSED
    return Hop(place, 1, (Heard(sign, sender, why, 2_000_000, 60),))
