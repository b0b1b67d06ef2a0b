"""A scan as lines for grep and awk, in the form of nmap's -oG; pure text.

nmap collects all doors of a host in one line, and has it when the host is done. Here each found door is a line of its own, written when it
is found: the same expressions find it, and a scan that is killed has told what it knew.
"""

from __future__ import annotations

import datetime
import re

from doorward import __version__
from doorward.scan.answer import DoorLine, SummaryLine
from doorward.values.printable import printable

__all__ = ["grep_head", "grep_line", "grep_tail"]

_SEPARATORS = re.compile(r"[\t/,()]")  # they divide fields; nmap has no escape for them


def grep_head(command: str, began: datetime.datetime) -> str:
    """The first line."""
    return f"# Doorward {__version__} scan initiated {_words(began)} as: {printable(command)}\n"


def grep_line(door: DoorLine) -> str:
    """One found door: ``Host: 10.0.0.1 (nas.lan)  Ports: 22/open/tcp//ssh///``."""
    fields = f"{door.port}/{door.state}/{door.transport}//{_field(door.service)}///"
    return f"Host: {door.address} ({_field(door.host)})\tPorts: {fields}\n"


def grep_tail(summary: SummaryLine, ended: datetime.datetime) -> str:
    """The last line."""
    addresses = f"{summary.addresses} IP address{'es' if summary.addresses != 1 else ''}"
    how = "interrupted" if summary.interrupted else "done"
    return f"# Doorward {how} at {_words(ended)} -- {addresses} scanned in {summary.seconds:.2f} seconds\n"


def _field(text: str) -> str:
    return _SEPARATORS.sub(" ", printable(text))


def _words(moment: datetime.datetime) -> str:
    return moment.astimezone().strftime("%a %b %e %H:%M:%S %Y")
