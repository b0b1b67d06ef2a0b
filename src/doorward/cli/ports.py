"""``doorward ports [QUESTION]``: what a port is for, in plain words, and who holds it here."""

from __future__ import annotations

import argparse

from doorward.cli._output import Output

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "what a port is for, in plain words, and who holds it here"
EXAMPLE = """examples:
  doorward ports 443              what one number is for
  doorward ports ssh              the number of a name
  doorward ports T:22,U:53        TCP 22 and UDP 53
  doorward ports 6000-6063        a range
  doorward ports remote desktop   a search, the best first
  doorward ports --export sqlite --output ports.db"""

_DRAWN = 300  # rows beyond which a table is written as plain lines: Rich takes about half a millisecond for each


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the question and the ways out."""
    parser.add_argument("question", nargs="*", metavar="QUESTION", help="numbers, ranges, a service's name, or words to search for")
    parser.add_argument("--search", action="store_true", help="search for the words, even if they are a service's name")
    parser.add_argument("--all", action="store_true", help="every match of a search, not the best alone")
    parser.add_argument("--export", choices=["csv", "json", "sqlite"], help="the whole list, or what is asked for, for other programs")
    parser.add_argument("--output", metavar="FILE", help="where the export goes; a new file (sqlite needs one)")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Answer, or export."""
    text = " ".join(arguments.question)
    if arguments.export or arguments.output:
        _export(text, arguments, output)
        return 0
    from doorward.verbs.ports import ports

    answer = ports(text, search_only=arguments.search, everything=arguments.all)
    if output.json:
        output.document(answer)
    elif len(answer.entries) > _DRAWN:
        from doorward.report.ports import plain_rows

        output.lines(plain_rows(answer, max(output.columns, 40)))
    else:
        from doorward.report.ports import draw_ports

        output.show(draw_ports(answer))
    return 0


def _export(text: str, arguments: argparse.Namespace, output: Output) -> None:
    from pathlib import Path

    from doorward.errors import CallError
    from doorward.ports.export import PortsExport, csv_text
    from doorward.ports.live_export import write_sqlite, write_text
    from doorward.values.records import encode_json
    from doorward.verbs.ports import exported_ports, registry_date

    if not arguments.export:
        raise CallError(
            "write to the file", arguments.output, why="--output belongs to --export", remedy="Add --export csv, json or sqlite."
        )
    if arguments.export == "sqlite" and not arguments.output:
        raise CallError("export to sqlite", why="a database can't go to standard output", remedy="Add --output FILE.")
    rows = exported_ports(text, search_only=arguments.search)
    if arguments.export == "sqlite":
        write_sqlite(Path(arguments.output), rows, registry_date())
        return
    document = csv_text(rows) if arguments.export == "csv" else encode_json(PortsExport(rows=rows), indent=1) + "\n"
    if arguments.output:
        write_text(Path(arguments.output), document)
    else:
        output.file(document)
