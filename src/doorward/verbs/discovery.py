"""Asking which hosts are there: reads the caller's words, checks consent, and streams a line per host."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from doorward.errors import PermissionMissing
from doorward.scan.answer import HostLine, HostsLine
from doorward.scan.live_names import is_own_address, resolve_name
from doorward.scan.raw.live_discovery import Discovery, Presence
from doorward.scan.raw.live_way import may_scan_raw
from doorward.values.clocks import Clock
from doorward.verbs.scan_request import ScanRequest, own_networks, read_request_targets

__all__ = ["HostSearch"]


class HostSearch:
    """A search for hosts that has been read and allowed; raises `PermissionMissing` where no raw socket may be opened."""

    def __init__(self, request: ScanRequest, *, secret: bytes) -> None:
        if not may_scan_raw():
            raise PermissionMissing(
                "search for hosts",
                why="that takes CAP_NET_RAW, which this process doesn't hold",
                remedy="Run as root, or knock at doors: doorward scan TARGET -p 22,80,443.",
            )
        self.unresolved: list[str] = []
        self.targets = read_request_targets(
            request, resolve=resolve_name, is_own=is_own_address, interfaces=own_networks, unresolved=self.unresolved
        )
        self._secret = secret

    def lines(self, clock: Clock, *, stop: Callable[[], bool] = lambda: False) -> Iterator[HostLine | HostsLine]:
        """Search, and yield a line for each host that is there, then the summary; also after ``stop`` said true."""
        began_ns = clock.monotonic_ns()
        search = Discovery(self.targets.spans, secret=self._secret, clock=clock, stop=stop)
        found = 0
        for presence in search.hosts():
            found += 1
            yield self._line(presence)
        yield HostsLine(
            addresses=self.targets.count,
            asked=search.asked,
            found=found,
            unreachable=search.unreachable,
            sent=search.sent,
            seconds=round((clock.monotonic_ns() - began_ns) / 1e9, 3),
            interrupted=search.asked < self.targets.count,
        )

    def _line(self, presence: Presence) -> HostLine:
        return HostLine(
            address=presence.address,
            host=self.targets.names.get(presence.address, ""),
            way=presence.way.value,
            rtt_ms=round(presence.rtt_us / 1000, 3) if presence.rtt_us >= 0 else None,
            link_address=presence.mac.hex(":"),
        )
