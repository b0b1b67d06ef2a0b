"""Which listening door a probed address belongs to; knows addresses, nothing of time.

A process that listens on ``0.0.0.0:22`` is one door, and a probe of it speaks of ``127.0.0.1:22`` and ``192.0.2.7:22``. People
think of one door; so what was probed folds into what listens.
"""

from __future__ import annotations

from collections.abc import Mapping

from doorward.values.doors import Door

__all__ = ["Listeners", "fold", "in_place"]

#: Doors on which a process listens, each with whether it takes IPv4 callers on an IPv6 socket too.
Listeners = Mapping[Door, bool]


def fold(door: Door, listeners: Listeners) -> Door | None:
    """Return the listener that a knock at ``door`` reaches, or ``None``.

    The kernel prefers the most specific socket: the address itself, then the family's any-address, then a dual-stack ``::``
    (Linux, net/ipv4/inet_hashtables.c, compute_score). ``listeners`` may hold doors of other ports; they don't match.
    """
    if door in listeners:
        return door
    wildcard: Door | None = None
    for listener, dual_stack in listeners.items():
        if not (listener.address.is_any and in_place(listener) == in_place(door)):
            continue
        if listener.address.family == door.address.unmapped.family:
            return listener
        if dual_stack and listener.address.family == 6:
            wildcard = listener
    return wildcard


def in_place(door: Door) -> tuple[str, str, int]:
    """Return what doors share that may fold into one another: machine, transport, port."""
    return (door.machine, door.transport.value, door.port)
