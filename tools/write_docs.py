"""Writes docs/verbs.md from the commands themselves, so that the page can't say what the program doesn't do."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

from doorward.cli import command_names, load_command, make_parser

__all__ = ["main", "page"]

TARGET = Path(__file__).resolve().parents[1] / "docs" / "verbs.md"


def page() -> str:
    """Return the page: each command's line, and its whole help at 80 columns."""
    os.environ["COLUMNS"] = "80"
    parts = ["# What you can ask", "", "Written by `make docs` from the program's own help.", ""]
    parts += [f"- [`doorward {name}`](#doorward-{name}): {load_command(name).HELP}" for name in command_names()]
    for name in command_names():
        parts += ["", f"## doorward {name}", "", "```text", _help_of(name).rstrip(), "```"]
    return "\n".join(parts) + "\n"


def _help_of(name: str) -> str:
    text = io.StringIO()
    with redirect_stdout(text):
        try:
            make_parser(name).parse_args([name, "--help"])
        except SystemExit:
            return text.getvalue()
    return text.getvalue()


def main(words: list[str]) -> int:
    """Write the page, or with ``--check`` say whether it is up to date."""
    if "--check" in words:
        if TARGET.exists() and TARGET.read_text() == page():
            return 0
        print("docs/verbs.md is out of date: run make docs")
        return 1
    TARGET.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
