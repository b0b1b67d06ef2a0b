"""A TLS door's survey drawn for a person: versions, ciphers, application protocols, prints, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from doorward.identify.answer import IdentifyAnswer
from doorward.report.quantities import count
from doorward.values.evidence import Fact
from doorward.values.printable import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["survey_drawing"]


def survey_drawing(answer: IdentifyAnswer) -> list[RenderableType]:
    """Draw the survey among an answer's facts; nothing where there is none."""
    facts = answer.facts
    if "tls_versions" not in facts:
        said = "Encryption was not surveyed: this door does not stand in TLS from its first byte."
        return [Padding(Text(said, style="dim"), (0, 0, 0, 2))]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    ciphers = _texts(facts["tls_ciphers"])
    table.add_row("versions", Text(", ".join(_texts(facts["tls_versions"])) or "none"))
    table.add_row("protocols", Text(", ".join(_texts(facts["tls_protocols"])) or "none of those asked for"))
    table.add_row(f"{len(ciphers)} ciphers", Text("\n".join(ciphers)))
    for name in ("jarm", "ja3s"):
        if name in facts:
            table.add_row(name.upper(), Text(printable(str(facts[name]))))
    asked = facts.get("tls_survey_connections")
    connections = count(asked, "connection") if isinstance(asked, int) else ""
    weak = _texts(facts["tls_weaknesses"])
    verdict = Text(f"weak: {'; '.join(weak)}." if weak else "Nothing weak was found.", style="yellow" if weak else "green")
    title = Text(f"Encryption offered ({connections})", style="bold")
    return [Padding(title, (0, 0, 0, 2)), Padding(table, (0, 0, 0, 4)), Padding(verdict, (0, 0, 0, 4))]


def _texts(fact: Fact) -> list[str]:
    return [printable(text) for text in fact] if isinstance(fact, list) else []
