"""Which two audits are compared, and which questions they leave open."""

from __future__ import annotations

import datetime

import msgspec
import pytest

from doorward.store.coverage import Coverage, Look
from doorward.store.runs import RunRecord
from doorward.store.window import cannot_tell, cannot_tell_of_scans, choose_window
from doorward.values.portsets import PortSet
from memories import START, look


def audit(hours: int) -> RunRecord:
    at = START + datetime.timedelta(hours=hours)
    return RunRecord(
        id=hours,
        verb="audit",
        machine="laptop",
        vantage="",
        started=at,
        ended=at + datetime.timedelta(minutes=1),
        finished=True,
        entry=hours,
    )


AUDITS = [audit(1), audit(2), audit(5), audit(9)]


@pytest.mark.parametrize(
    ("hours", "earlier", "between", "note"),
    [
        (None, 5, 0, ""),
        (8, 5, 0, ""),
        (5, 2, 1, ""),  # the one of hour 5 ended a minute after
        (6, 5, 0, ""),
        (1.5, 1, 2, ""),
        (0, 1, 2, "Memory begins after the moment asked for"),
        (99, None, 0, "No audit has ended since"),
    ],
)
def test_the_audit_that_was_the_last_then_is_compared_with_the_last(
    hours: float | None, earlier: int | None, between: int, note: str
) -> None:
    window = choose_window(AUDITS, None if hours is None else START + datetime.timedelta(hours=hours))
    assert (window.earlier.id if window.earlier else None, window.later.id, window.between) == (earlier, 9, between)
    assert window.note.startswith(note)
    assert bool(window.note) == bool(note)


def test_one_audit_alone_is_compared_with_nothing() -> None:
    assert "nothing to compare it with yet" in choose_window(AUDITS[:1], None).note
    assert "Only this one audit" in choose_window(AUDITS[:1], START).note
    assert choose_window(AUDITS[:1], START + datetime.timedelta(days=9)).note.startswith("No audit has ended since")


def test_what_was_not_asked_is_named() -> None:
    both = [look(name) for name in ("socket", "identity", "use", "firewall", "advisory")]
    assert cannot_tell([*both, look("probe")], [*both, look("probe")]) == []
    assert cannot_tell([*both, look("probe")], both) == [
        "probe: not asked in the later audit, so whether doors started or stopped answering cannot be told."
    ]
    assert cannot_tell(both, [*both, look("probe")]) == [
        "probe: not asked in the earlier audit, so whether doors started or stopped answering cannot be compared."
    ]
    assert cannot_tell(both[:3], both[:3]) == ["firewall, probe, advisory: asked in neither audit."]
    assert cannot_tell([look("socket")], [look("socket", Coverage("laptop", complete=False))])[0].startswith(
        "socket: it did not look everywhere"
    )


def test_a_namespace_that_was_not_looked_at_is_named() -> None:
    web = look("socket", Coverage("laptop#web"))
    assert cannot_tell([look("socket"), web], [look("socket")])[0].startswith("laptop#web: not looked at in the later audit")


def scan_look(ports: str, machine: str = "nas.lan", *, complete: bool = True) -> Look:
    return Look("probe", Coverage(machine, PortSet.parse(ports), complete=complete), START)


def test_a_scan_that_left_ports_out_says_so() -> None:
    both = [scan_look("22,80"), scan_look("1-9", "other.lan")]
    assert cannot_tell_of_scans(both, [scan_look("1-100")], "nas.lan") == []
    (sentence,) = cannot_tell_of_scans(both, [scan_look("80"), scan_look("22", complete=False)], "nas.lan")
    assert sentence == "The later scan left out the ports T:22: what was open there stands as it was last seen."
    (counted,) = cannot_tell_of_scans([scan_look(",".join(map(str, range(1, 200, 2))))], [], "nas.lan")
    assert "left out 100 ports" in counted


def test_scans_are_called_scans() -> None:
    only = [msgspec.structs.replace(AUDITS[0], verb="scan")]
    assert choose_window(only, None, "doorward scan nas.lan").note == (
        "Only this one scan is remembered, so there is nothing to compare it with yet. Run: doorward scan nas.lan"
    )
