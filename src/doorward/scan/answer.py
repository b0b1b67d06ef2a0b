"""What ``doorward scan --json`` prints: one line per door, one for a dry run's plan, and the summary as the last line."""

from __future__ import annotations

from typing import Literal

import msgspec

from doorward.scan.doorstates import DoorState, Reason
from doorward.values.addresses import Address
from doorward.values.transports import Transport

__all__ = ["DoorLine", "HostLine", "HostsLine", "LimitLine", "PlanLine", "ScanLine", "SummaryLine", "TargetLine"]


class DoorLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="door"):
    """One door that was knocked at."""

    schema: Literal["doorward/scan/1"] = "doorward/scan/1"
    address: Address
    transport: Transport
    port: int
    state: DoorState
    reason: Reason
    rtt_ms: float | None  #: null when nothing answered
    service: str  #: the likely service by the port's number alone; empty when none is known
    host: str  #: the name that the caller gave for this address; empty when he gave the address
    knocks: int  #: connections tried
    told_by: Address | None  #: who sent the ICMP error that decided it
    detail: str  #: the system's own word for an error without a reason of its own


class TargetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One run of addresses, as part of a plan or a summary."""

    first: Address
    last: Address
    count: int


class PlanLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="plan"):
    """What a scan would do; the only line of ``--dry-run``."""

    schema: Literal["doorward/scan/1"] = "doorward/scan/1"
    targets: list[TargetLine]  #: at most 1,000 runs of addresses; ``addresses`` counts them all
    names: dict[str, list[Address]]  #: the names given, with all their addresses
    addresses: int
    ports: str  #: as it would be written after -p
    doors: int
    rate: float | None
    host_rate: float | None
    batch: int  #: doors waiting for their answer at one time, at most
    knocks_least: int  #: when every door answers
    knocks_most: int  #: when none does
    packets_least: int  #: packets that this machine would send when every door refuses
    packets_most: int  #: when the doors cost the most
    seconds_least: float
    seconds_most: float
    port_source: str = ""  #: where the choice of ports comes from, when it was ours
    unresolved: list[str] = []  #: names in files of targets that have no address, with the reason; at most 100


class LimitLine(msgspec.Struct, frozen=True, kw_only=True):
    """A host that answers only so many refused knocks a second."""

    address: Address
    per_s: float  #: refusals a second, as measured
    doors: int  #: doors of it that stay unknown for that reason


class SummaryLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="summary"):
    """The end of a scan, finished or interrupted: what was done, and how sure the result is."""

    schema: Literal["doorward/scan/1"] = "doorward/scan/1"
    targets: list[TargetLine]  #: at most 1,000 runs of addresses; ``addresses`` counts them all
    addresses: int
    ports: str
    doors: int  #: doors asked for
    done: int  #: doors that have a result
    sent: int  #: connections begun, repeats included
    received: int  #: those that anything came back for
    repeated: int  #: knocks that repeat a silent one
    lost_here: int  #: doors that this machine's own shortage kept from being knocked at
    held_up: int  #: times that descriptors, ports or memory ran out, and the scan waited
    met_ourselves: int  #: connections of a socket with itself, recognised and repeated
    states: dict[DoorState, int]
    reasons: dict[Reason, int]  #: only those that occurred
    seconds: float  #: when it went on after a stop: all parts together
    interrupted: bool
    unresolved: list[str] = []  #: names in files of targets that have no address, with the reason; at most 100
    method: str = "connect"  #: how it knocked: by connecting, or the kind of raw knock
    controls: int = 0  #: knocks at doors that had answered, to measure what the path loses
    excused: int = 0  #: knocks repeated because this machine was losing frames when they were made
    frames_lost: int = 0  #: frames that this machine lost
    expected_missed: float | None = None  #: open doors that are expected to have stayed unheard, by the loss that was measured
    limits: list[LimitLine] = []  #: at most 100 hosts
    trouble: str = ""  #: what ended the scan early, if the world did


class HostLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="host"):
    """One host that is there (``--discover``)."""

    schema: Literal["doorward/scan/1"] = "doorward/scan/1"
    address: Address
    host: str  #: the name that the caller gave for this address; empty when he gave the address
    way: str  #: how it showed that it is there: "neighbour", "echo", "timestamp", "syn", "ack", "udp"
    rtt_ms: float | None  #: at most so long; null when it wasn't measured
    link_address: str  #: where it is a neighbour on the link, else empty


class HostsLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="hosts"):
    """The end of a search for hosts."""

    schema: Literal["doorward/scan/1"] = "doorward/scan/1"
    addresses: int
    asked: int  #: less when it was interrupted
    found: int
    unreachable: int  #: addresses without a route from here
    sent: int  #: packets
    seconds: float
    interrupted: bool


ScanLine = DoorLine | PlanLine | SummaryLine | HostLine | HostsLine
