"""Lines of a scan for tests of what is made of them."""

from __future__ import annotations

import datetime

import msgspec

from doorward.scan.answer import DoorLine, SummaryLine
from doorward.scan.doorstates import DoorState, Reason
from doorward.values.addresses import Address
from doorward.values.transports import Transport

__all__ = ["DOOR", "NOON", "SUMMARY", "door", "hostile"]

NOON = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)

DOOR = DoorLine(
    address=Address.parse("10.0.0.1"),
    transport=Transport.TCP,
    port=22,
    state=DoorState.OPEN,
    reason=Reason.ACCEPTED,
    rtt_ms=0.25,
    service="ssh",
    host="nas.lan",
    knocks=1,
    told_by=None,
    detail="",
)
SUMMARY = SummaryLine(
    targets=[],
    addresses=4,
    ports="T:1-100",
    doors=400,
    done=400,
    sent=400,
    received=101,
    repeated=0,
    lost_here=0,
    held_up=0,
    met_ourselves=0,
    states=dict.fromkeys(DoorState, 0) | {DoorState.OPEN: 2},
    reasons={Reason.ACCEPTED: 2},
    seconds=1.5,
    interrupted=False,
)


def door(**parts: object) -> DoorLine:
    """The door with other parts."""
    if "address" in parts:
        parts["address"] = Address.parse(str(parts["address"]))
    return msgspec.structs.replace(DOOR, **parts)


def hostile() -> DoorLine:
    """A door whose every text wants to be something else."""
    nasty = '=cmd|"/c" --> <x a="&\'">\x1b[2J\u202e\x00\t/,()\ud800\ufffe'
    return door(host=nasty, service=nasty, detail=nasty, told_by=Address.parse("fe80::1%eth0"))
