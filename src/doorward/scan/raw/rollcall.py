"""Which hosts are there: asked in several ways at once, the first answer wins. Pure, on arrays; time is an argument.

One way alone misses hosts: echo requests are filtered here, port 443 there. The usual tools try one after the other, each with its wait.
We send an echo and a timestamp request, a SYN to 443, an ACK to 80 and a datagram to a port that nobody uses, all at once; whoever
answers any of them is there and isn't asked again. Every question carries a cookie, as the knocks of a scan do.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.scan.raw.answers import KnockPorts, read_answers
from doorward.scan.raw.cookies import Cookies
from doorward.scan.raw.kinds import Kind
from doorward.scan.raw.space import Space
from doorward.wire.frames import Decoded
from doorward.wire.templates import Envelope, icmp_echo_template, icmp_timestamp_template, tcp_template, udp_template

__all__ = ["WAYS", "RollCall", "Way"]

Numbers = NDArray[np.int64]

_SYN_PORT: Final = 443
_ACK_PORT: Final = 80
_UDP_PORT: Final = 40125  # of nobody in particular: a host without a filter says "port unreachable"
_ROUNDS: Final = 3
_LEAST_WAIT_NS: Final = 80_000_000
_STRANGER_NS: Final = 500_000_000
_ECHO_REPLIES: Final = {4: 0, 6: 129}  # RFC 792, RFC 4443 §4.2
_TIMESTAMP_REPLY: Final = 14  # RFC 792


class Way(enum.StrEnum):
    """How a host showed that it is there."""

    NEIGHBOUR = "neighbour"  #: it answered for its address on the link (ARP, neighbour discovery)
    ECHO = "echo"  #: an ICMP echo reply
    TIMESTAMP = "timestamp"  #: an ICMP timestamp reply
    SYN = "syn"  #: any answer of its own to a SYN
    ACK = "ack"  #: a RST to an ACK
    UDP = "udp"  #: any answer of its own to a datagram


WAYS: Final = tuple(Way)
_Stamp = Callable[[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint32]], NDArray[np.uint16]]


class RollCall:
    """One roll call over a space of hosts; ``macs`` (hosts, 6) where each is a neighbour of its own."""

    def __init__(self, space: Space, envelope: Envelope, *, key: bytes, ports: KnockPorts) -> None:
        self.space: Final = space
        self.ways: Final = np.full(space.hosts, -1, dtype=np.int8)  #: place in `WAYS`, -1 for hosts that didn't answer
        self.rtt_us: Final = np.full(space.hosts, -1, dtype=np.int32)
        self.sent = 0
        self._ports = ports
        self._family = envelope.source.family
        source = envelope.source.packed if self._family == 6 else bytes(10) + b"\xff\xff" + envelope.source.packed
        self._cookies = {kind: Cookies(key, source, kind.protocol) for kind in (Kind.SYN, Kind.UDP)}
        self._questions = self._make_questions(envelope)
        self._round = 0
        self._pending: list[tuple[int, Numbers]] = []  # (question, hosts)
        self._round_ns = 0
        self._slowest_ns = 0

    @property
    def is_done(self) -> bool:
        """Whether all have answered, or the last wait is over."""
        return self._round > _ROUNDS or bool((self.ways >= 0).all())

    def next_ns(self) -> int:
        """When this round's wait is over."""
        patience = max(_LEAST_WAIT_NS, 4 * self._slowest_ns) if self._slowest_ns else _STRANGER_NS
        return self._round_ns + patience

    def turn(self, now_ns: int) -> None:
        """Begin the next round when it is time."""
        if self._pending or (self._round and now_ns < self.next_ns()):
            return
        self._round += 1
        silent = np.flatnonzero(self.ways < 0)
        if self._round <= _ROUNDS and len(silent):
            self._pending = [(number, silent) for number in range(len(self._questions))]

    def write(self, out: NDArray[np.uint8], now_ns: int) -> NDArray[np.uint16]:
        """Stamp the next questions, as many as ``out`` has rows; returns their lengths. Follow with `took`."""
        while self._pending:
            number, hosts = self._pending[0]
            hosts = hosts[self.ways[hosts] < 0]
            if len(hosts):
                break
            self._pending.pop(0)
        else:
            return np.empty(0, dtype=np.uint16)
        self._pending[0] = (number, hosts)
        self._round_ns = now_ns
        asked = hosts[: len(out)]
        destinations = self.space.destinations(asked)
        return self._questions[number](out[: len(asked)], destinations, self._hash(destinations))

    def took(self, count: int) -> None:
        """So many of the questions left."""
        self.sent += count
        number, hosts = self._pending[0]
        self._pending[0] = (number, hosts[count:])

    def heard(self, decoded: Decoded, now_ns: int) -> None:
        """Take in who answers."""
        icmp = np.flatnonzero(decoded.icmp_type >= 0)
        genuine = icmp[
            (decoded.icmp_sequence[icmp] == (self._hash(decoded.source[icmp]) & 0xFFFF)) & (decoded.icmp_id[icmp] == self._ports.first)
        ]
        self._note(Way.ECHO, decoded.source[genuine[decoded.icmp_type[genuine] == _ECHO_REPLIES[self._family]]], now_ns)
        self._note(Way.TIMESTAMP, decoded.source[genuine[decoded.icmp_type[genuine] == _TIMESTAMP_REPLY]], now_ns)
        for way, kind in ((Way.SYN, Kind.SYN), (Way.ACK, Kind.ACK), (Way.UDP, Kind.UDP)):
            cookies = self._cookies[Kind.UDP if kind is Kind.UDP else Kind.SYN]
            answers = read_answers(kind, decoded, cookies, self._ports)
            self._note(way, answers.addresses[answers.direct], now_ns)

    def _note(self, way: Way, addresses: NDArray[np.uint8], now_ns: int) -> None:
        hosts = self.space.hosts_of(addresses)
        hosts = np.unique(hosts[hosts >= 0])
        hosts = hosts[self.ways[hosts] < 0]
        if len(hosts):
            self._slowest_ns = max(self._slowest_ns, now_ns - self._round_ns)
            self.ways[hosts] = WAYS.index(way)
            self.rtt_us[hosts] = (now_ns - self._round_ns) // 1000

    def _hash(self, addresses: NDArray[np.uint8]) -> NDArray[np.uint32]:
        zeros = np.zeros(len(addresses), dtype=np.uint16)
        return self._cookies[Kind.UDP].of(addresses, zeros, zeros)

    def _make_questions(self, envelope: Envelope) -> list[_Stamp]:
        echo, syn = icmp_echo_template(envelope), tcp_template(envelope)
        ack, datagram = tcp_template(envelope, flags=Kind.ACK.flags), udp_template(envelope)
        own = self._ports.first
        tries = np.zeros(1, dtype=np.uint8)

        def ask_echo(out: NDArray[np.uint8], there: NDArray[np.uint8], hashes: NDArray[np.uint32]) -> NDArray[np.uint16]:
            return echo.stamp(out, destinations=there, source_ports=own, sequences=hashes & np.uint32(0xFFFF))

        def ask_tcp(out: NDArray[np.uint8], there: NDArray[np.uint8], port: int) -> NDArray[np.uint16]:
            ports = np.full(len(there), port, dtype=np.uint16)
            sources = np.full(len(there), own, dtype=np.uint16)
            cookies = self._cookies[Kind.SYN].of(there, ports, sources)
            if port == _SYN_PORT:
                return syn.stamp(out, destinations=there, destination_ports=port, source_ports=own, sequences=cookies)
            return ack.stamp(out, destinations=there, destination_ports=port, source_ports=own, acknowledgments=cookies)

        def ask_udp(out: NDArray[np.uint8], there: NDArray[np.uint8], _: NDArray[np.uint32]) -> NDArray[np.uint16]:
            ports = np.full(len(there), _UDP_PORT, dtype=np.uint16)
            spread = self._cookies[Kind.UDP].of(there, ports, np.zeros(len(there), dtype=np.uint16))
            sources = self._ports.of(spread, np.repeat(tries, len(there)))
            return datagram.stamp(out, destinations=there, destination_ports=_UDP_PORT, source_ports=sources)

        questions: list[_Stamp] = [
            ask_echo,
            lambda out, there, _: ask_tcp(out, there, _SYN_PORT),
            lambda out, there, _: ask_tcp(out, there, _ACK_PORT),
            ask_udp,
        ]
        if self._family == 4:
            stamp = icmp_timestamp_template(envelope)
            questions.insert(
                1, lambda out, there, hashes: stamp.stamp(out, destinations=there, source_ports=own, sequences=hashes & np.uint32(0xFFFF))
            )
        return questions
