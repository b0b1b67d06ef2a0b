"""Talking to a door by hand: reads which one is meant, minds the consent, dials, encrypts, and lets both ends speak."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from doorward.errors import CallError
from doorward.identify.asked import parse_asked
from doorward.identify.catalog import probes_for
from doorward.identify.conclusion import Endpoint
from doorward.identify.live_conversation import Limits, Mouth, converse, dial, secure, upgrade
from doorward.identify.talk_answer import Happening, TalkEvent
from doorward.identify.talking import Manner, Talking
from doorward.identify.upgrades import begin_upgrade
from doorward.ports.live_list import find_name
from doorward.scan.consent import consented
from doorward.scan.live_names import own_address_memory, resolve_name
from doorward.scan.spans import Span
from doorward.scan.targets import TargetSet
from doorward.values.clocks import Clock
from doorward.values.transports import Transport

__all__ = ["Wishes", "find_door", "talk"]

_TELNET_PORTS = (23, 992, 2323)  # IANA: telnet, telnets; and where it hides by habit
_GREETING_S = 0.5
_PATIENT_GREETING_S = 5.0  # where the port's own protocol greets: it may look our name up before


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """How to talk."""

    tls: bool = False
    starttls: str = ""
    manner: Manner = Manner.AUTO
    in_hex: bool = False
    line_end: bytes = b"\r\n"
    timeout_s: float = 5.0
    most_bytes: int = 1_000_000
    columns: int = 80
    rows: int = 24


def find_door(word: str, *, may_scan_public: bool = False) -> list[Endpoint]:
    """Read which door is meant, at each address of its name; raises `CallError` without the caller's word for public ones."""
    asked = parse_asked([word], resolve_name, find_name)
    if len(asked) != 1:
        raise CallError("talk to", word, why=f"these are {len(asked):,} doors", remedy="Name one: a conversation has two ends.")
    if asked[0][0].transport is not Transport.TCP:
        raise CallError("talk to", word, why="it is not TCP: only there is a conversation", remedy="Try: doorward identify udp:HOST:PORT")
    consented(TargetSet(Span.of(endpoint.address) for endpoint in asked[0]), given=may_scan_public, is_own=own_address_memory())
    return asked[0]


def talk(
    door: list[Endpoint],
    wishes: Wishes,
    *,
    clock: Clock,
    tell: Callable[[TalkEvent], None],
    mouth: Callable[[Talking], Mouth],
) -> None:
    """Dial, encrypt where wished, and converse until one side leaves; each event is told as it happens."""
    steps = begin_upgrade(wishes.starttls, door[0].called) if wishes.starttls else None
    start_ns = clock.monotonic_ns()
    connection = dial(door, wishes.timeout_s)
    try:
        talking = Talking(
            clock,
            manner=wishes.manner,
            by_lines=not wishes.in_hex,
            line_end=wishes.line_end,
            columns=wishes.columns,
            rows=wishes.rows,
        )
        port = connection.endpoint.port
        took_ms = (clock.monotonic_ns() - start_ns) / 1e6
        place = connection.endpoint.address.with_port(port)
        tell(talking.event(Happening.CONNECTED, text=f"Connected to {place} in {took_ms:.1f} ms. Listening: who speaks first?"))
        if wishes.tls:
            tell(secure(connection, talking, wishes.timeout_s))
        elif steps is not None:
            upgrade(connection, talking, steps, clock, tell=tell, timeout_s=wishes.timeout_s)
        converse(connection, talking, mouth(talking), clock, tell=tell, limits=_limits(wishes, port))
    finally:
        connection.hang_up()


def _limits(wishes: Wishes, port: int) -> Limits:
    greets = port in _TELNET_PORTS or any(probe.SERVER_SPEAKS_FIRST for probe in probes_for(Transport.TCP, port))
    greeting_s = _PATIENT_GREETING_S if greets else _GREETING_S
    return Limits(timeout_s=wishes.timeout_s, greeting_s=min(greeting_s, wishes.timeout_s), most_bytes=wishes.most_bytes)
