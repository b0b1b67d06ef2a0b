from __future__ import annotations

import datetime
import io

import pytest
from rich.console import Console

from doorward.report.path import draw_path
from doorward.scan.trail.answer import Walked, make_answer
from doorward.scan.trail.conclusion import conclude
from doorward.scan.trail.hops import Trail
from doorward.values.addresses import Address
from doorward.values.transports import Transport
from trails import HOST, PING, TCP_TOO, at, trail


def drawn(door: Trail, *others: Trail, host: str = "10.0.0.9", name: str = "", more: tuple[Address, ...] = (), columns: int = 80) -> str:
    walked = Walked(
        host=host,
        target=HOST,
        transport=Transport.TCP,
        port=80,
        service="http",
        door=door,
        others=others,
        found=conclude(HOST, door, others),
        other_addresses=more,
    )
    names = {at(1): name} if name else {}
    answer = make_answer(walked, at=datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC), seconds=4.2, names=names)
    out = io.StringIO()
    Console(file=out, width=columns, markup=False, highlight=False, emoji=False).print(*draw_path(answer), sep="\n")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_an_open_door() -> None:
    text = drawn(trail("1 * 9!accepted", direct="9!accepted"))
    assert text.startswith("Path to tcp 10.0.0.9:80, usually http: open\n")
    rows = [
        "    1  10.0.0.1      1.0 ms  passes it on",
        "    2  *                     no answer",
        "    3  10.0.0.9      2.0 ms  the door answers: open",
    ]
    assert "\n".join(rows) in text
    assert "How sure  measured; 6 knocks in 4.2 s" in text
    assert "\n  door" not in text


def test_a_filter_and_what_it_was_compared_with() -> None:
    text = drawn(trail("1 2 * * *"), trail("2 3 9!refused", TCP_TOO, first=2), trail("2 * *", PING, first=2))
    assert "     2  10.0.0.2      1.0 ms  the last to answer: knocks stop here or behind\n   3–5  *" in text
    assert "  door  *                     no answer to knocks that go all the way\n" in text
    assert "TCP port 33434 is answered by 10.0.0.9 at hop 4" in text
    assert "ping gets to\n           10.0.0.2 at hop 2, and no farther" in text


@pytest.mark.parametrize(
    ("door", "row"),
    [
        (trail("1 1!prohibited", direct="1!prohibited"), "2  10.0.0.1      2.0 ms  refuses: forbidden by an administrator"),
        (trail("1 *", direct="1!host-unreachable"), "door  10.0.0.1      2.0 ms  says: nobody has this address"),
        (trail("", direct="!no-route"), "here  *                    this machine has no route there"),
    ],
)
def test_other_ends(door: Trail, row: str) -> None:
    assert row in drawn(door)


def test_hostile_names_are_harmless_and_lines_short() -> None:
    text = drawn(
        trail("1 9!refused", direct="9!refused"),
        host="\x1b[31mred",
        name="\x1b]0;owned\x07[red]" + "x" * 200,
        more=tuple(map(at, range(20, 30))),
    )
    assert "\x1b" not in text
    assert r"\x1b[31mred" in text
    assert "[red]" in text
    assert "10.0.0.20, 10.0.0.21, 10.0.0.22, 10.0.0.23…" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_it_fits(columns: int) -> None:
    text = drawn(trail("1 2 * * *"), trail("2 3 9!refused", TCP_TOO, first=2), columns=columns)
    assert max(map(len, text.splitlines())) <= columns
