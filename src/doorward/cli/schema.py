"""``doorward schema VERB``: the JSON Schema of what a verb prints with --json."""

from __future__ import annotations

import argparse

from doorward.cli._output import Output

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "print the JSON Schema of a verb's --json output"
EXAMPLE = "example:\n  doorward schema audit > audit.schema.json"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's name."""
    parser.add_argument("verb", help="the verb, such as audit")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Print the schema."""
    from doorward.verbs.schema import schema

    output.document(schema(arguments.verb))
    return 0
