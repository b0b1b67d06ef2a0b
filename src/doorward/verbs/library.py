"""Doorward as a library: calls for programs, with the same meaning, the same manners and the same records as the verbs."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from doorward.errors import CallError
from doorward.scan.answer import DoorLine, PlanLine, SummaryLine
from doorward.scan.results import Tally
from doorward.values.addresses import Address
from doorward.values.clocks import Clock, SystemClock
from doorward.values.portsets import PortSet
from doorward.verbs.scan import Scan
from doorward.verbs.scan_kinds import open_scan
from doorward.verbs.scan_request import ScanRequest

__all__ = ["ScanStream", "scan"]


def scan(
    targets: str | Address | Iterable[str | Address],
    ports: str | int | PortSet | Iterable[int] | None = None,
    *,
    exclude: str | Address | Iterable[str | Address] = (),
    top_ports: int | None = None,
    kind: str | None = None,
    sample: int | None = None,
    seed: int | None = None,
    timeout_s: float | None = None,
    knocks: int | None = None,
    rate: float | None = None,
    host_rate: float | None = None,
    every_state: bool = False,
    may_scan: bool = False,
    resume: Path | str | None = None,
    clock: Clock | None = None,
) -> ScanStream:
    """Knock at doors, and stream those that are open as they are found.

    Nothing is sent before the first door is asked for; leaving the loop ends the scan::

        with doorward.scan("10.0.0.0/24", "22,80", rate=500) as doors:
            for door in doors:
                print(door.address, door.port, door.service, door.rtt_ms)
        print(doors.summary.states)

    Args:
        targets: Addresses, networks, ranges or names, as on the command line; names stand for all their addresses.
        ports: ``"22,80,8000-8100,ssh"``, a number, several, or a `PortSet`. Without: those that people meet.
        exclude: Targets to leave out.
        top_ports: Instead of ``ports``: so many, by our own ranking.
        kind: How to knock, as the command's ``--kind``: ``"connect"``, ``"syn"``, ``"udp"``… Without: SYN where raw sockets are allowed,
            else, and for this machine itself, connections.
        sample: Only so many of the targets, drawn by lot.
        seed: Draw and shuffle in the same way each time.
        timeout_s: Longest wait for one answer.
        knocks: Knocks at a silent door before it is called filtered.
        rate: Most connections a second, 0 for no limit; without: careful with others, unlimited for this machine alone.
        host_rate: The same for each host.
        every_state: Stream closed, filtered and unknown doors too, not only count them.
        may_scan: Your word that you may scan the public addresses among the targets.
        resume: A file that keeps the scan's place, so that the same call goes on from it after a kill.
        clock: What time it is, for tests.

    Returns:
        An iterator over `DoorLine`; when it is through, its ``summary`` says how sure the result is.

    Raises:
        CallError: A target, port or setting that can't be read, or public addresses without ``may_scan``.
        WorldError: A name without address, an interface that isn't there, a file that can't be used.
        PermissionMissing: A kind of knock that takes a right which this process doesn't hold.
    """
    request = ScanRequest(
        targets=_words(targets),
        exclude=_words(exclude),
        ports=_port_words(ports),
        top_ports=top_ports,
        sample=sample,
        timeout_s=timeout_s,
        knocks=knocks,
        rate=rate,
        host_rate=host_rate,
        may_scan=may_scan,
        every_state=every_state,
        kind=kind,
    )
    key = secrets.randbits(64) if seed is None else seed % (1 << 64)
    clock = clock or SystemClock()
    place = None if resume is None else Path(resume)
    opened, _ = open_scan(request, key=key, secret=secrets.token_bytes(16), clock=clock, resume=place)
    return ScanStream(opened, clock)


class ScanStream(Iterator[DoorLine]):
    """The doors of a scan, one after the other as they are found; made by `scan`."""

    def __init__(self, scan: Scan, clock: Clock) -> None:
        self._scan = scan
        self._wants_to_stop = False
        self._lines = scan.lines(clock, stop=lambda: self._wants_to_stop)
        self.summary: SummaryLine | None = None  #: what was done, once the last door was given

    @property
    def plan(self) -> PlanLine:
        """What the scan would do: how many doors, knocks and seconds."""
        return self._scan.plan_line()

    @property
    def tally(self) -> Tally:
        """What was done until now."""
        return self._scan.tally

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> DoorLine:
        if self.summary is not None:
            raise StopIteration
        line = next(self._lines)
        if isinstance(line, SummaryLine):
            self.summary = line
            self._scan.close(is_done=not line.interrupted)
            raise StopIteration
        return line

    def stop(self) -> None:
        """Wish the scan to end, from a signal handler or another thread: within 100 ms it gives its summary, with ``interrupted``."""
        self._wants_to_stop = True

    def close(self) -> None:
        """End the scan now and close its sockets; its place stays kept, where it was to be."""
        self._lines.close()
        if self.summary is None:
            self._scan.close(is_done=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _words(given: str | Address | Iterable[str | Address]) -> tuple[str, ...]:
    if isinstance(given, str | Address):
        return (str(given),)
    return tuple(str(one) for one in given)


def _port_words(ports: str | int | PortSet | Iterable[int] | None) -> str | None:
    if ports is None or isinstance(ports, str):
        return ports
    numbers = [ports] if isinstance(ports, int) else ports
    text = str(ports) if isinstance(ports, PortSet) else ",".join(str(number) for number in numbers)
    if not text:
        raise CallError("scan", why="no port was given", remedy="Leave the ports out for those that people meet.")
    return text
