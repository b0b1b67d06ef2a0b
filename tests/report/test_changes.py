"""What changed, as a person reads it at 80 columns."""

from __future__ import annotations

import datetime
import io

from doorward.cli._output import Output
from doorward.report.changes import draw_changes
from doorward.store.answers import AuditTime, ChangeKind, ChangesAnswer, Difference, DoorChange
from doorward.values.verdicts import Attention
from memories import START, door

LATER = START + datetime.timedelta(hours=3)
EVIL = "\x1b[2J\x9b[31m\u202e[bold red]<b>" + "A" * 10_000
TIMES = AuditTime(1, START, START), AuditTime(2, LATER, LATER)


def drawn(answer: ChangesAnswer) -> str:
    stream = io.StringIO()
    Output(stream, io.StringIO()).show(draw_changes(answer))
    return stream.getvalue()


def answer(*changes: DoorChange, **parts: object) -> ChangesAnswer:
    values: dict[str, object] = {
        "machine": "laptop",
        "earlier": TIMES[0],
        "later": TIMES[1],
        "changes": list(changes),
        "unchanged": 41,
        **parts,
    }
    return ChangesAnswer(**values)  # type: ignore[arg-type]  # a test's own table of values


def change(where: str, kind: ChangeKind, attention: Attention | None = None, *differences: Difference, words: str = "") -> DoorChange:
    return DoorChange(
        door=door(where),
        kinds=[kind],
        at=LATER,
        differences=list(differences),
        holder=words or "python3 (4242), user root",
        identity=words or "SimpleHTTP 0.6",
        verdict=words or "unused door",
        attention=attention,
        sentence=words or "Nobody came through it.",
    )


def difference(kind: ChangeKind, what: str, before: str, after: str) -> Difference:
    return Difference(kind=kind, what=what, before=before, after=after, at=LATER)


def test_what_needs_you_comes_first_and_everything_is_said_in_words() -> None:
    text = drawn(
        answer(
            change("tcp/0.0.0.0:8000", ChangeKind.APPEARED, Attention.NEEDS_YOU),
            change(
                "tcp/0.0.0.0:22",
                ChangeKind.CHANGED_VERDICT,
                Attention.FINE,
                difference(ChangeKind.CHANGED_VERDICT, "verdict", "real door", "unused door"),
                difference(ChangeKind.CHANGED_VERDICT, "findings", "old", "new"),
            ),
            change(
                "tcp/0.0.0.0:23",
                ChangeKind.STOPPED_ANSWERING,
                Attention.FINE,
                difference(ChangeKind.STOPPED_ANSWERING, "answers on 127.0.0.1, 192.0.2.7", "yes", "no"),
            ),
            change("laptop#web/tcp/[::1]:631", ChangeKind.WENT),
            cannot_tell=["probe: not asked in the later audit, so whether doors started or stopped answering cannot be told."],
        )
    )
    lines = text.splitlines()
    assert [line for line in lines if line.isupper()] == ["NEEDS YOU", "FINE", "GONE"]
    assert lines[0] == "What changed at the doors of laptop"
    assert "(3 hours later)" in lines[2]
    assert "  + tcp 0.0.0.0:8000  appeared" in lines
    assert "    held by        python3 (4242), user root" in lines
    assert "    verdict        unused door: Nobody came through it." in lines
    assert "  - tcp [::1]:631 in laptop#web  went" in lines
    assert "    findings       new: new; settled: old" in lines
    assert "    answers        no longer on 127.0.0.1, 192.0.2.7" in lines
    assert "4 doors: 1 appeared, 1 changed verdict, 1 stopped answering, 1 went. Nothing" in lines
    assert "Cannot be told" in lines
    assert all(len(line) <= 80 for line in lines)


def test_nothing_changed_is_one_sentence() -> None:
    text = drawn(answer())
    assert "Nothing changed at 41 doors since 2026-" in text
    assert "Cannot be told" not in text


def test_one_audit_alone() -> None:
    text = drawn(answer(earlier=None, note="Only this one audit is remembered."))
    assert text.splitlines()[1] == "Only this one audit is remembered."
    assert "Nothing changed" not in text


def test_several_audits_in_between_give_each_change_its_time() -> None:
    text = drawn(answer(change("tcp/0.0.0.0:8000", ChangeKind.APPEARED), audits_between=4))
    assert "4 more in between" in text
    assert "appeared  2026-" in text


def test_hostile_words_are_shown_harmless_and_short() -> None:
    hostile = change("tcp/0.0.0.0:1", ChangeKind.CHANGED_HANDS, None, difference(ChangeKind.CHANGED_HANDS, EVIL, EVIL, EVIL), words=EVIL)
    text = drawn(answer(hostile, note=EVIL[:200], cannot_tell=[EVIL[:99]]))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "[boldred]" in "".join(text.split()), "shown, not obeyed"
    assert len(text) < 6000


def test_a_scan_knows_no_holder_and_judges_nothing() -> None:
    seen = DoorChange(door=door("nas.lan/tcp/10.0.0.9:22"), kinds=[ChangeKind.APPEARED], at=START)
    told = drawn(answer(seen, compared="scan"))
    assert "THERE NOW" in told
    assert "from the scan of" in told
    assert "held by" not in told
    assert "NOT JUDGED" not in told
