"""The table of verdicts: what four witnesses say together, row by row; the first row that fits decides.

Knows only words, no door. A witness that was not asked says *unknown*, and a row that needs its word then fits only with a verdict that is
inferred, never measured. A missing word is not a "no": a row that asks for *denies* never fits an unasked firewall.
"""

from __future__ import annotations

import enum
from typing import TypeVar

import msgspec

from doorward.values.evidence import Certainty
from doorward.values.verdicts import VerdictKind

__all__ = ["ROWS", "FirewallWord", "ProbeWord", "Row", "SocketWord", "UseWord", "Words", "look_up"]


class SocketWord(enum.StrEnum):
    """What the kernel's table of sockets says of a door."""

    LISTENS = "listens"  #: a process takes callers at an address that others can reach
    LISTENS_ANY_V6 = "listens on ::"  #: the same, at every IPv6 address
    LOOPBACK_ONLY = "loopback only"  #: a process takes callers from this machine alone
    NOBODY = "nobody"  #: the table was read, and nobody listens
    UNKNOWN = "unknown"  #: the table could not be read


class FirewallWord(enum.StrEnum):
    """What the rules say of new callers."""

    ALLOWS = "allows"
    DENIES = "denies"
    DENIES_V4_ONLY = "v4 denies, v6 allows"
    UNKNOWN = "unknown"  #: not asked, or a rule that isn't understood


class ProbeWord(enum.StrEnum):
    """What a knock found."""

    OPEN = "open"
    CLOSED = "closed"
    FILTERED = "filtered"
    UNKNOWN = "unknown"  #: not knocked, or (UDP) silence that says nothing


class UseWord(enum.StrEnum):
    """Whether anybody comes through."""

    USED = "used"  #: somebody is connected now, or was at an earlier look
    NEVER = "never"  #: nobody at any look, and there were enough of them over long enough
    UNSEEN = "not seen yet"  #: nobody at any look, and that is too little to say never
    UNKNOWN = "unknown"


class Words(msgspec.Struct, frozen=True):
    """One door's four words; the probe's is that of the most outward place from which somebody knocked."""

    socket: SocketWord
    firewall: FirewallWord
    probe: ProbeWord
    use: UseWord
    own_probe: ProbeWord = ProbeWord.UNKNOWN  #: what this machine's own knock found, where another place was asked too
    from_outside: bool = False  #: whether the probe's word comes from another place than this machine


class Row(msgspec.Struct, frozen=True):
    """One row: it fits when each column holds the door's word; an empty column fits any word."""

    kind: VerdictKind
    socket: frozenset[SocketWord] = frozenset()
    firewall: frozenset[FirewallWord] = frozenset()
    probe: frozenset[ProbeWord] = frozenset()
    use: frozenset[UseWord] = frozenset()
    own_probe: frozenset[ProbeWord] = frozenset()

    def fits(self, words: Words) -> bool:
        """Whether every column that asks for something holds the door's word."""
        return (
            (not self.socket or words.socket in self.socket)
            and (not self.firewall or words.firewall in self.firewall)
            and (not self.probe or words.probe in self.probe)
            and (not self.use or words.use in self.use)
            and (not self.own_probe or words.own_probe in self.own_probe)
        )


T = TypeVar("T")

_S, _F, _P, _U, _V = SocketWord, FirewallWord, ProbeWord, UseWord, VerdictKind
_OUTWARD = frozenset({_S.LISTENS, _S.LISTENS_ANY_V6})
_LISTENS = _OUTWARD | {_S.LOOPBACK_ONLY}
_MAY_ENTER = frozenset({_F.ALLOWS, _F.UNKNOWN})


def _words(*members: T) -> frozenset[T]:
    return frozenset(members)


ROWS: tuple[Row, ...] = (
    Row(_V.IPV6_HOLE, socket=_words(_S.LISTENS_ANY_V6), firewall=_words(_F.DENIES_V4_ONLY), probe=_words(_P.OPEN)),
    Row(_V.FIREWALL_BYPASSED, socket=_OUTWARD, firewall=_words(_F.DENIES), probe=_words(_P.OPEN)),
    Row(_V.SOMETHING_ELSE, socket=_words(_S.NOBODY), probe=_words(_P.OPEN)),
    Row(_V.OLD_FLOWS_ONLY, socket=_OUTWARD, firewall=_words(_F.DENIES), probe=_words(_P.FILTERED), use=_words(_U.USED)),
    Row(_V.BLOCKED_ON_THE_WAY, socket=_OUTWARD, firewall=_words(_F.ALLOWS), probe=_words(_P.FILTERED), use=_words(_U.NEVER, _U.UNSEEN)),
    Row(_V.NEEDLESS_RULE, socket=_words(_S.LOOPBACK_ONLY), firewall=_words(_F.ALLOWS), probe=_words(_P.CLOSED)),
    Row(_V.STALE_RULE, socket=_words(_S.NOBODY), firewall=_words(_F.ALLOWS), probe=_words(_P.CLOSED), use=_words(_U.NEVER)),
    Row(
        _V.SHIELDED_DOOR,
        socket=_OUTWARD,
        firewall=_MAY_ENTER | {_F.DENIES, _F.DENIES_V4_ONLY},
        probe=_words(_P.CLOSED, _P.FILTERED),
        own_probe=_words(_P.OPEN),
    ),
    Row(_V.LOCAL_DOOR, socket=_words(_S.LOOPBACK_ONLY), probe=_words(_P.OPEN, _P.UNKNOWN)),
    Row(_V.UNUSED_DOOR, socket=_OUTWARD, firewall=_MAY_ENTER, probe=_words(_P.OPEN), use=_words(_U.NEVER)),
    Row(_V.REAL_DOOR, socket=_OUTWARD, firewall=_MAY_ENTER | {_F.DENIES_V4_ONLY}, probe=_words(_P.OPEN, _P.UNKNOWN)),
    Row(_V.SILENT_DOOR, socket=_LISTENS, probe=_words(_P.CLOSED, _P.FILTERED)),
    Row(_V.REAL_DOOR, socket=_OUTWARD, probe=_words(_P.UNKNOWN)),
)


def look_up(words: Words) -> tuple[VerdictKind, Certainty]:
    """Return the verdict of the first row that fits, and how sure it is.

    *Measured* needs every witness of that row to have spoken; a verdict that stands without the firewall's word is *inferred*, except
    where no sender but this machine itself is meant, where the answer alone contradicts the socket table, and where a knock from
    outside has shown what the rules do.
    """
    row = next((row for row in ROWS if row.fits(words)), None)
    if row is None:
        return VerdictKind.UNKNOWN, Certainty.UNKNOWN
    unasked = words.probe is ProbeWord.UNKNOWN or (words.firewall is FirewallWord.UNKNOWN and bool(row.firewall) and not words.from_outside)
    return row.kind, Certainty.INFERRED if unasked else Certainty.MEASURED
