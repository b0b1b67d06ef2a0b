"""What ``doorward changes`` and ``doorward history`` answer, as records; the drawing and the JSON are made of these alone."""

from __future__ import annotations

import datetime
import enum
from typing import Literal

import msgspec

from doorward.store.intervals import Ending
from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Fact
from doorward.values.verdicts import Attention

__all__ = ["AuditTime", "ChangeKind", "ChangesAnswer", "Difference", "DoorChange", "DoorHistory", "Event", "HistoryAnswer", "Spell"]


class ChangeKind(enum.StrEnum):
    """What happened to a door between two audits; the order is that of importance."""

    APPEARED = "appeared"  #: nobody listened there when it was looked at before, and now somebody does
    FIRST_LOOK = "seen for the first time"  #: it is there now, and nobody had looked there before
    CHANGED_HANDS = "changed hands"  #: another process, executable, user, unit or container holds it
    CHANGED_ADDRESS = "changed address"  #: the same process took the same port on another address
    STARTED_ANSWERING = "started answering"  #: a knock that was refused or ignored before is answered now
    CHANGED_IDENTITY = "changed identity"  #: another product, version or certificate answers
    CHANGED_VERDICT = "changed verdict"  #: it is judged otherwise, or for other reasons
    STOPPED_ANSWERING = "stopped answering"  #: a knock that was answered before is refused or ignored now
    CHANGED_DETAILS = "changed details"  #: the same holder with another command line or socket option
    WAS_AWAY = "was away"  #: it is there as before, and in between it was not
    CAME_AND_WENT = "came and went"  #: it was neither there at the beginning nor at the end, and in between it was
    WENT = "went"  #: it was there, was looked for, and is no longer there


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is other than it was; an empty text means that nothing stood there."""

    kind: ChangeKind
    what: str  #: "process", "user", "version", "answers on"…
    before: str
    after: str
    at: datetime.datetime  #: when the new state was first seen, UTC; it began between the look before that and then


class DoorChange(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that happened to one door; holder, identity and verdict are those of now, of a door that went the last ones."""

    door: Door
    kinds: list[ChangeKind]  #: most important first
    at: datetime.datetime  #: when the most important of them was first seen, UTC
    differences: list[Difference] = []
    holder: str = ""  #: "nginx (812), user www-data, nginx.service"; empty when unknown
    identity: str = ""  #: what answers: "OpenSSH 9.2p1"
    verdict: str = ""  #: the kind of verdict
    attention: Attention | None = None  #: of that verdict; ``None`` when it was not judged, or is gone
    sentence: str = ""  #: the verdict in a sentence

    @property
    def is_gone(self) -> bool:
        """Whether there is no door any more."""
        return ChangeKind.WENT in self.kinds or ChangeKind.CAME_AND_WENT in self.kinds


class AuditTime(msgspec.Struct, frozen=True):
    """One of the two audits that are compared."""

    id: int
    started: datetime.datetime
    ended: datetime.datetime


class ChangesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of ``doorward changes``."""

    schema: Literal["doorward/changes/1"] = "doorward/changes/1"
    machine: str
    since: datetime.datetime | None = None  #: the moment asked for; ``None``: between the last two audits
    earlier: AuditTime | None = None  #: ``None`` when only one audit is remembered
    later: AuditTime
    audits_between: int = 0  #: finished audits between the two, not counting them
    changes: list[DoorChange] = []  #: most important first
    unchanged: int = 0  #: doors that are there and had no change
    cannot_tell: list[str] = []  #: sentences: what is unknown because a witness was not asked
    note: str = ""  #: one sentence about the comparison itself, or empty
    compared: str = "audit"  #: what the two were: "audit", or "scan" for a machine that was looked at from outside


class Spell(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which one witness said the same of a door."""

    door: Door  #: as that witness met it: a probe knocks at 127.0.0.1 where the socket listens on 0.0.0.0
    witness: str
    vantage: str
    says: str
    certainty: Certainty
    since: datetime.datetime
    until: datetime.datetime | None  #: ``None``: nothing has contradicted it
    last_seen: datetime.datetime
    times: int  #: how many looks confirmed it
    ending: Ending | None = None
    facts: dict[str, Fact] = {}  #: what lasted
    latest: dict[str, Fact] = {}  #: what was of the moment, as it was at ``last_seen``
    why: str = ""


class Event(msgspec.Struct, frozen=True):
    """One line of a door's timeline."""

    at: datetime.datetime
    witness: str
    text: str
    is_end: bool = False  #: something stopped being so


class DoorHistory(msgspec.Struct, frozen=True, kw_only=True):
    """One door through time."""

    door: Door
    is_there: bool  #: whether, by the last look, it is there
    first_seen: datetime.datetime
    last_seen: datetime.datetime
    looks: int = 0  #: times the use witness looked
    used: int = 0  #: of these, the times somebody came through
    last_used: datetime.datetime | None = None
    events: list[Event] = []  #: oldest first
    spells: list[Spell] = []  #: oldest first


class HistoryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of ``doorward history``."""

    schema: Literal["doorward/history/1"] = "doorward/history/1"
    machine: str
    asked: str  #: the door as it was asked for
    now: datetime.datetime
    audits: int  #: finished audits remembered, or scans of a machine that was never audited
    remembers_since: datetime.datetime  #: when the first of them began
    doors: list[DoorHistory]
    compared: str = "audit"  #: what ``audits`` counts: "audit" or "scan"
