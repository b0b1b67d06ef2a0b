"""What a caller asks of a scan, in his own words, and what they mean: targets, ports, speed. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from doorward.errors import CallError, WorldError
from doorward.ports.live_list import find_name, port_list
from doorward.ports.live_ranking import ranking
from doorward.scan.consent import consented
from doorward.scan.live_names import scope_number
from doorward.scan.live_target_files import STDIN, read_targets
from doorward.scan.local_networks import InterfaceNetwork, local_targets
from doorward.scan.plan import Speed, default_speed
from doorward.scan.targets import Resolver, TargetSet, TargetWord, parse_targets
from doorward.values.addresses import Address
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

__all__ = ["ScanRequest", "own_networks", "read_ports", "read_request_targets", "read_shard", "read_speed"]

_LONGEST_TIMEOUT_S: Final = 60.0
_MOST_KNOCKS: Final = 10
_MOST_NOTED: Final = 100


class ScanRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller asks for, in his own words; ``None`` leaves it to us."""

    targets: tuple[str, ...] = ()
    target_files: tuple[str, ...] = ()  #: lists of targets; ``-`` is standard input
    local: bool = False  #: also the private networks of this machine's interfaces
    exclude: tuple[str, ...] = ()
    exclude_files: tuple[str, ...] = ()
    sample: int | None = None  #: so many of the targets, drawn by lot
    ports: str | None = None
    top_ports: int | None = None  #: so many of our ranking, instead of ``ports``
    timeout_s: float | None = None
    knocks: int | None = None
    rate: float | None = None  #: 0 means without limit
    host_rate: float | None = None  #: 0 means without limit
    may_scan: bool = False  #: the caller's word that he may scan public addresses
    every_state: bool = False  #: list closed, filtered and unknown doors too
    kind: str | None = None  #: "connect", or a kind of raw knock
    shard: str | None = None  #: "2/8": the second of eight parts


def own_networks() -> Iterable[InterfaceNetwork]:
    """The networks of this machine's interfaces; what reads them is loaded only when somebody wants them."""
    from doorward.scan.live_networks import interface_networks

    return interface_networks()


def read_request_targets(
    request: ScanRequest,
    *,
    resolve: Resolver,
    is_own: Callable[[Address], bool],
    interfaces: Callable[[], Iterable[InterfaceNetwork]],
    unresolved: list[str],
) -> TargetSet:
    """Return the addresses that are asked for and may be scanned; names in files that have no address go to ``unresolved``.

    Raises `CallError` for what can't be read or isn't allowed, `WorldError` for files, names and interfaces that aren't there.
    """
    files = [*request.target_files, *request.exclude_files]
    if files.count(STDIN) > 1:
        raise CallError("read the targets", why="standard input can be one list only", remedy="Give the others as files.")
    words = [TargetWord(word.strip()) for word in request.targets]
    words += [word for name in request.target_files for word in read_targets(name)]
    words += local_targets(interfaces()) if request.local else []
    if not words:
        held = f" in {', '.join(request.target_files)}" if request.target_files else ""
        raise CallError("scan", why=f"no target was given{held}", remedy="Write doorward scan 192.168.1.0/24, or --local.")
    excluded = [TargetWord(word.strip()) for word in request.exclude]
    excluded += [word for name in request.exclude_files for word in read_targets(name)]

    def note(word: TargetWord, error: WorldError) -> None:
        if len(unresolved) < _MOST_NOTED:
            unresolved.append(f"{word.text}: {error.why}")

    asked = parse_targets(words, resolve, excluded, on_unresolved=note)
    if not asked.count and unresolved:
        raise WorldError("scan", why="none of the names given has an address", remedy="Check the resolver, or give addresses.")
    targets = consented(asked, given=request.may_scan, is_own=is_own)
    for scope in {span.scope for span in targets.spans}:
        scope_number(scope)  # an interface that isn't there is better said now than at each of its doors
    return targets


def read_shard(text: str | None) -> tuple[int, int]:
    """Read ``2/8`` as (1, 8): which part, counted from 0, of how many; the whole is one of one."""
    if text is None:
        return 0, 1
    part, slash, parts = text.partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and len(parts) < 7 and 1 <= int(part) <= int(parts)):
        raise CallError("take the shard", text, why="it isn't written N/M with N from 1 to M", remedy="Write 2/8 for the second of eight.")
    return int(part) - 1, int(parts)


def read_ports(request: ScanRequest, transport: Transport = Transport.TCP) -> PortSet:
    """Read the ports asked for; without any, the doors that people meet: 1 to 1024 and every port that our notes speak of."""
    if request.top_ports is not None:
        if request.ports is not None:
            raise CallError("choose the ports", why="both -p and --top-ports were given", remedy="Give one of them.")
        return PortSet((transport, port, port) for port in ranking().top(transport, request.top_ports))
    if request.ports is None:
        noted = [(own, port, port) for note in port_list().notes for own, port in note.ports if own is transport]
        return PortSet([(transport, 1, 1024), *noted])
    ports = PortSet.parse(request.ports, names=find_name, default=transport)
    others = [one for one in ports.transports if one is not transport]
    if others:
        why = f"a scan of {transport.upper()} doors tells nothing of {others[0].upper()} doors"
        remedy = "Give TCP ports alone: 22,80,T:53." if transport is Transport.TCP else f"Give {transport.upper()} ports alone."
        raise CallError("scan the ports", request.ports, why=why, remedy=remedy)
    return ports


def read_speed(request: ScanRequest, targets: TargetSet) -> Speed:
    """Read how fast to knock; raises `CallError` for what makes no sense."""
    speed = default_speed(targets)
    if request.timeout_s is not None:
        if not 0 < request.timeout_s <= _LONGEST_TIMEOUT_S:
            raise CallError(
                "wait for answers", f"{request.timeout_s:g} s", why=f"the wait must be above 0 and at most {_LONGEST_TIMEOUT_S:g} s"
            )
        speed = msgspec.structs.replace(speed, timeout_s=request.timeout_s)
    if request.knocks is not None:
        if not 1 <= request.knocks <= _MOST_KNOCKS:
            raise CallError("knock", f"{request.knocks} times", why=f"a door is knocked at 1 to {_MOST_KNOCKS} times")
        speed = msgspec.structs.replace(speed, knocks=request.knocks)
    for field, rate in (("rate", request.rate), ("host_rate", request.host_rate)):
        if rate is not None:
            if not 0 <= rate < float("inf"):
                raise CallError(
                    "knock at the rate", f"{rate:g}", why="a rate is a number of connections a second", remedy="0 means no limit."
                )
            speed = msgspec.structs.replace(speed, **{field: rate or None})
    return speed
