"""Where a scan's results go beside the terminal: files in the forms of `report`, or one of these forms on standard output.

Every found door is handed to the system the moment it is found, so that a kill loses none. An XML file is a whole document at every
moment: each door is written over the old end, with a new end behind it, and when the scan is over the document is replaced by one
with the doors of each host together. A file that can't be written any more is named at the end, and the scan goes on.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from doorward.errors import CallError, WorldError

if TYPE_CHECKING:
    from doorward.cli._output import Output
    from doorward.report.scan_xml import XmlRun
    from doorward.scan.answer import DoorLine, SummaryLine
    from doorward.values.addresses import Address
    from doorward.values.clocks import Clock
    from doorward.verbs.scan import Scan

__all__ = ["Outlet", "Outlets", "open_outlets"]

STDOUT: Final = "-"


class Outlet(Protocol):
    """One form of the results."""

    def door(self, line: DoorLine) -> None:
        """Write a found door."""

    def end(self, summary: SummaryLine) -> None:
        """Write what comes last."""


class Outlets:
    """All of them; what goes wrong with one is kept in ``troubles``, and that one is left alone from then on."""

    def __init__(self, outlets: dict[str, Outlet], *, takes_stdout: bool) -> None:
        self._outlets = outlets
        self.takes_stdout = takes_stdout  #: whether standard output belongs to one of them, so that nothing else may stand there
        self.troubles: list[WorldError] = []

    def door(self, line: DoorLine) -> None:
        """Hand a found door to each."""
        self._each(lambda outlet: outlet.door(line))

    def end(self, summary: SummaryLine) -> None:
        """Let each write what comes last."""
        self._each(lambda outlet: outlet.end(summary))

    def _each(self, tell: Callable[[Outlet], None]) -> None:
        for name, outlet in list(self._outlets.items()):
            try:
                tell(outlet)
            except OSError as error:
                if name == STDOUT:
                    raise
                del self._outlets[name]
                why = error.strerror or str(error)
                self.troubles.append(WorldError("write the results to", name, why=why, remedy="What it holds is true but not whole."))


def open_outlets(wanted: dict[str, str | None], scan: Scan, run: Callable[[], XmlRun], clock: Clock, output: Output) -> Outlets:
    """Open what was asked for, by form (``xml``, ``grep``, ``csv``); raises `CallError` before anything is sent."""
    named = {form: name for form, name in wanted.items() if name}
    if list(named.values()).count(STDOUT) + (STDOUT in named.values() and output.json) > 1:
        raise CallError("write the results", why="standard output can take one form only", remedy="Give the others as files.")
    doubled = next((name for name in named.values() if name != STDOUT and list(named.values()).count(name) > 1), None)
    if doubled is not None:
        raise CallError("write the results to", doubled, why="two forms were asked for in one file", remedy="Name two files.")
    outlets: dict[str, Outlet] = {}
    for form, name in named.items():
        pen = _StdoutPen(output) if name == STDOUT else _FilePen(name)
        outlets[name] = _XmlOutlet(pen, scan, run(), clock) if form == "xml" else _TextOutlet(form, pen, run(), clock)
    return Outlets(outlets, takes_stdout=STDOUT in outlets)


class _StdoutPen:
    """Standard output: goes forward only."""

    is_seekable = False

    def __init__(self, output: Output) -> None:
        self._output = output

    def write(self, text: str) -> None:
        self._output.file(text)
        self._output.flush()


class _FilePen:
    """A file, written without a buffer of ours."""

    def __init__(self, name: str) -> None:
        try:
            self._path = Path(name)
            self._descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        except OSError as error:
            why = error.strerror or str(error)
            raise CallError("write the results to", name, why=why, remedy="Name a file in a folder of yours.") from None
        except ValueError as error:  # a path with a NUL in it
            raise CallError("write the results to", name, why=str(error)) from None
        self.is_seekable = stat.S_ISREG(os.fstat(self._descriptor).st_mode)
        self._end = 0

    def write(self, text: str) -> None:
        """Append."""
        self._end += self._put(text.encode("utf-8", "backslashreplace"))

    def write_before_end(self, text: str, end: str) -> None:
        """Write over the end that was written last, and a new end behind it, in one piece."""
        body = text.encode("utf-8", "backslashreplace")
        self._put(body + end.encode())
        self._end += len(body)
        os.lseek(self._descriptor, self._end, os.SEEK_SET)

    def replace(self, text: str) -> None:
        """Put a new document in the place of the old one; a kill leaves one of the two."""
        real = self._path.resolve()
        beside = real.with_name(f".{real.name}.{os.getpid()}")
        try:
            beside.write_bytes(text.encode("utf-8", "backslashreplace"))
            beside.chmod(stat.S_IMODE(os.fstat(self._descriptor).st_mode))
            beside.replace(real)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise

    def _put(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        return len(data)


class _TextOutlet:
    """CSV or greppable lines: each door is a line."""

    def __init__(self, form: str, pen: _FilePen | _StdoutPen, run: XmlRun, clock: Clock) -> None:
        from doorward.report import scan_csv, scan_grep

        self._pen = pen
        self._clock = clock
        self._line = scan_csv.csv_line if form == "csv" else scan_grep.grep_line
        self._tail = None if form == "csv" else scan_grep.grep_tail
        pen.write(scan_csv.csv_head() if form == "csv" else scan_grep.grep_head(run.command, run.began))

    def door(self, line: DoorLine) -> None:
        self._pen.write(self._line(line))

    def end(self, summary: SummaryLine) -> None:
        if self._tail is not None:
            self._pen.write(self._tail(summary, self._clock.now()))


class _XmlOutlet:
    """nmap's XML; holds every listed door until the end, because a host is one element there."""

    def __init__(self, pen: _FilePen | _StdoutPen, scan: Scan, run: XmlRun, clock: Clock) -> None:
        from doorward.report.scan_xml import xml_head

        self._pen = pen
        self._scan = scan
        self._run = run
        self._clock = clock
        self._doors: dict[Address, list[DoorLine]] = {}
        if isinstance(pen, _FilePen) and pen.is_seekable:
            pen.write_before_end(xml_head(run), self._tail(None))
        else:
            pen.write(xml_head(run))

    def door(self, line: DoorLine) -> None:
        from doorward.report.scan_xml import xml_comment, xml_host

        self._doors.setdefault(line.address, []).append(line)
        if isinstance(self._pen, _FilePen) and self._pen.is_seekable:
            self._pen.write_before_end(xml_host(line.address, [line]), self._tail(None))
        else:
            self._pen.write(xml_comment(line))

    def end(self, summary: SummaryLine) -> None:
        from doorward.report.scan_xml import xml_head

        hosts = "".join(self._hosts())
        if isinstance(self._pen, _FilePen) and self._pen.is_seekable:
            self._pen.replace(xml_head(self._run) + hosts + self._tail(summary))
        else:
            self._pen.write(hosts + self._tail(summary))

    def _hosts(self) -> list[str]:
        """Every host that was found or answered, in ascending order."""
        from doorward.report.scan_xml import xml_host

        counts = self._scan.hosts
        known = counts.is_whole and not self._scan.went_on
        return [
            xml_host(address, self._doors.get(address, []), counts.of(address) if known else None)
            for address in sorted(self._doors.keys() | counts.answering())
        ]

    def _tail(self, summary: SummaryLine | None) -> str:
        from doorward.report.scan_xml import xml_tail

        now = self._clock.now()
        seconds = (now - self._run.began).total_seconds() if summary is None else summary.seconds
        up = len(self._doors) if summary is None else len(self._doors.keys() | self._scan.hosts.answering())
        return xml_tail(now, seconds=seconds, up=up, total=self._scan.plan.targets.count, summary=summary)
