"""``doorward changes``: which doors appeared, went, changed hands, version or verdict since an earlier audit or scan."""

from __future__ import annotations

import argparse

from doorward.cli._output import Output

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "tell which doors appeared, went or changed since an audit"
EXAMPLE = (
    "examples:\n"
    "  doorward changes                      between the last two audits\n"
    "  doorward changes --since yesterday    also 2h, 3d, 2026-05-01, 2026-05-01T14:00\n"
    "  doorward changes --machine nas.lan    between the last two scans of it\n"
    "  doorward changes --fail-on change     for a script: exit status 1 when something changed"
)


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare from when on, which database, and what to fail on."""
    parser.add_argument(
        "--since",
        default="last",
        metavar="WHEN",
        help="compare with how it was then (2h, yesterday, 2026-05-01); default: the audit before the last",
    )
    parser.add_argument(
        "--database", default="", metavar="FILE", help="the memory to read; default: $DOORWARD_DATABASE, else your data folder"
    )
    parser.add_argument(
        "--machine",
        default="",
        metavar="NAME",
        help="another machine that the memory holds, or a host as it was scanned; default: this one",
    )
    parser.add_argument("--scans", action="store_true", help="compare scans of that machine, also where audits are remembered")
    parser.add_argument("--fail-on", choices=["change", "needs-you"], help="exit with 1 when any door changed, or one that needs you")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Tell it and return the exit status."""
    import os
    import platform
    from pathlib import Path

    from doorward.store.place import database_path
    from doorward.values.clocks import SystemClock
    from doorward.values.doors import name_machine
    from doorward.values.verdicts import Attention
    from doorward.verbs.changes import changes

    database = database_path(os.environ, Path.home(), arguments.database)
    machine = arguments.machine or name_machine(platform.node())
    answer = changes(database, machine, since=arguments.since, verb="scan" if arguments.scans else "", clock=SystemClock())
    if output.json:
        output.document(answer)
    else:
        from doorward.report.changes import draw_changes

        output.show(draw_changes(answer))
    if arguments.fail_on == "needs-you":
        return int(any(change.attention is Attention.NEEDS_YOU for change in answer.changes))
    return int(arguments.fail_on == "change" and bool(answer.changes))
