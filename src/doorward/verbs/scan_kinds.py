"""Which kind of scan a request becomes: raw knocks where that is asked for or better and allowed, connections everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from doorward.errors import CallError, PermissionMissing
from doorward.scan.live_names import is_own_address
from doorward.scan.targets import TargetSet
from doorward.values.clocks import Clock
from doorward.verbs.scan import Scan
from doorward.verbs.scan_request import ScanRequest

__all__ = ["open_scan"]

_MOST_COMPARED: Final = 64


def open_scan(
    request: ScanRequest,
    *,
    key: int,
    secret: bytes,
    clock: Clock,
    resume: Path | None = None,
    may_scan_raw: Callable[[], bool] | None = None,
) -> tuple[Scan, str]:
    """Return the scan that a request asks for, and a sentence where it isn't the one expected; raises as `Scan` does.

    Without a kind: SYN where raw sockets are allowed, but connections to this machine itself, where the kernel can't be asked more exactly.
    """
    if request.kind == "connect" or (request.kind is None and may_scan_raw is None and not _has_raw()):
        return _connect(request, key, clock, resume), ""
    allowed = (may_scan_raw or _has_raw)()
    if not allowed and request.kind not in (None, "syn"):
        raise PermissionMissing(
            f"scan with {request.kind} knocks",
            why="that takes CAP_NET_RAW, which this process doesn't hold",
            remedy="Run as root, or scan with --kind connect.",
        )
    if not allowed:
        note = "without CAP_NET_RAW knocks are whole connections: slower, and seen by the servers" if request.kind else ""
        return _connect(request, key, clock, resume), note
    from doorward.scan.raw.kinds import Kind
    from doorward.verbs.raw_scan import RawDoorScan

    if request.kind is None:
        read = Scan(request, key=key, clock=clock)
        if _is_this_machine(read.asked):
            scan = _connect(request, key, clock, resume, read.asked)
        else:
            scan = RawDoorScan(request, kind=Kind.SYN, key=key, secret=secret, clock=clock, resume=resume, targets=read.asked)
        scan.unresolved = read.unresolved
        return scan, ""
    return RawDoorScan(request, kind=Kind(request.kind), key=key, secret=secret, clock=clock, resume=resume), ""


def _connect(request: ScanRequest, key: int, clock: Clock, resume: Path | None, targets: TargetSet | None = None) -> Scan:
    if request.shard is not None:
        raise CallError("take the shard", request.shard, why="a connect scan has no parts", remedy="Use --kind syn, or leave --shard out.")
    return Scan(request, key=key, resume=resume, clock=clock, targets=targets)


def _has_raw() -> bool:
    from doorward.rings.privileges import CAP_NET_RAW, has_capability
    from doorward.rings.remote_ring import is_helper_there

    return has_capability(CAP_NET_RAW) or is_helper_there()


def _is_this_machine(targets: TargetSet) -> bool:
    if targets.count > _MOST_COMPARED:
        return all(span.address(0).is_loopback and span.address(span.count - 1).is_loopback for span in targets.spans)
    return all(targets[place].is_loopback or is_own_address(targets[place]) for place in range(targets.count))
