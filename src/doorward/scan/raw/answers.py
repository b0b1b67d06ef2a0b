"""What came back, as columns: which door answered which knock, and what that proves. Believes nothing without our cookie.

A frame counts only when it gives back what was hashed into the knock: the acknowledgment number of a SYN-ACK or RST, the sequence
number of a RST to an ACK, SCTP's verification tag, the quoted header of an ICMP error. Forged and stray frames fall out here.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorward.scan.doorstates import Reason, judge_icmp
from doorward.scan.icmp_errors import IcmpError
from doorward.scan.raw.cookies import Cookies
from doorward.scan.raw.kinds import CODE_OF, Carrier, Kind
from doorward.wire.frames import Decoded

__all__ = ["Answers", "KnockPorts", "read_answers"]

_FIN: Final = 1
_SYN: Final = 2
_RST: Final = 4
_ACK: Final = 16
_TRIES: Final = 16


@dataclasses.dataclass(frozen=True, slots=True)
class KnockPorts:
    """The source ports of a scan: ``groups`` groups of sixteen from ``first`` on; the lowest four bits number the try.

    So an answer tells which try it answers: its round trip is exact, and what was lost before it is known (Karn's ambiguity, RFC 6298 §3).
    """

    first: int
    groups: int = 1

    @property
    def last(self) -> int:
        """The highest of them."""
        return self.first + self.groups * _TRIES - 1

    def of(self, spread: NDArray[np.uint32], tries: NDArray[np.uint8]) -> NDArray[np.uint16]:
        """The source port of each knock; ``spread`` is any hash of its door, ``tries`` below 16."""
        return (self.first + (spread % np.uint32(self.groups)) * _TRIES + tries).astype(np.uint16)

    def tries(self, ports: NDArray[np.uint16]) -> NDArray[np.uint8]:
        """Which try each port stands for."""
        return ((ports.astype(np.int64) - self.first) % _TRIES).astype(np.uint8)

    def has(self, ports: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Which of ``ports`` are among them."""
        return (ports >= self.first) & (ports <= self.last)


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Answers:
    """n answers, each with our cookie."""

    rows: NDArray[np.int64]  #: which decoded frame each is
    addresses: NDArray[np.uint8]  #: (n, 16) of the door
    ports: NDArray[np.uint16]  #: of the door
    tries: NDArray[np.uint8]  #: which try it answers
    codes: NDArray[np.uint8]  #: `kinds.CODES`
    direct: NDArray[np.bool_]  #: sent by the door's own host; else an ICMP error, of whomever
    tellers: NDArray[np.uint8]  #: (n, 16) who sent it

    def __len__(self) -> int:
        return len(self.codes)


def read_answers(kind: Kind, decoded: Decoded, cookies: Cookies, ports: KnockPorts) -> Answers:
    """Find the answers to knocks of ``kind`` among decoded frames."""
    usable = ~(decoded.truncated | decoded.malformed | decoded.fragment)
    direct = np.flatnonzero(usable & (decoded.protocol == kind.protocol) & ports.has(decoded.destination_port))
    quoting = np.flatnonzero(
        (decoded.quoted_family != 0) & (decoded.quoted_protocol == kind.protocol) & ports.has(decoded.quoted_source_port)
    )
    own = _direct(kind, decoded, cookies, ports, direct)
    if not len(quoting):
        return own
    told = _quoted(kind, decoded, cookies, ports, quoting)
    joined = {field.name: np.concatenate([getattr(own, field.name), getattr(told, field.name)]) for field in dataclasses.fields(Answers)}
    return Answers(**joined)


def _direct(kind: Kind, decoded: Decoded, cookies: Cookies, ports: KnockPorts, rows: NDArray[np.int64]) -> Answers:
    """Answers of the doors' own hosts."""
    addresses, theirs, ours = decoded.source[rows], decoded.source_port[rows], decoded.destination_port[rows]
    tries = ports.tries(ours)
    if kind.carrier is Carrier.PORT:
        expected = ports.of(cookies.of(addresses, theirs, tries.astype(np.uint16)), tries)
        codes = np.where(expected == ours, np.int16(CODE_OF[Reason.ANSWERED]), np.int16(-1))
    else:
        codes = _JUDGES[kind](decoded, rows, cookies.of(addresses, theirs, ours))
    kept = np.flatnonzero(codes >= 0)
    return Answers(
        rows=rows[kept],
        addresses=addresses[kept],
        ports=theirs[kept],
        tries=tries[kept],
        codes=codes[kept].astype(np.uint8),
        direct=np.ones(len(kept), dtype=np.bool_),
        tellers=addresses[kept],
    )


def _judge_handshake(decoded: Decoded, rows: NDArray[np.int64], cookie: NDArray[np.uint32]) -> NDArray[np.int16]:
    """A SYN is acknowledged by its sequence number plus one (RFC 9293 §3.10.7.1, §3.10.7.2)."""
    flags, given = decoded.tcp_flags[rows], decoded.acknowledgment[rows]
    ours = (given == cookie + np.uint32(1)) & ((flags & _ACK) != 0)
    return _chosen(ours, ((flags & _RST) != 0, Reason.REFUSED), ((flags & (_SYN | _RST)) == _SYN, Reason.SYN_ACK))


def _judge_refusal(decoded: Decoded, rows: NDArray[np.int64], cookie: NDArray[np.uint32]) -> NDArray[np.int16]:
    """A RST acknowledges the length of what it refuses: one for a FIN, none without (RFC 9293 §3.10.7.1)."""
    flags, given = decoded.tcp_flags[rows], decoded.acknowledgment[rows]
    ours = ((given == cookie) | (given == cookie + np.uint32(1))) & ((flags & _ACK) != 0)
    return _chosen(ours, ((flags & _RST) != 0, Reason.REFUSED))


def _judge_ack(decoded: Decoded, rows: NDArray[np.int64], cookie: NDArray[np.uint32]) -> NDArray[np.int16]:
    """A RST to an ACK takes its sequence number from it (RFC 9293 §3.10.7.1)."""
    ours = decoded.sequence[rows] == cookie
    return _chosen(ours, ((decoded.tcp_flags[rows] & _RST) != 0, Reason.RESET))


def _judge_window(decoded: Decoded, rows: NDArray[np.int64], cookie: NDArray[np.uint32]) -> NDArray[np.int16]:
    ours = (decoded.sequence[rows] == cookie) & ((decoded.tcp_flags[rows] & _RST) != 0)
    window = decoded.window[rows]
    return _chosen(ours, (window != 0, Reason.RESET_WITH_WINDOW), (window == 0, Reason.RESET_WITHOUT_WINDOW))


def _judge_association(decoded: Decoded, rows: NDArray[np.int64], cookie: NDArray[np.uint32]) -> NDArray[np.int16]:
    """INIT ACK is chunk 2, ABORT chunk 6; both carry our initiate tag as verification tag (RFC 9260 §8.5.1)."""
    ours, chunk = decoded.sequence[rows] == cookie, decoded.sctp_chunk[rows]
    return _chosen(ours, (chunk == 2, Reason.INIT_ACK), (chunk == 6, Reason.ABORTED))


_JUDGES: Final = {
    Kind.SYN: _judge_handshake,
    Kind.FIN: _judge_refusal,
    Kind.NULL: _judge_refusal,
    Kind.XMAS: _judge_refusal,
    Kind.ACK: _judge_ack,
    Kind.WINDOW: _judge_window,
    Kind.SCTP: _judge_association,
}


def _chosen(ours: NDArray[np.bool_], *cases: tuple[NDArray[np.bool_], Reason]) -> NDArray[np.int16]:
    """The code of the case that holds, -1 where none does or the cookie isn't ours."""
    codes = np.full(len(ours), -1, dtype=np.int16)
    for holds, reason in cases:
        codes[ours & holds] = CODE_OF[reason]
    return codes


def _quoted(kind: Kind, decoded: Decoded, cookies: Cookies, ports: KnockPorts, rows: NDArray[np.int64]) -> Answers:
    """ICMP errors that quote a knock of ours (RFC 792 promises its first eight bytes: ports and sequence number)."""
    addresses, theirs = decoded.quoted_destination[rows], decoded.quoted_destination_port[rows]
    ours = decoded.quoted_source_port[rows]
    tries = ports.tries(ours)
    if kind.carrier is Carrier.PORT:
        genuine = ports.of(cookies.of(addresses, theirs, tries.astype(np.uint16)), tries) == ours
    elif kind.carrier is Carrier.SEQUENCE:
        genuine = decoded.quoted_sequence[rows] == cookies.of(addresses, theirs, ours)
    else:  # the cookie lies behind the eight bytes that are surely quoted: ports and destination must do
        genuine = np.ones(len(rows), dtype=np.bool_)
    kept = np.flatnonzero(genuine)
    rows = rows[kept]
    tellers = decoded.source[rows]
    direct = (tellers == addresses[kept]).all(axis=1)
    table = _icmp_codes()
    kinds, codes = decoded.icmp_type[rows].clip(0, 15), decoded.icmp_code[rows].clip(0, 15)
    judged = table[(decoded.family[rows] == 6).astype(np.intp), kinds, codes]
    if kind is Kind.UDP:  # RFC 1122 §4.1.3.1: a host says "port unreachable" of a port without a listener
        refused = direct & (judged == CODE_OF[Reason.PORT_UNREACHABLE])
        judged = np.where(refused, np.uint8(CODE_OF[Reason.PORT_CLOSED]), judged)
    return Answers(
        rows=rows, addresses=addresses[kept], ports=theirs[kept], tries=tries[kept], codes=judged, direct=direct, tellers=tellers
    )


@functools.cache
def _icmp_codes() -> NDArray[np.uint8]:
    """[family 4 or 6, type, code] → reason, for types and codes below 16; no error has more (RFC 792, RFC 4443)."""
    return np.array(
        [
            [[CODE_OF[judge_icmp(IcmpError(family, kind, code, None), from_ourselves=False)] for code in range(16)] for kind in range(16)]
            for family in (4, 6)
        ],
        dtype=np.uint8,
    )
