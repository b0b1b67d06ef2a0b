"""From what was known and what a run heard to what must be written; knows no SQL, no file and no clock.

Memory is a set of intervals: from ``valid_from`` on, a witness said this of that door. An interval is *open* while nothing has
contradicted it. A run brings testimonies and looks, and each open interval meets one of five fates:

    heard, and says the same      extended: last_seen moves, the passing facts are replaced
    heard, and says otherwise     closed, and a new one is opened
    not heard, and looked for     closed: it is absent
    not heard, not looked for     left as it is: silence of a witness that wasn't asked means nothing
    its door is gone              closed: what a probe said of a socket is not true of the emptiness after it

Time of day can't be trusted to order two runs: clocks are set back. A run knows the entry of the book that was the last when it
began; whatever is known from an earlier entry is older, whatever its date says. Only where two runs overlapped do dates decide.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable, Mapping

import msgspec

from doorward.store.coverage import Look, covering_look, looks_by_place
from doorward.store.folding import fold, in_place
from doorward.store.testimony import Claim, Key, Passing, Testimony, agrees
from doorward.values.doors import Door
from doorward.values.evidence import Witness

__all__ = ["Closing", "Ending", "Extension", "Interval", "Opening", "Standing", "Weighing", "weigh"]

LISTENS = "listens"
OPEN = "open"


class Ending(enum.StrEnum):
    """Why an interval ended."""

    OTHERWISE = "said otherwise"  #: the same witness now says something else
    ABSENT = "no longer found"  #: the witness looked there and found nothing
    DOOR_GONE = "its door is gone"  #: the door that it spoke of is no longer there; the witness wasn't asked again


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """What a witness said of a door, from when until when; ``valid_to`` is ``None`` while nothing has contradicted it."""

    door: Door
    witness: str  #: a `Witness`, or "verdict"
    vantage: str
    claim: Claim
    passing: Passing = Passing()
    valid_from: datetime.datetime
    valid_to: datetime.datetime | None = None
    last_seen: datetime.datetime
    times: int = 1  #: how many looks confirmed it
    opened_in: int = 0  #: entry of the run that opened it
    closed_in: int | None = None
    ending: Ending | None = None

    @property
    def listens(self) -> bool:
        """Whether it says that a process listens."""
        return self.witness == Witness.SOCKET and self.claim.says == LISTENS

    @property
    def answers(self) -> bool:
        """Whether it says that a knock was answered."""
        return self.witness == Witness.PROBE and self.claim.says == OPEN

    def as_of(self, entry: int) -> Interval:
        """Return it as it stood when ``entry`` was written: what ended later is still open."""
        if self.closed_in is None or self.closed_in <= entry:
            return self
        return msgspec.structs.replace(self, valid_to=None, closed_in=None, ending=None)


class Standing(msgspec.Struct, frozen=True, gc=False):
    """An open interval as far as weighing needs it; ``row`` is its number in the book, handed back in what must be written."""

    row: int
    claim: Claim
    last_seen: datetime.datetime
    last_entry: int


class Opening(msgspec.Struct, frozen=True, gc=False):
    """A new interval begins."""

    key: Key
    claim: Claim
    passing: Passing
    at: datetime.datetime


class Extension(msgspec.Struct, frozen=True, gc=False):
    """An open interval was confirmed."""

    row: int
    at: datetime.datetime
    passing: Passing


class Closing(msgspec.Struct, frozen=True, gc=False):
    """An open interval ends."""

    row: int
    at: datetime.datetime
    ending: Ending


class Weighing(msgspec.Struct, frozen=True):
    """What must be written, in no particular order but closings before openings."""

    closings: list[Closing]
    extensions: list[Extension]
    openings: list[Opening]


def weigh(known: Mapping[Key, Standing], told: Iterable[Testimony], looks: Iterable[Look], *, began_after: int) -> Weighing:
    """Decide what a run's testimonies and looks change in what is known.

    ``known`` holds every open interval of the machines spoken of. Hand in no ``looks`` for a run that did not finish: its positive
    evidence counts, and nothing is closed by absence. ``began_after`` is the last entry written before the run began.
    """
    scale = _Scale(known, began_after)
    for testimony in told:
        scale.hear(testimony)
    scale.settle()
    scale.miss(looks)
    scale.follow()
    return Weighing(list(scale.closings.values()), scale.extensions, scale.openings)


class _Scale:
    """The weighing in hand."""

    def __init__(self, known: Mapping[Key, Standing], began_after: int) -> None:
        self.known = known
        self.began_after = began_after
        self.heard: dict[Key, Testimony] = {}
        self.closings: dict[Key, Closing] = {}
        self.extensions: list[Extension] = []
        self.openings: list[Opening] = []

    def hear(self, testimony: Testimony) -> None:
        """Keep the latest word of each witness; one that could see outweighs one that couldn't."""
        before = self.heard.setdefault(testimony.key, testimony)
        if before is not testimony and (testimony.could_see, testimony.at) >= (before.could_see, before.at):
            self.heard[testimony.key] = testimony

    def settle(self) -> None:
        """Extend, replace or open, by what was heard."""
        for key, testimony in self.heard.items():
            standing = self.known.get(key)
            if not testimony.could_see:
                continue  # it shields the interval from absence, and says nothing else
            if standing is None:
                self.openings.append(Opening(key, testimony.claim, testimony.passing, testimony.at))
            elif self._is_stale(standing, testimony.at):
                continue
            elif agrees(standing.claim, testimony.claim, key[1]):
                self.extensions.append(Extension(standing.row, max(testimony.at, standing.last_seen), testimony.passing))
            else:
                moment = max(testimony.at, standing.last_seen)
                self.closings[key] = Closing(standing.row, moment, Ending.OTHERWISE)
                self.openings.append(Opening(key, testimony.claim, testimony.passing, moment))

    def miss(self, looks: Iterable[Look]) -> None:
        """Close what a witness looked for and did not find."""
        places = looks_by_place(looks)
        if not places:
            return
        for key in set(self.known).difference(self.heard):
            standing = self.known[key]
            look = covering_look(places, *key)
            if look is not None and not self._is_stale(standing, look.at):
                self.closings[key] = Closing(standing.row, max(look.at, standing.last_seen), Ending.ABSENT)

    def follow(self) -> None:
        """Close what was said of doors that are gone now; a firewall's rules stay, for they need no listener."""
        unheld, unanswered = self._gone()
        places = {in_place(door) for door in (*unheld, *unanswered)}
        if not places:
            return
        near = [key for key in self.known if in_place(key[0]) in places]
        before, after = self._listeners(near, places)
        for key in near:
            standing, (door, witness, _) = self.known[key], key
            if witness in _INDEPENDENT or key in self.heard or key in self.closings:
                continue
            moment = _lost_with_socket(door, unheld, before, after)
            if moment is None and witness != Witness.PROBE and door not in after:
                moment = unanswered.get(door)
            if moment is not None:
                self.closings[key] = Closing(standing.row, max(moment, standing.last_seen), Ending.DOOR_GONE)

    def _gone(self) -> tuple[dict[Door, datetime.datetime], dict[Door, datetime.datetime]]:
        """Return the doors that lost their socket, and those that stopped answering, each with when."""
        unheld: dict[Door, datetime.datetime] = {}
        unanswered: dict[Door, datetime.datetime] = {}
        for key, closing in self.closings.items():
            door, witness, _ = key
            now = self.heard.get(key)
            if now is not None and now.claim.says in (LISTENS, OPEN):
                continue
            if witness == Witness.SOCKET and self.known[key].claim.says == LISTENS:
                unheld[door] = closing.at
            if witness == Witness.PROBE and self.known[key].claim.says == OPEN:
                unanswered[door] = closing.at
        return unheld, unanswered

    def _listeners(self, near: Iterable[Key], places: set[tuple[str, str, int]]) -> tuple[dict[Door, bool], dict[Door, bool]]:
        """Return which doors of these places were listened on before this run, and which are after it."""
        before: dict[Door, bool] = {}
        after: dict[Door, bool] = {}
        for key in near:
            claim = self.known[key].claim
            if key[1] == Witness.SOCKET and claim.says == LISTENS:
                before[key[0]] = claim.facts.get("dual_stack") is True
                if key not in self.closings:
                    after[key[0]] = before[key[0]]
        for key, testimony in self.heard.items():
            if key[1] == Witness.SOCKET and testimony.claim.says == LISTENS and in_place(key[0]) in places:
                after[key[0]] = testimony.claim.facts.get("dual_stack") is True
        return before, after

    def _is_stale(self, standing: Standing, at: datetime.datetime) -> bool:
        """Whether another run, which ended while this one was under way, has seen later than ``at``."""
        return standing.last_entry > self.began_after and at < standing.last_seen


#: Witnesses whose word does not hang on a listening socket.
_INDEPENDENT = (Witness.SOCKET, Witness.FIREWALL)


def _lost_with_socket(
    door: Door, unheld: Mapping[Door, datetime.datetime], before: Mapping[Door, bool], after: Mapping[Door, bool]
) -> datetime.datetime | None:
    """Return when the socket behind ``door`` went, or ``None`` when it didn't, or another one is behind it now."""
    behind = fold(door, before)
    if behind is None or behind not in unheld or behind in after:
        return None
    return unheld[behind] if door == behind or fold(door, after) is None else None
