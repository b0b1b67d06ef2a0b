"""A door's timeline, as a person reads it at 80 columns."""

from __future__ import annotations

import datetime
import io

from doorward.cli._output import Output
from doorward.report.history import draw_history
from doorward.store.answers import DoorHistory, Event, HistoryAnswer
from memories import START, door

LATER = START + datetime.timedelta(days=3)
EVIL = "\x1b[2J\x9b[31m\u202e[bold red]<b>" + "A" * 10_000


def drawn(*histories: DoorHistory) -> str:
    stream = io.StringIO()
    answer = HistoryAnswer(machine="laptop", asked="22", now=LATER, audits=6, remembers_since=START, doors=list(histories))
    Output(stream, io.StringIO()).show(draw_history(answer))
    return stream.getvalue()


def history(*events: Event, is_there: bool = True, looks: int = 6, used: int = 3) -> DoorHistory:
    return DoorHistory(
        door=door("tcp/0.0.0.0:22"),
        is_there=is_there,
        first_seen=START,
        last_seen=LATER - datetime.timedelta(hours=2),
        looks=looks,
        used=used,
        last_used=START if used else None,
        events=list(events),
    )


def test_a_timeline_has_one_time_per_audit_and_one_line_per_event() -> None:
    text = drawn(
        history(
            Event(START, "socket", "held by sshd (812), user root, ssh.service"),
            Event(START, "probe", "answers on 127.0.0.1, 192.0.2.7"),
            Event(LATER, "socket", "nobody listens any more", is_end=True),
            is_there=False,
        )
    )
    lines = text.splitlines()
    assert lines[0] == "tcp 0.0.0.0:22  ○ gone, last seen 2 hours ago"
    assert lines[1] == "  first seen 3 days ago; seen used in 3 of 6 looks, last 3 days ago"
    assert lines[2].endswith("●  held by sshd (812), user root, ssh.service")
    assert lines[3].split() == ["●", "answers", "on", "127.0.0.1,", "192.0.2.7"]
    assert "○  nobody listens any more" in lines[4]
    assert lines[-1].startswith("Memory of laptop begins 2026-")
    assert lines[-1].endswith("; 6 audits since.")
    assert all(len(line) <= 80 for line in lines)


def test_use_is_told_by_how_often_somebody_looked() -> None:
    assert "never seen used in 6 looks" in drawn(history(used=0))
    assert "whether it was used is unknown" in drawn(history(looks=0, used=0))
    assert "there by the last look" in drawn(history())


def test_a_long_history_shows_its_end() -> None:
    text = drawn(history(*(Event(START + datetime.timedelta(minutes=n), "socket", f"event {n}") for n in range(100))))
    assert "40 earlier events" in text
    assert "event 99" in text
    assert "event 39" not in text


def test_hostile_words_are_shown_harmless_and_short() -> None:
    text = drawn(history(Event(START, "socket", EVIL)))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "[boldred]" in "".join(text.split()), "shown, not obeyed"
    assert len(text) < 2000
