"""Ports drawn: a page, a table, plain lines; hostile text harmless."""

import io

import pytest
from rich.console import Console, RenderableType

from doorward.ports.answer import Asked, Holding, PortsAnswer
from doorward.ports.assignments import Assignment, Standing
from doorward.ports.live_list import port_list
from doorward.ports.lookup import PortList
from doorward.ports.notes import PortNote
from doorward.ports.services import LocalName
from doorward.report.ports import draw_ports, plain_rows
from doorward.values.addresses import ANY_IPV4
from doorward.values.doors import Holder
from doorward.values.transports import Transport
from doorward.verbs.ports import ports

PAGE = [
    "Port 443  https",
    "What it is for",
    "On the internet  Yes",
    "Encryption       Always",
    "nginx (812), user www-data, nginx.service on tcp",
    "0.0.0.0:443",
    "Also found here",
    "Registered as",
    "RFC 9110",
    "nginx (812) holds it here now",
    "A system port",
]


def drawn(drawing: RenderableType, width: int = 80) -> str:
    out = io.StringIO()
    Console(file=out, width=width, markup=False, highlight=False).print(drawing)
    return out.getvalue()


def answer(text: str, *holdings: Holding, known: PortList | None = None) -> PortsAnswer:
    return ports(text, who=lambda _: list(holdings), known=known)


def test_a_page_says_everything() -> None:
    page = drawn(
        draw_ports(answer("443", Holding(Transport.TCP, ANY_IPV4, 443, Holder(812, "nginx", user="www-data", unit="nginx.service"))))
    )
    for words in PAGE:
        assert words in page
    assert max(map(len, page.splitlines())) <= 80


def test_two_transports_two_parts() -> None:
    page = drawn(draw_ports(answer("514")))
    assert "TCP: Remote commands" in page
    assert "UDP: Log lines" in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("65000", "not assigned to any service"),
        ("65000", "A dynamic port"),
        ("T:5907", "dsd"),
        ("0", "Nothing can listen here"),
        ("airdrop", "No number"),
        ("1023", "reserved by the registry"),
    ],
)
def test_numbers_without_a_note(text: str, words: str) -> None:
    assert words in drawn(draw_ports(answer(text)))


def test_a_table_of_many() -> None:
    table = drawn(draw_ports(answer("T:22,U:53", Holding(Transport.UDP, ANY_IPV4, 53, Holder(5, "dnsmasq")))))
    assert "HELD HERE BY" in table
    assert "dnsmasq" in table
    assert "careful" in table
    assert "More on one: doorward ports 22" in table


def test_a_search_says_that_there_is_more() -> None:
    assert "The 25 best of" in drawn(draw_ports(answer("mail")))


def test_nothing_asked_tells_how_to_ask() -> None:
    page = drawn(draw_ports(answer("")))
    assert "doorward ports 443" in page
    assert "explained in plain words" in page


def test_plain_lines_fit() -> None:
    lines = list(plain_rows(answer("0-2000"), 80))
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("443 ") for line in lines)


@pytest.mark.parametrize("name", ["\x1b[31mred", "[bold]x[/bold]", "\u202eevil", "\x9b31m"])
def test_hostile_names_are_shown_and_do_nothing(name: str) -> None:
    hostile = PortList([Assignment(9, 9, 1, Standing.ASSIGNED, "nine")], [], [LocalName(name, 9, Transport.TCP, (), name)])
    holding = Holding(Transport.TCP, ANY_IPV4, 9, Holder(1, name, user=name, unit=name, container=name))
    for drawing in (answer("T:9", holding, known=hostile), answer("8-9", holding, known=hostile)):
        text = drawn(draw_ports(drawing))
        assert all(line.isprintable() for line in text.splitlines())
    assert "[bold]" not in name or name in drawn(draw_ports(answer("T:9", holding, known=hostile)))
    assert all(line.isprintable() for line in plain_rows(answer("8-9", known=hostile), 80))


def test_unseen_holders_are_told() -> None:
    page = drawn(draw_ports(answer("22", Holding(Transport.TCP, ANY_IPV4, 22, Holder(user="root")))))
    assert "a process we may not see" in page
    assert "root only" in " ".join(page.split())


@pytest.mark.parametrize("note", port_list().notes, ids=lambda note: note.name)
def test_every_note_can_be_drawn_at_80_columns(note: PortNote) -> None:
    port = next(iter(note.ports))[1]
    page = drawn(draw_ports(answer(str(port))))
    assert max(map(len, page.splitlines())) <= 80
    assert note.purpose.split()[0] in page


def test_kinds_of_answer() -> None:
    assert answer("ssh").asked is Asked.NAME
