"""What is known of numbers and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.ports.assignments import Assignment, Standing
from doorward.ports.live_list import port_list
from doorward.ports.lookup import PortList, notes_by_door
from doorward.ports.notes import Encryption, PortNote, Public
from doorward.ports.services import LocalName
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport

NOTE = PortNote(
    ports=PortSet.parse("T:10-12,U:10"),
    name="ours",
    title="Ours",
    purpose="A test.",
    held_by=["ourd"],
    encryption=Encryption.NONE,
    public=Public.NO,
    login=False,
    risk="None.",
    instead="Nothing.",
    aliases=["our-alias"],
)
ROWS = [
    Assignment(1, 1, 3, Standing.ASSIGNED, "one", "First"),
    Assignment(2, 3, 0, Standing.UNASSIGNED),
    Assignment(4, 4, 0, Standing.UNASSIGNED),
    Assignment(5, 8, 0, Standing.ASSIGNED, "Wide"),
    Assignment(9, 9, 1, Standing.ASSIGNED, "nine-old", alias_of="nine"),
    Assignment(9, 9, 1, Standing.ASSIGNED, "nine"),
    Assignment(9, 9, 2, Standing.RESERVED),
    Assignment(11, 11, 1, Standing.ASSIGNED, "eleven"),
    Assignment(-1, -1, 1, Standing.ASSIGNED, "nowhere"),
]
LOCAL = [LocalName("mine", 13, Transport.TCP, ("my-alias",)), LocalName("second", 13, Transport.TCP)]
LIST = PortList(ROWS, [NOTE], LOCAL, "2025-01-01")


@pytest.mark.parametrize(
    ("port", "name"), [(1, "one"), (2, ""), (6, "Wide"), (9, "nine"), (10, "ours"), (11, "ours"), (13, "mine"), (14, ""), (65535, "")]
)
def test_labels(port: int, name: str) -> None:
    assert LIST.name_of(Transport.TCP, port) == name


@pytest.mark.parametrize(
    ("word", "ports"),
    [
        ("one", "T:1,U:1"),
        ("ONE", "T:1,U:1"),
        ("wide", "T:5-8,U:5-8"),
        ("ours", "T:10-12,U:10"),
        ("our-alias", "T:10-12,U:10"),
        ("mine", "T:13"),
        ("my-alias", "T:13"),
    ],
)
def test_names(word: str, ports: str) -> None:
    assert PortSet((t, p, p) for t, p in LIST.find_name(word)) == PortSet.parse(ports)


def test_an_unknown_name_and_one_without_a_number_have_no_doors() -> None:
    assert LIST.find_name("nothing") == []
    assert LIST.find_name("nowhere") == []
    assert LIST.named("my-alias") == []
    assert [row.name for known in LIST.known_names("nowhere") for row in known.assignments] == ["nowhere"]


def spans(text: str) -> list[tuple[int, int]]:
    return [(known.first, known.last) for known in LIST.known(PortSet.parse(text))]


def test_neighbours_that_mean_the_same_are_joined() -> None:
    assert spans("1-14") == [(1, 1), (2, 4), (5, 8), (9, 9), (10, 12), (13, 13), (14, 14)]
    assert spans("6") == [(6, 6)]
    assert spans("20-65535") == [(20, 65535)]


def test_a_note_joins_numbers_and_keeps_their_names() -> None:
    (known,) = LIST.known(PortSet.parse("10-12"))
    assert [row.name for row in known.assignments] == ["eleven"]


def test_transports_asked_stay_apart() -> None:
    found = LIST.known(PortSet.parse("T:9-10,U:10"))
    assert [(known.first, known.asked) for known in found] == [(9, (Transport.TCP,)), (10, (Transport.TCP, Transport.UDP))]
    (udp,) = LIST.known(PortSet.parse("U:9"))
    assert udp.assignments[0].standing is Standing.RESERVED


@given(st.lists(st.tuples(st.sampled_from(Transport), st.integers(0, 65535), st.integers(0, 300)), min_size=1, max_size=4))
def test_every_number_asked_is_told_once(items: list[tuple[Transport, int, int]]) -> None:
    asked = PortSet((transport, first, min(first + more, 65535)) for transport, first, more in items)
    told = [number for known in port_list().known(asked) for number in range(known.first, known.last + 1)]
    assert told == sorted({port for _, port in asked})


@given(st.integers(0, 65535), st.integers(0, 40))
def test_a_range_says_what_its_numbers_say(first: int, more: int) -> None:
    asked = PortSet([(Transport.TCP, first, min(first + more, 65535))])
    for known in port_list().known(asked):
        for number in range(known.first, known.last + 1):
            (alone,) = port_list().known(PortSet([(Transport.TCP, number, number)]))
            assert alone.notes == known.notes
            if alone.assignments and alone.assignments[0].standing is Standing.ASSIGNED:
                assert set(alone.assignments) <= set(known.assignments)


def test_counts_and_names() -> None:
    counts = LIST.counts()
    assert (counts.numbers, counts.names, counts.names_without_number, counts.noted, counts.local_names) == (7, 6, 1, 3, 2)
    assert {"nowhere", "our-alias", "my-alias"} <= LIST.all_names()


def test_notes_by_door() -> None:
    assert notes_by_door([NOTE])[Transport.TCP, 12] is NOTE
    assert LIST.note_for(Transport.UDP, 12) is None
