"""``doorward scan TARGET…``: which doors answer, seen from here."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from doorward.cli._output import Output

if TYPE_CHECKING:
    from doorward.scan.answer import DoorLine, SummaryLine
    from doorward.scan.results import Tally
    from doorward.verbs.scan import Scan

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "knock at doors and say which answer, and from what we know it"
EXAMPLE = """\
examples:
  doorward scan 127.0.0.1 -p 1-65535          every TCP door of this machine's loopback
  doorward scan 192.168.1.0/24 -p ssh,8000-8100
  doorward scan fe80::1%eth0 nas.lan --exclude 192.168.1.9 --all
  doorward scan 10.0.0.0/8 -p 443 --dry-run   how many knocks, to whom, how long

targets: 192.168.1.7, 192.168.1.0/24, 10.0.0.1-20, 192.168.0-3.1, 2001:db8::/120, fe80::1%eth0, names (all their addresses)
ports: 22,80,8000-8100,-1024,ssh; '-p-' is all; without -p: 1-1024 and the well-known ones above

Only your own, private and loopback addresses are scanned without a word; for others you must say that you may."""

_PROGRESS_NS = 200_000_000  # five times a second
_INTERRUPTED = 130


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare targets and flags."""
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="addresses, networks, ranges or names")
    parser.add_argument("-p", "--ports", metavar="PORTS", help="which TCP ports: 22,80,8000-8100,ssh; '-' means 1-65535")
    parser.add_argument("--exclude", action="append", default=[], metavar="TARGETS", help="targets to leave out, with commas or repeated")
    parser.add_argument("--all", action="store_true", help="list closed and filtered doors too, not only count them")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="longest wait for one answer (1.5)")
    parser.add_argument("--knocks", type=int, metavar="N", help="knocks at a silent door before it is called filtered (3)")
    parser.add_argument(
        "--rate", type=float, metavar="N", help="most connections a second (20000; this machine alone: no limit; 0: no limit)"
    )
    parser.add_argument("--host-rate", type=float, metavar="N", help="the same for each host (10000)")
    parser.add_argument("--dry-run", action="store_true", help="say how many knocks, to whom and how long, and send nothing")
    parser.add_argument("--i-may-scan-this", action="store_true", help="you have the right to scan the public addresses given")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Scan, and stream what answers."""
    import secrets

    from doorward.verbs.scan import Scan, ScanRequest

    request = ScanRequest(
        targets=tuple(arguments.targets),
        exclude=tuple(part for text in arguments.exclude for part in text.split(",")),
        ports=arguments.ports,
        timeout_s=arguments.timeout,
        knocks=arguments.knocks,
        rate=arguments.rate,
        host_rate=arguments.host_rate,
        may_scan=arguments.i_may_scan_this,
        every_state=arguments.all,
    )
    scan = Scan(request, key=secrets.randbits(64))
    if arguments.dry_run:
        return _show_plan(scan, output)
    with _interruptible() as wants_to_stop:
        summary = _stream(scan, output, wants_to_stop)
    if summary.interrupted:
        output.flush()
        output.complain("interrupted; what was seen until now is above")
        return _INTERRUPTED
    return 0


def _show_plan(scan: Scan, output: Output) -> int:
    if output.json:
        output.json_line(scan.plan_line())
    else:
        from doorward.report.scan import plan_text

        output.lines(text.plain for text in plan_text(scan.plan_line()))
    return 0


def _stream(scan: Scan, output: Output, wants_to_stop: Callable[[], bool]) -> SummaryLine:
    """Hand every line on as it comes; returns the last, which is the summary."""
    from doorward.scan.answer import SummaryLine
    from doorward.values.clocks import SystemClock

    clock = SystemClock()
    teller = _Teller(scan, output, clock.monotonic_ns)
    for line in scan.lines(clock, stop=wants_to_stop, on_round=teller.progress):
        teller.wipe()
        if isinstance(line, SummaryLine):
            teller.summary(line)
            return line
        teller.door(line)
    raise AssertionError("a scan ends with its summary")


class _Teller:
    """Shows a running scan: found doors on stdout, progress on stderr."""

    def __init__(self, scan: Scan, output: Output, now_ns: Callable[[], int]) -> None:
        self._scan = scan
        self._output = output
        self._now_ns = now_ns
        self._began_ns = self._told_ns = now_ns()
        self._found = 0
        self._width = 0
        self._has_told = False

    def door(self, line: DoorLine) -> None:
        self._found += line.state == "open"
        if self._output.json:
            self._output.json_line(line)
            return
        from doorward.report.scan import door_column, door_row, heading

        if not self._width:
            self._width = door_column(self._scan.plan_line().targets)
            self._output.lines([heading(self._width).plain])
        row = door_row(line, self._width)
        if self._output.is_terminal:
            self._output.show(row)
        else:
            self._output.lines([row.plain])

    def wipe(self) -> None:
        if self._has_told:
            self._output.progress("")
            self._has_told = False

    def summary(self, line: SummaryLine) -> None:
        if self._output.json:
            self._output.json_line(line)
            return
        from doorward.report.scan import summary_text

        texts = summary_text(line, self._scan.plan.speed.knocks)
        if self._output.is_terminal:
            self._output.show(*texts)
        else:
            self._output.lines(text.plain for text in texts)

    def progress(self, tally: Tally) -> None:
        now = self._now_ns()
        if now - self._told_ns < _PROGRESS_NS:
            return
        self._told_ns = now
        self._has_told = True
        self._output.flush()
        from doorward.report.scan import progress_text

        seconds = (now - self._began_ns) / 1e9
        self._output.progress(progress_text(tally.done, self._scan.plan.count, tally.waiting, self._found, seconds))


@contextlib.contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a wish to stop, so that no result in hand is lost; the second one ends at once."""
    import signal

    asked: list[bool] = []

    def note(_number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)

    before = signal.getsignal(signal.SIGINT)
    if before in (signal.SIG_IGN, None):  # started with Ctrl-C switched off: leave it so
        yield lambda: False
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)
