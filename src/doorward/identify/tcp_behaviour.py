"""What a SYN-ACK betrays of the system that sent it: hop limit, window, and the order of options. Plain numbers in, a hint out.

Signatures are our own, measured on systems at hand and dated; without one that fits, only the initial hop limit is left, which says little.
The far end answers what it was asked: options are only there when the SYN offered them, so the signatures are for a SYN that offered
maximum segment size, SACK, timestamps and window scale (RFC 9293 §3.2, RFC 2018, RFC 7323).
"""

from __future__ import annotations

from typing import Final

import msgspec

from doorward.identify.systems import SystemHint

__all__ = ["SynAck", "hint_of_syn_ack", "initial_hop_limit"]

_NOP, _MSS, _WSCALE, _SACK, _TIMESTAMP = 1, 2, 3, 4, 8  # IANA, TCP option kinds


class SynAck(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a SYN-ACK that systems choose for themselves."""

    hop_limit: int  #: as it arrived: what the hops on the way have left of it
    window: int  #: as on the wire
    options: tuple[int, ...]  #: kinds in their order, padding included
    mss: int = 0  #: 0 without the option
    window_scale: int = -1  #: -1 without the option
    dont_fragment: bool = True
    ip_id: int = 0


class _Signature(msgspec.Struct, frozen=True):
    """How one system answers; the window is a multiple of what fits into a segment, as its makers compute it."""

    system: str
    hop_limit: int
    options: tuple[int, ...]
    windows: frozenset[int]  #: the window divided by (MSS minus 12 for timestamps), rounded
    scales: range
    sure: float
    measured: str


# Linux 6.18, 2026-11-23, to a SYN with and without timestamps and SACK: over Ethernet (MTU 1500) window 65160 = 45 x 1448 or
# 64240 = 44 x 1460, on loopback 65483, one segment; scale 10 (it follows the largest buffer, hence the range); DF set, IP id 0.
_LINUX_WINDOWS: Final = frozenset((1, 44, 45))
_LINUX_SCALES: Final = range(5, 15)
_MEASURED: Final = "Linux 6.18, 2026-11-23"
_SIGNATURES: Final = tuple(
    _Signature("Linux", 64, options, _LINUX_WINDOWS, _LINUX_SCALES, sure, _MEASURED)
    for options, sure in (
        ((_MSS, _SACK, _TIMESTAMP, _NOP, _WSCALE), 0.85),
        ((_MSS, _NOP, _NOP, _SACK, _NOP, _WSCALE), 0.6),  # Windows orders these three alike; its hop limit tells the two apart
        ((_MSS, _NOP, _NOP, _TIMESTAMP, _NOP, _WSCALE), 0.8),
    )
)
#: Where hop limits begin (RFC 1700: 64; what Windows, and what routers and Solaris use instead), with how much that alone says.
_BEGINNINGS: Final = {32: ("", 0.0), 64: ("Linux", 0.3), 128: ("Windows", 0.55), 255: ("", 0.0)}


def initial_hop_limit(hop_limit: int) -> int:
    """The usual beginning from which the hops on the way have left this much: 32, 64, 128 or 255."""
    return next(beginning for beginning in (*_BEGINNINGS, 1 << 32) if hop_limit <= beginning)


def hint_of_syn_ack(answer: SynAck) -> SystemHint | None:
    """What the answer says of its sender; `None` where it says nothing, or its numbers can't be true."""
    if not 0 < answer.hop_limit <= 255 or not 0 <= answer.window <= 65535:
        return None
    beginning = initial_hop_limit(answer.hop_limit)
    hops = beginning - answer.hop_limit
    found = next((one for one in _SIGNATURES if _fits(one, answer, beginning)), None)
    if found is not None:
        why = f"its SYN-ACK orders options and window as {found.system} does, from {hops} hops away (measured on {found.measured})"
        return SystemHint(system=found.system, origin="tcp", sure=found.sure, why=why)
    system, sure = _BEGINNINGS[beginning]
    if not system or hops > 40:  # longer ways are rare: the beginning is another
        return None
    return SystemHint(system=system, origin="tcp", sure=sure, why=f"its packets begin with a hop limit of {beginning}, as {system} does")


def _fits(signature: _Signature, answer: SynAck, beginning: int) -> bool:
    segment = max(answer.mss - (12 if _TIMESTAMP in answer.options else 0), 1)
    return (
        beginning == signature.hop_limit
        and answer.options == signature.options
        and answer.window_scale in signature.scales
        and round(answer.window / segment) in signature.windows
        and answer.dont_fragment
        and answer.ip_id == 0
    )
