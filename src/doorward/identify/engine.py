"""Which attempts a door gets, and in which order: decided from its port, and from what earlier attempts heard. Pure; touches nothing.

The theory: time is lost by waiting, so few connections, each with something to say, and each answer read by all. The wrong
protocol's error is as good as the right protocol's greeting. What an answer rules out is not asked: a server that speaks first is
neither TLS nor a protocol whose client speaks first; a TLS alert means TLS; three times the same unreadable answer means a fourth.
"""

from __future__ import annotations

from typing import Final

import msgspec

from doorward.identify.catalog import all_probes, first_words_of, probe_named, probes_for
from doorward.identify.claims import is_tls_alert, wants_tls
from doorward.identify.identity import Identity
from doorward.identify.manners import TLS_PORTS, is_hushed
from doorward.identify.probing import Probe, Safety, Tunnel, Turn
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport

__all__ = ["Attempt", "Heard", "Plan"]

_CONNECTIONS_UNASKED: Final = 28  # attempts at one door at most: what may be said anywhere, and not the whole catalogue
_SAME_ANSWERS: Final = 3
_HANGUPS: Final = 2
# Who speaks first at a port that tells nothing, by how many doors of that kind there are; the rest follows by its name.
_ORDER: Final = (
    *("http", "redis", "postgresql", "smb", "ldap", "mqtt", "rdp", "mongodb", "dns", "amqp", "sip", "snmp", "ntp", "zookeeper", "kafka"),
    *("zabbix", "socks5", "rpcbind", "epmd", "mssql", "cassandra", "git", "distcc", "stun"),
)


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One connection to make: what to say on it, if the far end doesn't speak first."""

    opening: str = ""  #: name of the probe whose first words are said after the wait for a greeting; empty: only listen
    tls: bool = False  #: shake hands first
    waits_for_greeting: bool = False  #: the protocol expected here speaks first: give it all the time there is
    is_guess: bool = False  #: nothing but their frequency speaks for these words here: an answer is not waited for as long


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one attempt."""

    attempt: Attempt
    spoke: str = ""  #: the probe whose words were said; empty: only listened
    turns: tuple[Turn, ...] = ()
    claim: Identity | None = None
    claim_is_its_own: bool = False
    tunnel: Tunnel | None = None
    closed: bool = False  #: the far end closed
    overflowed: bool = False  #: it sent more than is read
    trouble: str = ""  #: why nothing could be heard: "connection refused"
    speaks_tls: bool = False  #: the handshake failed, but with an alert in TLS

    @property
    def received(self) -> bytes:
        """All bytes that came."""
        return b"".join(turn.received for turn in self.turns)


class Plan:
    """The order of attempts at one door; give each `Heard` to `learn`, ask `next_attempt` for more."""

    def __init__(self, transport: Transport, port: int, only: str = "") -> None:
        self._transport = transport
        self._port = port
        self._only = only
        self._heard: list[Heard] = []
        self._made: list[Attempt] = []
        self._inside = False
        self._queue = self._only_attempts(probe_named(only)) if only else self._first_attempts()

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What was learnt, in the order of learning."""
        return tuple(self._heard)

    @property
    def best(self) -> Heard | None:
        """The attempt with the strongest claim: certain before inferred, its own before a foreign answer, inside TLS before outside."""
        claimed = [heard for heard in self._heard if heard.claim is not None]
        return max(claimed, key=_strength, default=None)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more needs to be asked."""
        best = self.best
        return best is not None and best.claim_is_its_own and not wants_tls(best.claim)

    def next_attempt(self) -> Attempt | None:
        """The next connection to make, or `None` when there is none (for now)."""
        if self.is_settled or not self._queue or len(self._made) >= _CONNECTIONS_UNASKED:
            return None
        self._made.append(self._queue.pop(0))
        return self._made[-1]

    def find_tunnel(self, attempt: Attempt, *, stands: bool) -> None:
        """A handshake succeeded: nothing more is said outside; inside, what may be said anywhere, should the first words find no ear."""
        if not stands or self._inside or not attempt.tls:
            return
        self._inside = True
        said = {made.opening for made in self._made if made.tls}
        others = [probe for probe in self._anywhere() if probe.NAME not in said and not self._only]
        self._queue = [Attempt(opening=probe.NAME, tls=True, is_guess=True) for probe in _once_each(others, self._transport)]

    def learn(self, heard: Heard) -> None:
        """Take in what an attempt heard, and change the order accordingly."""
        self._heard.append(heard)
        if self._transport is Transport.UDP and "refused" in heard.trouble:
            self._queue = []  # its host says that nobody listens there
        if heard.tunnel is not None or heard.speaks_tls:
            self.find_tunnel(heard.attempt, stands=heard.tunnel is not None and heard.attempt.tls)
            self._queue = [attempt for attempt in self._queue if attempt.tls]
        elif is_tls_alert(heard.received) or wants_tls(heard.claim):
            self._queue = [attempt for attempt in self._queue if attempt.tls]
            if not self._queue and not any(made.tls for made in self._made):
                self._queue = [Attempt(opening=heard.spoke or "http", tls=True)]
        if heard.claim is not None and not heard.claim_is_its_own:
            self._follow(heard.claim.service, tls=heard.tunnel is not None)
        elif heard.claim is None and heard.turns and not heard.turns[0].sent and heard.turns[0].received:
            self._queue = []  # it greeted in a protocol unknown to us: nobody of those who wait for their client
        elif self._always_the_same():
            self._queue = []
        elif sum(one.closed and not one.turns and not one.attempt.tls for one in self._heard) >= _HANGUPS:
            self._queue = [attempt for attempt in self._queue if attempt.tls]  # it hangs up before it is spoken to, whoever calls

    def _follow(self, service: str, *, tls: bool) -> None:
        """Ask again in the protocol that was recognised in the answer to other words."""
        probe = all_probes().get(service)
        again = Attempt(opening=service, tls=tls, waits_for_greeting=probe is not None and probe.SERVER_SPEAKS_FIRST)
        tried = any(made.opening == service and made.tls == tls for made in self._made)
        self._queue = [] if probe is None or probe.SAFETY is Safety.ONLY_ASKED or tried else [again]

    def _always_the_same(self) -> bool:
        answers = [heard.received for heard in self._heard if heard.claim is None and heard.received]
        return len(answers) >= _SAME_ANSWERS and len(set(answers[-_SAME_ANSWERS:])) == 1

    def _only_attempts(self, probe: Probe) -> list[Attempt]:
        plain = Attempt(opening=probe.NAME, waits_for_greeting=probe.SERVER_SPEAKS_FIRST)
        if self._transport is Transport.UDP:
            return [plain]
        inside = Attempt(opening=probe.NAME, tls=True, waits_for_greeting=probe.SERVER_SPEAKS_FIRST)
        return [inside, plain] if self._port in TLS_PORTS else [plain, inside]

    def _first_attempts(self) -> list[Attempt]:
        own = [probe for probe in probes_for(self._transport, self._port) if probe.SAFETY is not Safety.ONLY_ASKED]
        if is_hushed(self._transport, self._port):
            return [] if self._transport is Transport.UDP else [Attempt()]
        if self._transport is Transport.UDP:
            return [Attempt(opening=probe.NAME, is_guess=probe not in own) for probe in _once_each(own + self._anywhere(), self._transport)]
        greets = any(probe.SERVER_SPEAKS_FIRST for probe in own)
        speakers = [probe for probe in own if not probe.SERVER_SPEAKS_FIRST]
        others = self._anywhere()
        first = speakers or [probe for probe in others if probe.NAME == "http"]
        plain = [Attempt(opening=probe.NAME, waits_for_greeting=greets and place == 0) for place, probe in enumerate(first)]
        inside = [Attempt(opening=first[0].NAME if first else "", tls=True, waits_for_greeting=greets)]
        rest = [Attempt(opening=probe.NAME, is_guess=True) for probe in _once_each(first + others, self._transport)[len(first) :]]
        return [*inside, *plain, *rest] if self._port in TLS_PORTS else [*plain[:1], *inside, *plain[1:], *rest]

    def _anywhere(self) -> list[Probe]:
        """Probes that may speak at any port, the most frequent first."""
        probes = [
            probe
            for probe in all_probes().values()
            if self._transport in probe.TRANSPORTS
            and probe.SAFETY is Safety.ANY_PORT
            and (self._transport is Transport.UDP or not probe.SERVER_SPEAKS_FIRST)
        ]
        return sorted(probes, key=lambda probe: _ORDER.index(probe.NAME) if probe.NAME in _ORDER else len(_ORDER))


def _once_each(probes: list[Probe], transport: Transport) -> list[Probe]:
    """Leave out probes whose first words another one before them says already: its answer is read by all."""
    said: dict[bytes, Probe] = {}
    for probe in probes:
        said.setdefault(first_words_of(probe, "", transport), probe)
    return list(said.values())


def _strength(heard: Heard) -> tuple[bool, bool, bool, bool]:
    claim = heard.claim
    assert claim is not None
    return (not wants_tls(claim), claim.certainty is Certainty.MEASURED, heard.claim_is_its_own, bool(claim.product))
