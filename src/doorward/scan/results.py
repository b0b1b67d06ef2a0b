"""What one door answered, and the running count of a scan; knows neither how it was asked nor how it is shown."""

from __future__ import annotations

import dataclasses

import msgspec

from doorward.scan.doorstates import DoorState, Reason
from doorward.values.addresses import Address
from doorward.values.transports import Transport

__all__ = ["DoorResult", "Tally"]


class DoorResult(msgspec.Struct, frozen=True, gc=False):
    """The outcome of all knocks at one door."""

    address: Address
    port: int
    reason: Reason
    rtt_ns: int | None = None  #: from the knock that was answered to its answer; ``None`` without an answer
    knocks: int = 1  #: how many were sent; 0 where none could be
    told_by: Address | None = None  #: who sent the ICMP error that decided it
    detail: str = ""  #: the system's own word for an error that has no reason of its own
    transport: Transport = Transport.TCP

    @property
    def state(self) -> DoorState:
        """The state that the reason proves."""
        return self.reason.state


@dataclasses.dataclass(slots=True)
class Tally:
    """The counters of a scan while it runs; one that is asked about any moment is true for that moment."""

    knocks: int = 0  #: connections begun
    answers: int = 0  #: knocks that anything came back for
    done: int = 0  #: doors that have their result
    waiting: int = 0  #: doors knocked at, still without answer
    again: int = 0  #: knocks that repeat one that stayed silent
    met_ourselves: int = 0  #: connections of a socket with itself, seen through and repeated
    held_up: int = 0  #: times that descriptors, ports or memory of this machine ran out, and we waited
