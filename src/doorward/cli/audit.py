"""``doorward audit``: every door of this machine, with its verdict, the proof and the fix."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from doorward.cli._output import Output

if TYPE_CHECKING:
    from pathlib import Path

    from doorward.audit.answer import AuditAnswer

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "judge every door of this machine: who, what, whether, what to do"
EXAMPLE = (
    "examples:\n"
    "  doorward audit                        what needs you, what is unknown, what is fine\n"
    "  doorward audit --html doors.html      the same as one page that opens offline\n"
    "  sudo doorward audit --all-namespaces  with the doors of containers\n"
    "  doorward audit --fail-on needs-you    for a script: exit status 1 when a door does"
)
_INTERRUPTED = 130


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare how far to look, where to write, and what to fail on."""
    parser.add_argument("--explain", action="store_true", help="explain the doors that are fine, too")
    parser.add_argument("--html", metavar="FILE", default="", help="write the audit as one self-contained page")
    parser.add_argument("--every-port", action="store_true", help="knock at all 65,535 TCP ports of each own address")
    parser.add_argument("--from-neighbour", action="store_true", help="also knock from a neighbour machine made for it (root)")
    parser.add_argument("--no-knock", action="store_true", help="read the kernel's tables only; send nothing")
    parser.add_argument("--all-namespaces", action="store_true", help="also look into other network namespaces (root)")
    parser.add_argument("--fail-on", choices=["needs-you", "unknown"], help="exit with 1 when a door is such, or worse")
    parser.add_argument("--no-memory", action="store_true", help="don't remember this audit")
    parser.add_argument("--database", default="", metavar="FILE", help="the memory; default: $DOORWARD_DATABASE, else your data folder")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Audit, show, and return the exit status; what was seen is shown whatever went wrong."""
    import os
    import platform
    from pathlib import Path

    from doorward.store.place import database_path
    from doorward.values.clocks import SystemClock
    from doorward.values.doors import name_machine
    from doorward.verbs.audit import Audit, AuditOptions, audit_and_remember

    page = _writable(Path(arguments.html)) if arguments.html else None
    clock = SystemClock()
    options = AuditOptions(arguments.all_namespaces, arguments.every_port, not arguments.no_knock, arguments.from_neighbour)
    audit = Audit(name_machine(platform.node()), options, clock, output.progress)
    database = None if arguments.no_memory else database_path(os.environ, Path.home(), arguments.database)
    answer, wrong = audit_and_remember(audit, database, clock)
    output.progress("")
    if page is not None:
        _write_page(answer, page)
    if output.json:
        output.document(answer)
    else:
        from doorward.report.audit import draw_audit

        output.show(*draw_audit(answer, explain=arguments.explain))
    return _status(answer, wrong, arguments.fail_on, output)


def _status(answer: AuditAnswer, wrong: list[BaseException], fail_on: str | None, output: Output) -> int:
    from doorward.values.verdicts import Attention

    output.flush()
    for error in wrong:
        if isinstance(error, KeyboardInterrupt):
            output.complain("interrupted: this is what was seen until then, and what is missing is unknown")
            return _INTERRUPTED
        output.complain(f"{error} (the audit above is whole, and was not remembered)")
    if wrong:
        return 3
    bad = {"needs-you": {Attention.NEEDS_YOU}, "unknown": {Attention.NEEDS_YOU, Attention.UNKNOWN}}.get(fail_on or "", set())
    return int(any(verdict.attention in bad for verdict in answer.verdicts))


def _writable(page: Path) -> Path:
    """Make sure before the work that the page can be written, so that no audit is lost to a mistyped folder."""
    from doorward.errors import CallError

    try:
        with page.open("a"):
            return page
    except OSError as error:
        raise CallError("write the page", str(page), why=error.strerror or str(error), remedy="Name a file in a folder of yours.") from None


def _write_page(answer: AuditAnswer, page: Path) -> None:
    from doorward.report.audit_page import audit_page

    page.write_text(audit_page(answer), encoding="utf-8")
