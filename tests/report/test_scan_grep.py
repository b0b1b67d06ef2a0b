from __future__ import annotations

import msgspec

from doorward.report.scan_grep import grep_head, grep_line, grep_tail
from scan_lines import DOOR, NOON, SUMMARY, hostile


def test_a_door_is_a_line_in_the_known_form() -> None:
    assert grep_line(DOOR) == "Host: 10.0.0.1 (nas.lan)\tPorts: 22/open/tcp//ssh///\n"


def test_hostile_text_is_one_field() -> None:
    line = grep_line(hostile())
    assert line.count("\n") == 1
    assert line.count("\t") == 1
    assert line.count("/") == 7
    assert line.isascii()


def test_first_and_last_line() -> None:
    head = grep_head("doorward scan\x1b", NOON)
    assert head.startswith("# Doorward ")
    assert "\x1b" not in head
    assert "-- 4 IP addresses scanned in 1.50 seconds" in grep_tail(SUMMARY, NOON)
    assert "interrupted at" in grep_tail(msgspec.structs.replace(SUMMARY, interrupted=True, addresses=1), NOON)
