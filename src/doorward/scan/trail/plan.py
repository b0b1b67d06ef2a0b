"""Which count of hops to knock with next, and when to stop: the course of one trail. Pure: told what came back, it says what to do.

The obvious tracer sends one knock, waits, and goes on: thirty silent hops of three knocks take minutes. The fast one sends all thirty at
once: the door is knocked at twenty times too often, and a router that limits its ICMP errors (Linux: six at once to one destination,
then one a second; net/ipv4/inetpeer.c, XRLIM_BURST_FACTOR) answers a part. Ours keeps a few counts in flight, repeats silent ones, and
goes not far beyond the last answer: a filtered door ends in silence, and there is nothing to learn behind it.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from doorward.errors import CallError
from doorward.scan.trail.hops import DIRECT, Heard, Hop, Means, Sign, Trail

__all__ = ["MOST_HOPS", "MOST_KNOCKS", "TrailPlan"]

MOST_HOPS: Final = 30  # the custom of tracers since 1988; the longest ways in the internet have about that many
MOST_KNOCKS: Final = 5

_WINDOW: Final = 4
_QUIET: Final = 5  # silent hops after which nothing more is expected; carriers hide two or three routers in a row
_QUIET_BEFORE_A_DOOR: Final = 12  # the same where the door has answered, so that something must come
_CIRCLE: Final = 3  # places at which one router is met before it is a circle; twice happens where ways have different lengths


@dataclasses.dataclass(slots=True)
class _Place:
    """A count of hops: what was sent with it, and what came back."""

    knocks: int = 0
    waiting: int = 0
    heard: list[Heard] = dataclasses.field(default_factory=list)


class TrailPlan:
    """One trail from hop ``first`` on; ``knocks`` at a silent hop, ``direct_knocks`` all the way, at most ``most`` hops."""

    def __init__(self, means: Means, *, first: int = 1, most: int = MOST_HOPS, knocks: int = 3, direct_knocks: int | None = None) -> None:
        if not 1 <= first <= most <= MOST_HOPS:
            raise CallError("follow the path for", f"{most} hops", why=f"it is followed for 1 to {MOST_HOPS}")
        if not 1 <= knocks <= MOST_KNOCKS:
            raise CallError("knock at each hop", f"{knocks} times", why=f"a silent hop is given 1 to {MOST_KNOCKS} knocks")
        self.means = means
        self._first = first
        self._most = most
        self._knocks = knocks
        self._direct_knocks = knocks if direct_knocks is None else direct_knocks
        self._places: dict[int, _Place] = {DIRECT: _Place()}

    def next(self) -> int | None:
        """Take the next knock: its count of hops, or `DIRECT`; ``None`` when none may be sent now."""
        place = self._wanted()
        if place is not None:
            found = self._places.setdefault(place, _Place())
            found.knocks += 1
            found.waiting += 1
        return place

    def take(self, place: int, heard: Heard, *, is_late: bool = False) -> None:
        """Take in what a knock showed; ``is_late``: it had been given up as silent before."""
        found = self._places[place]
        if not is_late:
            found.waiting -= 1
        if heard.sign is not Sign.SILENCE:
            found.heard.append(heard)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to send or to wait for."""
        if self._is_unsent:
            return True
        return self._is_settled(DIRECT) and all(map(self._is_settled, self._asked())) and self._wanted() is None

    def trail(self) -> Trail:
        """What was found until now."""
        return Trail(self.means, self._hop(DIRECT), tuple(self._hop(place) for place in self._asked()))

    # --- what to do next

    def _wanted(self) -> int | None:
        if self._is_unsent:
            return None
        again = [place for place in (DIRECT, *self._asked()) if not self._is_settled(place) and not self._places[place].waiting]
        if again:
            return again[0]
        open_places = sum(not self._is_settled(place) for place in self._asked())
        following = max(self._places) + 1 if len(self._places) > 1 else self._first
        if open_places < _WINDOW and following <= self._most and self._end() is None and not self._is_enough():
            return following
        return None

    def _is_enough(self) -> bool:
        """Whether the hops behind the last answer have been silent for too long, or the answers go round in circles."""
        met = [sender for place in self._asked() for sender in self._hop(place).senders]
        direct = self._hop(DIRECT).best
        if any(met.count(one) >= _CIRCLE for one in met):
            return True
        allowed = _QUIET_BEFORE_A_DOOR if direct.sign is Sign.ANSWERED else _QUIET
        if direct.sign is Sign.REFUSED and direct.sender in met:
            allowed = 1
        return self._silent_tail() >= allowed

    def _silent_tail(self) -> int:
        """How many hops behind the last answer were asked."""
        asked = self._asked()
        last = max((place for place in asked if self._places[place].heard), default=self._first - 1)
        return asked[-1] - last if asked else 0

    def _is_settled(self, place: int) -> bool:
        found = self._places[place]
        most = self._direct_knocks if place == DIRECT else self._knocks
        return bool(found.heard) or (not found.waiting and found.knocks >= most)

    @property
    def _is_unsent(self) -> bool:
        return any(one.sign is Sign.UNSENT for found in self._places.values() for one in found.heard)

    def _end(self) -> int | None:
        """The first hop with an end, as far as is known."""
        return min((place for place in self._places if place != DIRECT and self._hop(place).sign.is_end), default=None)

    def _asked(self) -> list[int]:
        """The hops asked so far, up to the end."""
        end = self._end()
        return sorted(place for place in self._places if place != DIRECT and (end is None or place <= end))

    def _hop(self, place: int) -> Hop:
        found = self._places[place]
        return Hop(place, found.knocks, tuple(found.heard))
