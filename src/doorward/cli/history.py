"""``doorward history DOOR``: one door through time."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from doorward.cli._output import Output

if TYPE_CHECKING:
    from doorward.values.transports import Transport

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "tell who held a door through time, and what answered"
EXAMPLE = (
    "examples:\n  doorward history 22\n  doorward history ssh\n  doorward history 'tcp/[::1]:631'\n  doorward history laptop/tcp/0.0.0.0:22"
)


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the door and the database."""
    parser.add_argument("door", help="a port (22, udp/53), an endpoint (127.0.0.1:22), a service (ssh), or a whole door")
    parser.add_argument(
        "--database", default="", metavar="FILE", help="the memory to read; default: $DOORWARD_DATABASE, else your data folder"
    )
    parser.add_argument("--machine", default="", metavar="NAME", help="another machine that the memory holds; default: this one")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Tell it and return the exit status."""
    import os
    import platform
    from pathlib import Path

    from doorward.store.place import database_path
    from doorward.values.clocks import SystemClock
    from doorward.values.doors import name_machine
    from doorward.verbs.history import history

    database = database_path(os.environ, Path.home(), arguments.database)
    answer = history(database, arguments.machine or name_machine(platform.node()), arguments.door, names=_names, clock=SystemClock())
    if output.json:
        output.document(answer)
    else:
        from doorward.report.history import draw_history

        output.show(draw_history(answer))
    return 0


def _names(word: str) -> list[tuple[Transport, int]]:
    """Look a service's name up; the list of ports is only loaded when a name was given."""
    from doorward.ports.live_list import find_name

    return find_name(word)
