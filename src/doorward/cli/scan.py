"""``doorward scan TARGET…``: which doors answer, seen from here."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from doorward.cli._output import Output
from doorward.cli._scan_outlets import Outlets, open_outlets

if TYPE_CHECKING:
    from doorward.report.scan_xml import XmlRun
    from doorward.scan.answer import DoorLine, SummaryLine
    from doorward.scan.results import Tally
    from doorward.values.clocks import Clock
    from doorward.verbs.scan import Scan
    from doorward.verbs.scan_memory import ScanMemory
    from doorward.verbs.scan_request import ScanRequest

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "knock at doors and say which answer, and from what we know it"
EXAMPLE = """\
examples:
  doorward scan 127.0.0.1 -p 1-65535          every TCP door of this machine's loopback
  doorward scan 192.168.1.0/24 -p ssh,8000-8100
  doorward scan fe80::1%eth0 nas.lan --exclude 192.168.1.9 --all
  doorward scan 10.0.0.0/8 -p 443 --dry-run   how many knocks, to whom, how long
  doorward scan --local --top-ports 100 --xml home.xml
  doorward scan 192.168.1.0/24 --discover     which hosts are there
  doorward scan --targets hosts.txt --resume hosts.state   goes on after a kill
  doorward scan nas.lan --json | doorward identify -       and ask what answers

targets: 192.168.1.7, 192.168.1.0/24, 10.0.0.1-20, 192.168.0-3.1, 2001:db8::/120, fe80::1%eth0, names (all their addresses)
ports: 22,80,8000-8100,-1024,ssh; '-p-' is all; without -p: 1-1024 and the well-known ones above
A scan is remembered: 'doorward changes --machine HOST' tells what is new there.

Only your own, private and loopback addresses are scanned without a word; for others you must say that you may."""

_PROGRESS_NS = 200_000_000  # five times a second
_INTERRUPTED = 130


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare targets and flags."""
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="addresses, networks, ranges or names")
    parser.add_argument(
        "--targets", dest="target_files", action="append", default=[], metavar="FILE", help="read targets from a file, '-': standard input"
    )
    parser.add_argument("--local", action="store_true", help="the private networks of this machine's interfaces")
    parser.add_argument("--exclude", action="append", default=[], metavar="TARGETS", help="targets to leave out, with commas or repeated")
    parser.add_argument("--exclude-file", action="append", default=[], metavar="FILE", help="read targets to leave out from a file")
    parser.add_argument("--random", type=int, metavar="N", help="only N of the targets, drawn by lot")
    parser.add_argument("--seed", type=int, metavar="N", help="draw and shuffle in the same way each time")
    parser.add_argument(
        "--kind",
        choices=["connect", "syn", "ack", "fin", "null", "xmas", "window", "udp", "sctp"],
        help="how to knock; default: syn where raw sockets are allowed, else and for this machine alone connect",
    )
    parser.add_argument("--discover", action="store_true", help="knock at no door: only say which hosts are there")
    parser.add_argument("--shard", metavar="N/M", help="only the N-th of M parts; the same --seed for all of them")
    parser.add_argument("-p", "--ports", metavar="PORTS", help="which ports: 22,80,8000-8100,ssh; '-' means 1-65535")
    parser.add_argument("--top-ports", type=int, metavar="N", help="the N ports met most often; --dry-run names the ranking's source")
    parser.add_argument("--all", action="store_true", help="list closed and filtered doors too, not only count them")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="longest wait for one answer (1.5)")
    parser.add_argument("--knocks", type=int, metavar="N", help="knocks at a silent door before it is called filtered (3)")
    parser.add_argument(
        "--rate", type=float, metavar="N", help="most connections a second (20000; this machine alone: no limit; 0: no limit)"
    )
    parser.add_argument("--host-rate", type=float, metavar="N", help="the same for each host (10000)")
    parser.add_argument("--dry-run", action="store_true", help="say how many knocks, to whom and how long, and send nothing")
    parser.add_argument("--i-may-scan-this", action="store_true", help="you have the right to scan the public addresses given")
    parser.add_argument("--xml", metavar="FILE", help="also write the results as nmap's XML; '-': to standard output, instead of words")
    parser.add_argument("--grep", metavar="FILE", help="also write lines for grep, as nmap's -oG")
    parser.add_argument("--csv", metavar="FILE", help="also write CSV for a spreadsheet")
    parser.add_argument("--resume", metavar="FILE", help="keep the place there while scanning; go on from it when the file is there")
    parser.add_argument("--no-memory", action="store_true", help="don't remember this scan")
    parser.add_argument("--database", default="", metavar="FILE", help="the memory; default: $DOORWARD_DATABASE, else your data folder")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Scan, and stream what answers."""
    import secrets
    from pathlib import Path

    from doorward.verbs.rights import keep_rights_of_a_scan

    keep_rights_of_a_scan()  # before anything loads that starts threads: rights belong to threads
    from doorward.values.clocks import SystemClock
    from doorward.verbs.scan_kinds import open_scan

    clock = SystemClock()
    if arguments.discover:
        return _discover(_request(arguments), output, clock)
    key = secrets.randbits(64) if arguments.seed is None else arguments.seed % (1 << 64)
    resume = Path(arguments.resume) if arguments.resume and not arguments.dry_run else None
    scan, note = open_scan(_request(arguments), key=key, secret=secrets.token_bytes(16), clock=clock, resume=resume)
    if note:
        output.complain(note)
    if arguments.dry_run:
        return _show_plan(scan, output)
    is_done = False
    try:
        outlets = open_outlets(
            {"xml": arguments.xml, "grep": arguments.grep, "csv": arguments.csv}, scan, lambda: _run(scan, clock), clock, output
        )
        memory = _memory(arguments, scan, clock)
        with _interruptible() as wants_to_stop:
            teller = _Teller(scan, output, clock.monotonic_ns, is_silent=outlets.takes_stdout)
            summary = _stream(scan, teller, outlets, memory, clock, stop=wants_to_stop)
        output.flush()
        is_done = not summary.interrupted and not outlets.troubles
    finally:
        scan.close(is_done=is_done)
    for trouble in [*outlets.troubles, *([scan.trouble] if scan.trouble is not None else []), *memory.troubles]:
        output.complain(str(trouble))
    if summary.interrupted:
        kept = f"; the same call goes on from {arguments.resume}" if resume is not None and scan.trouble is None else ""
        output.complain(f"interrupted; what was seen until now is above{kept}")
        return _INTERRUPTED
    return 3 if outlets.troubles or scan.trouble is not None or memory.troubles else 0


def _request(arguments: argparse.Namespace) -> ScanRequest:
    from doorward.verbs.scan_request import ScanRequest

    return ScanRequest(
        targets=tuple(arguments.targets),
        target_files=tuple(arguments.target_files),
        local=arguments.local,
        exclude=tuple(part for text in arguments.exclude for part in text.split(",")),
        exclude_files=tuple(arguments.exclude_file),
        sample=arguments.random,
        ports=arguments.ports,
        top_ports=arguments.top_ports,
        timeout_s=arguments.timeout,
        knocks=arguments.knocks,
        rate=arguments.rate,
        host_rate=arguments.host_rate,
        may_scan=arguments.i_may_scan_this,
        every_state=arguments.all,
        kind=arguments.kind,
        shard=arguments.shard,
    )


def _discover(request: ScanRequest, output: Output, clock: Clock) -> int:
    """Say which hosts are there."""
    import secrets

    from doorward.report.hosts import host_row, hosts_heading, hosts_text
    from doorward.scan.answer import HostsLine
    from doorward.verbs.discovery import HostSearch

    search = HostSearch(request, secret=secrets.token_bytes(16))
    found = interrupted = False
    with _interruptible() as wants_to_stop:
        for line in search.lines(clock, stop=wants_to_stop):
            if output.json:
                output.json_line(line)
            elif isinstance(line, HostsLine):
                output.lines(text.plain for text in hosts_text(line))
            else:
                output.lines([hosts_heading().plain, host_row(line).plain] if not found else [host_row(line).plain])
                found = True
            interrupted = isinstance(line, HostsLine) and line.interrupted
    return _INTERRUPTED if interrupted else 0


def _run(scan: Scan, clock: Clock) -> XmlRun:
    import shlex
    import sys

    from doorward.report.scan_xml import XmlRun

    scan_type = {"sctp": "sctpinit"}.get(scan.kind, scan.kind)
    return XmlRun(command=shlex.join(["doorward", *sys.argv[1:]]), began=clock.now(), ports=scan.ports, scan_type=scan_type)


class _Memory:
    """What is remembered of the scan, if it shall be; a memory that fails is named at the end, and the scan goes on."""

    def __init__(self) -> None:
        self.keeper: ScanMemory | None = None
        self.troubles: list[Exception] = []

    def end(self, summary: SummaryLine | None) -> None:
        """Write it."""
        from doorward.errors import StoreError

        keeper, self.keeper = self.keeper, None
        if keeper is not None:
            try:
                keeper.end(summary)
            except StoreError as error:
                self.troubles.append(error)


def _memory(arguments: argparse.Namespace, scan: Scan, clock: Clock) -> _Memory:
    memory = _Memory()
    if arguments.no_memory:
        return memory
    import os
    import platform
    from pathlib import Path

    from doorward.errors import StoreError
    from doorward.store.place import database_path
    from doorward.values.doors import name_machine
    from doorward.verbs.scan_memory import ScanMemory

    try:
        database = database_path(os.environ, Path.home(), arguments.database)
        memory.keeper = ScanMemory(scan, database, here=name_machine(platform.node()), clock=clock)
        scan.hearers.append(memory.keeper.hear)
    except StoreError as error:
        memory.troubles.append(error)
    return memory


def _show_plan(scan: Scan, output: Output) -> int:
    if output.json:
        output.json_line(scan.plan_line())
    else:
        from doorward.report.scan import plan_text

        output.lines(text.plain for text in plan_text(scan.plan_line()))
    return 0


def _stream(scan: Scan, teller: _Teller, outlets: Outlets, memory: _Memory, clock: Clock, *, stop: Callable[[], bool]) -> SummaryLine:
    """Hand every line on as it comes; returns the last, which is the summary."""
    from doorward.scan.answer import SummaryLine

    summary: SummaryLine | None = None
    try:
        for line in scan.lines(clock, stop=stop, on_round=teller.progress):
            teller.wipe()
            if isinstance(line, SummaryLine):
                summary = line
            else:
                outlets.door(line)
                teller.door(line)
    finally:
        memory.end(summary)
    if summary is None:
        raise AssertionError("a scan ends with its summary")
    outlets.end(summary)
    teller.summary(summary)
    return summary


class _Teller:
    """Shows a running scan: found doors on stdout, progress on stderr."""

    def __init__(self, scan: Scan, output: Output, now_ns: Callable[[], int], *, is_silent: bool) -> None:
        self._scan = scan
        self._output = output
        self._is_silent = is_silent  # standard output belongs to another form
        self._now_ns = now_ns
        self._began_ns = self._told_ns = now_ns()
        self._found = 0
        self._width = 0
        self._has_told = False

    def door(self, line: DoorLine) -> None:
        self._found += line.state == "open"
        if self._is_silent:
            return
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
        if self._is_silent:
            return
        if self._output.json:
            self._output.json_line(line)
            return
        from doorward.report.scan import summary_text

        texts = summary_text(line, self._scan.plan.speed.knocks if line.method == "connect" else 0)
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
