from __future__ import annotations

import pytest

from doorward.report.scan import door_column, door_row, heading, plan_text, progress_text, summary_text
from doorward.scan.answer import DoorLine, PlanLine, SummaryLine, TargetLine
from doorward.scan.doorstates import DoorState, Reason
from doorward.values.addresses import Address
from doorward.values.transports import Transport

HERE = Address.parse("127.0.0.1")
TARGET = TargetLine(first=HERE, last=HERE, count=1)


def door(reason: Reason, **rest: object) -> DoorLine:
    words: dict[str, object] = {
        "address": HERE,
        "transport": Transport.TCP,
        "port": 22,
        "state": reason.state,
        "reason": reason,
        "rtt_ms": None,
        "service": "ssh",
        "host": "",
        "knocks": 1,
        "told_by": None,
        "detail": "",
    }
    return DoorLine(**(words | rest))  # type: ignore[arg-type]  # fields by name, checked at run time below


def summary(reasons: dict[Reason, int], **rest: object) -> SummaryLine:
    done = sum(reasons.values())
    states = {state: sum(count for reason, count in reasons.items() if reason.state is state) for state in DoorState}
    words: dict[str, object] = {
        "targets": [TARGET],
        "addresses": 1,
        "ports": "T:1-65535",
        "doors": done,
        "done": done,
        "sent": done,
        "received": done,
        "repeated": 0,
        "lost_here": 0,
        "held_up": 0,
        "met_ourselves": 0,
        "states": states,
        "reasons": reasons,
        "seconds": 1.234,
        "interrupted": False,
    }
    return SummaryLine(**(words | rest))  # type: ignore[arg-type]


def written(line: SummaryLine) -> str:
    return "\n".join(text.plain for text in summary_text(line, 3))


def test_a_row_says_what_and_how_we_know() -> None:
    row = door_row(door(Reason.ACCEPTED, rtt_ms=0.123), 15).plain
    assert row == "127.0.0.1:22     open      ssh              took the connection (0.12 ms)"
    assert heading(15).plain.index("STATE") == row.index("open")
    assert heading(15).plain.index("HOW") == row.index("took")


def test_who_said_so_is_named_when_it_was_not_the_host() -> None:
    assert "says 10.0.0.1" in door_row(door(Reason.PROHIBITED, told_by=Address.parse("10.0.0.1")), 15).plain
    assert "says" not in door_row(door(Reason.PORT_UNREACHABLE, told_by=HERE), 15).plain


def test_foreign_text_is_harmless() -> None:
    row = door_row(door(Reason.OTHER_ERROR, service="\x1b[31m", detail="a\u202eb"), 15).plain
    assert "\x1b" not in row
    assert "\u202e" not in row


@pytest.mark.parametrize("reason", Reason)
def test_every_row_fits_eighty_columns(reason: Reason) -> None:
    assert len(door_row(door(reason, rtt_ms=1234.0 if reason.state is DoorState.OPEN else None), 21).plain) <= 110


def test_the_column_fits_the_longest_end_of_the_targets() -> None:
    wide = TargetLine(first=HERE, last=Address.parse("127.255.255.255"), count=2)
    assert door_column([wide]) == len("127.255.255.255:65535")
    assert door_column([TargetLine(first=Address(bytes([255] * 16)), last=HERE, count=2)]) == 30


def test_an_ordinary_end() -> None:
    text = written(summary({Reason.ACCEPTED: 3, Reason.REFUSED: 65532}))
    assert "65,535 doors of 127.0.0.1, in 1.2 s:" in text
    assert "       3 open      took the connection" in text
    assert "  65,532 closed    the host refused" in text
    assert "every door answered for itself." in text
    assert "0 answers lost here." in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_silence_and_losses_are_said() -> None:
    text = written(summary({Reason.ACCEPTED: 1, Reason.NO_ANSWER: 3, Reason.NO_DESCRIPTOR: 2}, lost_here=2))
    assert "1 of 6 doors answered for themselves." in text
    assert "3 doors stayed silent at 3 knocks and are called filtered." in text
    assert "2 doors lost here" in text
    assert "0 answers lost" not in text
    assert text.index("open ") < text.index("filtered ") < text.index("unknown ")


def test_one_silent_door_and_no_open_one() -> None:
    text = written(summary({Reason.NO_ANSWER: 1}))
    assert "No open door was found." in text
    assert "1 door stayed silent at 3 knocks and is called filtered." in text


def test_an_interrupted_scan_says_how_much_is_missing() -> None:
    text = written(summary({Reason.REFUSED: 10}, doors=100, interrupted=True))
    assert "10 of 100 doors of 127.0.0.1" in text
    assert "nothing is known of the other 90 doors" in text
    assert "nothing is known" in written(summary({}, doors=100, interrupted=True))


def test_a_plan_in_words() -> None:
    line = PlanLine(
        targets=[TargetLine(first=Address.parse("10.0.0.0"), last=Address.parse("10.0.0.255"), count=256), TARGET],
        names={"nas\x1b.lan": [HERE]},
        addresses=257,
        ports="T:22,80",
        doors=514,
        rate=20_000.0,
        host_rate=None,
        batch=100,
        knocks_least=514,
        knocks_most=1542,
        packets_least=514,
        packets_most=2056,
        seconds_least=0.03,
        seconds_most=7200.0,
    )
    text = "\n".join(one.plain for one in plan_text(line))
    assert "Would knock at 514 doors: 257 addresses, TCP ports 22,80." in text
    assert "10.0.0.0 to 10.0.0.255 (256)" in text
    assert "\x1b" not in text
    assert "514 if every door answers, 1,542 if none does; at most 20,000 a second" in text
    assert "from 0.03 s to 2 hours. Nothing was sent." in text


def test_progress() -> None:
    assert progress_text(0, 100, 0, 0, 0.1) == "0 of 100 doors, 0 open"
    assert progress_text(50, 100, 7, 2, 10.0) == "50 of 100 doors, 2 open, 7 not answered yet, about 10.0 s left"
