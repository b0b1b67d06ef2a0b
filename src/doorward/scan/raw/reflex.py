"""Whether a host answers for itself or by reflex: which ports to try, and what an exchange of data shows. Pure.

Tarpits, SYN proxies and some filters answer a SYN to any port with a SYN-ACK, and scanners report 65,535 open doors. Ports drawn by lot
tell: hardly any host has services on all of them. Where they answer too, each door is visited with data in hand, as the authors of LZR
do (Izhikevich, Teixeira, Durumeric, "LZR: Identifying Unexpected Internet Services", USENIX Security 2021): a door that doesn't take the
data, or behaves in everything as the ports drawn by lot do, is no open door.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Final

import msgspec

from doorward.scan.shuffle import Shuffle

__all__ = ["SAMPLED", "Exchange", "answers_everywhere", "is_reflex", "is_suspicious", "sample_ports"]

SAMPLED: Final = 4
_LOWEST, _HIGHEST = 20_000, 60_999  # where services of chance are rare
_COMPARED_BYTES: Final = 64
_SUSPICIOUS_SHARE: Final = 0.5


class Exchange(msgspec.Struct, frozen=True):
    """What came of one visit with data in hand."""

    connected: bool = False
    acknowledged: bool = False  #: whether the far end's TCP took our data
    said: bytes = b""  #: what it said, before or after ours


def is_suspicious(opened: int, asked: int) -> bool:
    """Whether so many of a host's doors answered as open that a reflex is likely enough to be looked for."""
    return opened >= _SUSPICIOUS_SHARE * asked


def sample_ports(key: int, known: Container[int]) -> list[int]:
    """Ports drawn by lot with ``key``, none of them ``known`` to have been found open."""
    drawn = (_LOWEST + place for place in Shuffle(_HIGHEST - _LOWEST + 1, key))
    chosen: list[int] = []
    for port in drawn:
        if port not in known:
            chosen.append(port)
        if len(chosen) == SAMPLED:
            break
    return chosen


def answers_everywhere(sampled: Sequence[Exchange]) -> bool:
    """Whether all ports drawn by lot but at most one took the connection."""
    return len(sampled) > 1 and sum(visit.connected for visit in sampled) >= len(sampled) - 1


def is_reflex(door: Exchange, sampled: Sequence[Exchange]) -> bool:
    """Whether a door of a host that answers everywhere is part of that: it takes no data, or behaves as the sampled ports do."""
    if not (door.connected and door.acknowledged):
        return True
    alike = (visit for visit in sampled if visit.connected and visit.acknowledged)
    return any(visit.said[:_COMPARED_BYTES] == door.said[:_COMPARED_BYTES] for visit in alike)
