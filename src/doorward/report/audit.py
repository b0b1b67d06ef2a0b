"""An audit drawn for the terminal: what needs you first, each with its why, its fix and its proof; then what is fine, a line each."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group as Drawings
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from doorward.audit.answer import AuditAnswer
from doorward.report.audit_view import AuditView, Group, Row, arrange
from doorward.values.clocks import format_moment
from doorward.values.printable import printable
from doorward.values.verdicts import Attention

__all__ = ["draw_audit"]

_COLOURS = {Attention.NEEDS_YOU: "bold red", Attention.UNKNOWN: "bold yellow", Attention.FINE: "bold green"}


def draw_audit(answer: AuditAnswer, *, explain: bool = False) -> list[RenderableType]:
    """Draw an audit; with ``explain`` the fine doors too get their sentence and proof."""
    view = arrange(answer)
    drawings: list[RenderableType] = [_head(view), Text()]
    for group in view.groups:
        drawings.append(_title(group))
        in_full = explain or group.attention is not Attention.FINE
        drawings += [_in_full(row) for row in group.rows] if in_full else [_table(group), *_advice(group), Text()]
    drawings.append(_foot(view))
    return drawings


def _head(view: AuditView) -> RenderableType:
    answer = view.answer
    return Text.assemble(
        (f"The doors of {printable(answer.machine)}", "bold"),
        f", {format_moment(answer.at)}\n",
        view.headline,
        f" ({answer.seconds:.1f} s)",
    )


def _title(group: Group) -> RenderableType:
    return Text(group.title.upper(), style=_COLOURS[group.attention])


def _in_full(row: Row) -> RenderableType:
    lines = Table.grid(padding=(0, 1))
    lines.add_column(width=5, style="dim")
    lines.add_column(ratio=1)
    lines.add_row("", Text(printable(row.sentence)))
    for finding in row.findings:
        if finding.attention is not row.attention and row.attention is Attention.NEEDS_YOU:
            continue
        lines.add_row("what", Text(printable(f"{finding.title[0].upper()}{finding.title[1:]}."), style="bold"))
        lines.add_row("why", Text(printable(finding.why_it_matters)))
        lines.add_row("sure", Text(printable(f"{finding.certainty}: {finding.from_what}. Wrong when {finding.wrong_when}.")))
    if row.fix is not None:
        lines.add_row("do", Text(printable(row.fix.words)))
        if row.fix.command:
            lines.add_row("", Text(f"$ {printable(row.fix.command)}", style="cyan"))
    lines.add_row("proof", Text(printable(" · ".join(row.seen)), style="dim"))
    return Drawings(_first_line(row), Padding(lines, (0, 0, 1, 2)))


def _first_line(row: Row) -> Text:
    text = Text.assemble((f"{row.sign} ", _COLOURS[row.attention]), (printable(row.address), "bold"))
    for part in (row.what, row.holder):
        text.append(f" · {printable(part)}")
    return text.append("  new", style="bold magenta") if row.is_new else text


def _table(group: Group) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name, ratio in (("door", 6), ("what answers", 5), ("who holds it", 5), ("use", 3)):
        table.add_column(name, overflow="fold", ratio=ratio)
    table.expand = True
    for row in group.rows:
        what = row.what if row.kind.value != "ordinary port" else "a client's own port"
        cells = [f"{row.sign} {row.address}{' (new)' if row.is_new else ''}", what, row.holder, row.use]
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _advice(group: Group) -> Iterator[RenderableType]:
    """What could be better about doors that are fine all the same, a line each."""
    for row in group.rows:
        for finding in row.findings:
            words = f"· {row.address}: {finding.title}."
            yield Padding(Text(printable(words), style="dim"), (0, 0, 0, 2))


def _foot(view: AuditView) -> RenderableType:
    answer = view.answer
    text = Text()
    if view.missing:
        text.append("Not seen: ", style="bold").append(printable(" ".join(view.missing)) + "\n")
    if view.not_asked:
        text.append("Not asked: ", style="bold").append(
            printable(", ".join(view.not_asked)) + ". What was not asked is unknown, never no.\n"
        )
    for limit in answer.limits:
        text.append(printable(limit) + "\n", style="dim")
    if answer.gone:
        text.append("Gone since the last audit: ", style="bold").append(printable(", ".join(answer.gone)) + "\n")
    if answer.remembered_in:
        text.append(printable(f"Remembered in {answer.remembered_in}; 'doorward changes' compares it with the audit before."), style="dim")
    text.rstrip()
    return text
