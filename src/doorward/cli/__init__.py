"""The command line: one file per command, found by folder; this file only finds it, calls it, and turns its end into an exit status.

A command's file has ``HELP`` (one line), ``EXAMPLE`` (a worked call), ``add_flags(parser)`` and ``call(arguments, output)``, which returns
the exit status. Files whose names begin with an underscore serve all commands. Nothing of a room is imported before its command is
called, so that ``--help`` and small questions answer at once.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import Protocol

from doorward import __version__
from doorward.cli._output import Output
from doorward.errors import DoorwardError

__all__ = ["Command", "command_names", "load_command", "main", "make_parser"]

_INTERRUPTED = 130  # 128 + SIGINT, as shells count it
_WORLD_SAID_NO = 3


class Command(Protocol):
    """What a command's file must have."""

    HELP: str
    EXAMPLE: str

    def add_flags(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's words and flags."""

    def call(self, arguments: argparse.Namespace, output: Output) -> int:
        """Do it and return the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one call of ``doorward`` and return its exit status: 0, 1, 2, 3 or 130."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = next((word for word in words if not word.startswith("-")), "")
    output = Output()
    try:
        arguments = make_parser(name).parse_args(words)
        output.use_json(getattr(arguments, "json", False))
        status = load_command(arguments.command).call(arguments, output)
        output.flush()
    except SystemExit as end:  # argparse has said why
        return end.code if isinstance(end.code, int) else 2
    except DoorwardError as error:
        output.complain(str(error))
        return error.exit_status
    except KeyboardInterrupt:
        output.complain("interrupted; what was seen until now is above")
        return _INTERRUPTED
    except BrokenPipeError:
        output.abandon()
        output.complain("cannot write the results: whoever read standard output has closed it")
        return _WORLD_SAID_NO
    except OSError as error:
        output.abandon()
        what = f" {os.fspath(error.filename)!r}" if error.filename else ""
        output.complain(f"the system refused{what}: {error.strerror or error}")
        return _WORLD_SAID_NO
    except Exception as error:
        if "DOORWARD_DEBUG" in os.environ:
            raise
        output.complain(
            f"a bug of Doorward itself stopped it: {type(error).__name__}: {error}. Please report it with what DOORWARD_DEBUG=1 shows."
        )
        return _WORLD_SAID_NO
    return status


def command_names() -> list[str]:
    """The commands there are: the files of this folder without a leading underscore."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def load_command(name: str) -> Command:
    """Import one command's file."""
    return importlib.import_module(f"doorward.cli.{name}")


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, in the form of all our errors."""

    def error(self, message: str) -> None:  # type: ignore[override]  # like the original, it never returns
        output = Output()
        output.complain(f"{message}. Try: {self.prog} --help")
        raise SystemExit(2)


def make_parser(wanted: str = "") -> argparse.ArgumentParser:
    """Build the parser; only the command ``wanted`` gets its flags, the others their one line of help."""
    parser = _Parser(
        prog="doorward",
        description="A port is a doorway into a computer. Doorward knows every door: who holds it, what answers, who uses it, what to do.",
        epilog="'doorward VERB --help' shows a worked example. Start with: doorward audit",
    )
    parser.add_argument("--version", action="version", version=f"doorward {__version__}")
    verbs = parser.add_subparsers(dest="command", metavar="VERB", required=True)
    for name in command_names():
        command = load_command(name)
        verb = verbs.add_parser(
            name,
            help=command.HELP,
            description=command.HELP[0].upper() + command.HELP[1:] + ".",
            epilog=_folded(command.EXAMPLE) if name == wanted else "",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == wanted:
            command.add_flags(verb)
            verb.add_argument("--json", action="store_true", help="JSON instead of words; its shape: doorward schema VERB")
    return parser


def _folded(text: str) -> str:
    """Fold a worked example's long lines at the terminal's width, the rest below the line's last column."""
    import re
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, 100) - 1
    lines = []
    for line in text.split("\n"):
        columns = re.match(r"(\s*\S.*\s{2,})\S|(\s*)", line)
        indent = len((columns[1] or columns[2] + "  ") if columns else "")
        if indent > width * 0.6:  # too little room beside the first column: go on below it
            indent = len(line) - len(line.lstrip()) + 4
        lines += textwrap.wrap(line, width, subsequent_indent=" " * indent, drop_whitespace=True, break_on_hyphens=False) or [""]
    return "\n".join(lines)
