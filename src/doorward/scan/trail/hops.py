"""What came back to knocks that may cross only so many routers, as values; knows neither sockets nor what it all means.

Every router takes one from a packet's count of hops (TTL in IPv4, hop limit in IPv6) and throws it away at zero, with an ICMP "time
exceeded" to its sender (RFC 792, RFC 4443 §3.3). So a knock with count 3 is answered by the third router, by the door if it isn't that
far, by a filter that refuses it, or by nobody.
"""

from __future__ import annotations

import enum
from typing import Final

import msgspec

from doorward.scan.doorstates import Reason
from doorward.values.addresses import Address
from doorward.values.transports import Transport

__all__ = ["DIRECT", "SILENCE", "Heard", "Hop", "KnockKind", "Means", "Sign", "Trail", "return_hops"]

#: The place of knocks with the usual count of hops: they go all the way.
DIRECT: Final = 0


class Sign(enum.StrEnum):
    """What came back to a knock; the order is that of weight, the least first."""

    SILENCE = "silence"  #: nothing
    PASSED = "passed"  #: a router counted the knock to its end: it got there, and would have gone on
    UNSENT = "unsent"  #: this machine didn't let it leave
    REFUSED = "refused"  #: an ICMP error other than that says that it can't or mustn't go on
    ANSWERED = "answered"  #: the far end's own answer: open or closed

    @property
    def is_end(self) -> bool:
        """Whether knocks with more hops can show no other end."""
        return self in (Sign.UNSENT, Sign.REFUSED, Sign.ANSWERED)


class KnockKind(enum.StrEnum):
    """With what is knocked."""

    TCP = "tcp"  #: a connection is begun
    UDP = "udp"  #: a datagram in the language of the port
    SCTP = "sctp"  #: an INIT from a raw socket
    ECHO = "echo"  #: an ICMP echo request: "ping"


class Means(msgspec.Struct, frozen=True):
    """A kind of knock and its port; an echo has none."""

    kind: KnockKind
    port: int = 0

    @classmethod
    def of(cls, transport: Transport, port: int) -> Means:
        """The means to ask a door."""
        return cls(KnockKind(transport.value), port)

    @property
    def label(self) -> str:
        """For people: ``TCP port 33440``, ``ping``."""
        return "ping" if self.kind is KnockKind.ECHO else f"{self.kind.upper()} port {self.port}"


class Heard(msgspec.Struct, frozen=True):
    """What one knock showed."""

    sign: Sign
    sender: Address | None = None  #: who sent it; ``None`` for silence, and where the system didn't say
    reason: Reason | None = None  #: what it proves of the door; only with an end
    rtt_ns: int | None = None
    answer_hops: int | None = None  #: the count of hops that was left in the answer's own packet
    detail: str = ""  #: the protocol recognised in an answer, or the system's own word for an error


SILENCE: Final = Heard(Sign.SILENCE)


class Hop(msgspec.Struct, frozen=True):
    """What all knocks with one count of hops showed; ``place`` is that count, or `DIRECT`."""

    place: int
    knocks: int
    heard: tuple[Heard, ...] = ()  #: without the silences

    @property
    def best(self) -> Heard:
        """What weighs most, the earliest of equals."""
        order = list(Sign)
        return max(self.heard, key=lambda one: order.index(one.sign), default=SILENCE)

    @property
    def sign(self) -> Sign:
        """The sign that weighs most."""
        return self.best.sign

    @property
    def senders(self) -> tuple[Address, ...]:
        """Who answered, each once, in the order of their answers."""
        return tuple(dict.fromkeys(one.sender for one in self.heard if one.sender is not None))


class Trail(msgspec.Struct, frozen=True):
    """One way walked with one kind of knock: the hops in order without a gap, up to the end where there is one."""

    means: Means
    direct: Hop
    hops: tuple[Hop, ...] = ()

    @property
    def end(self) -> Hop | None:
        """The first hop at which the way ends with an answer."""
        return next((hop for hop in self.hops if hop.sign.is_end), None)

    @property
    def last_heard(self) -> Hop | None:
        """The farthest hop that passes knocks on and says so."""
        return next((hop for hop in reversed(self.hops) if hop.sign is Sign.PASSED), None)

    @property
    def loop(self) -> tuple[Address, ...]:
        """The routers that send knocks round in circles, in their order: from one that is met three times or more to itself."""
        met = [hop.best.sender for hop in self.hops if hop.sign is Sign.PASSED]
        first = next((place for place, one in enumerate(met) if one is not None and met.count(one) >= 3), None)
        if first is None:
            return ()
        second = met.index(met[first], first + 1)
        return tuple(dict.fromkeys(one for one in met[first:second] if one is not None))

    @property
    def knocks(self) -> int:
        """How many were sent in all."""
        return self.direct.knocks + sum(hop.knocks for hop in self.hops)

    def joined(self, again: Trail) -> Trail:
        """This trail with what was heard when parts of it were walked again."""
        places = {hop.place: hop for hop in self.hops}
        for hop in again.hops:
            before = places.get(hop.place, Hop(hop.place, 0))
            places[hop.place] = Hop(hop.place, before.knocks + hop.knocks, (*before.heard, *hop.heard))
        direct = Hop(DIRECT, self.direct.knocks + again.direct.knocks, (*self.direct.heard, *again.direct.heard))
        return Trail(self.means, direct, tuple(places[place] for place in sorted(places)))

    def hop(self, place: int) -> Hop | None:
        """The hop at ``place``, where it was asked."""
        return next((hop for hop in self.hops if hop.place == place), None)

    def place_of(self, address: Address) -> int | None:
        """The first place at which ``address`` was heard."""
        return next((hop.place for hop in self.hops if address in hop.senders), None)

    def reaches(self, target: Address) -> int | None:
        """The first place from which ``target`` itself sent anything, or anything ended the way in its name."""
        found = (hop.place for hop in self.hops if hop.sign is Sign.ANSWERED or any(one.packed == target.packed for one in hop.senders))
        return next(found, None)


#: What systems put into new packets: Linux, BSD and macOS 64, Windows 128, routers 255 (RFC 1700 gave 64 as the number to begin with).
_BEGINNINGS: Final = (64, 128, 255)


def return_hops(answer_hops: int) -> int:
    """How many hops an answer took back, guessed from the count that was left in it: 1 where no router lies between."""
    return next((start - answer_hops + 1 for start in _BEGINNINGS if start >= answer_hops), 1)
