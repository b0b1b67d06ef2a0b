"""``doorward update WHAT``: take in data of others that you have; nothing is fetched."""

from __future__ import annotations

import argparse

from doorward.cli._output import Output

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "take in fingerprints that you have, or show which are installed"
EXAMPLE = """\
examples:
  doorward update fingerprints                       what is installed
  doorward update fingerprints --from recog/xml      take in Recog's files

Nothing is fetched from anywhere. Recog (BSD licence, github.com/rapid7/recog) knows
some 4,600 banners; each is tried on its authors' own examples before it is kept."""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare what is taken in, and from where."""
    parser.add_argument("what", choices=["fingerprints"], help="what to take in")
    parser.add_argument("--from", dest="folder", default="", metavar="DIR", help="the folder with the files")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Take in, or show."""
    from pathlib import Path

    from doorward.report.update import fingerprint_lines
    from doorward.values.clocks import SystemClock
    from doorward.verbs.update import install_fingerprints, installed_fingerprints

    if arguments.folder:
        output.progress("reading and trying the fingerprints…")
        answer = install_fingerprints(Path(arguments.folder), SystemClock())
        output.progress("")
    else:
        answer = installed_fingerprints()
    if output.json:
        output.document(answer)
    else:
        output.lines(fingerprint_lines(answer))
    return 0
