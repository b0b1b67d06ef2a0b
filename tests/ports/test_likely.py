"""Which of a number's meanings is the likely one, and why."""

import pytest

from doorward.ports.answer import Holding, PortEntry, Source
from doorward.ports.assignments import Assignment, Standing
from doorward.ports.likely import entry_of, explain_range, runs_as
from doorward.ports.live_list import port_list
from doorward.ports.lookup import PortList
from doorward.ports.services import LocalName
from doorward.values.addresses import ANY_IPV4
from doorward.values.doors import Holder
from doorward.values.portsets import PortSet
from doorward.values.transports import Transport


def entry(text: str, ports: PortList | None = None, process: str = "") -> PortEntry:
    asked = PortSet.parse(text)
    (known,) = (ports or port_list()).known(asked)
    transport, port = next(iter(asked))
    held = [Holding(transport, ANY_IPV4, port, Holder(pid=7, process=process))] if process else []
    return entry_of(known, held)


def likely(found: PortEntry) -> list[tuple[str, Source]]:
    return [(meaning.name, meaning.source) for meaning in found.meanings if meaning.likely]


def test_common_use_comes_before_the_registry() -> None:
    found = entry("T:5000")
    assert likely(found) == [("dev-5000", Source.NOTES)]
    assert "commplex-main" in {meaning.name for meaning in found.meanings}
    assert "commplex-main" in next(meaning.why for meaning in found.meanings if meaning.likely)


def test_each_transport_has_its_own() -> None:
    assert likely(entry("T:514,U:514")) == [("rsh", Source.NOTES), ("syslog", Source.NOTES)]


def test_the_holder_decides() -> None:
    assert likely(entry("T:443", process="sslh")) == [("sslh", Source.NOTES)]
    usual = next(meaning for meaning in entry("T:22", process="sshd").meanings if meaning.likely)
    assert usual.why == "sshd (7) holds it here now, which usually is this."
    odd = next(meaning for meaning in entry("T:22", process="nc").meanings if meaning.likely)
    assert "nc (7), which holds it here now, is none of the usual programs" in odd.why


def test_without_a_note_the_local_name_comes_first() -> None:
    rows = [Assignment(1, 1, 1, Standing.ASSIGNED, "registered")]
    local = [LocalName("mine", 1, Transport.TCP)]
    assert likely(entry("T:1", PortList(rows, [], local))) == [("mine", Source.LOCAL)]
    assert likely(entry("T:1", PortList(rows))) == [("registered", Source.REGISTRY)]


def test_an_old_spelling_is_never_the_likely_one() -> None:
    rows = [Assignment(1, 1, 1, Standing.ASSIGNED, "old", alias_of="new"), Assignment(1, 1, 1, Standing.ASSIGNED, "new")]
    assert likely(entry("T:1", PortList(rows))) == [("new", Source.REGISTRY)]
    assert entry("T:1", PortList(rows)).name == "new"


def test_a_free_number_means_nothing() -> None:
    found = entry("T:65000")
    assert (found.name, found.meanings, found.standing) == ("", [], Standing.UNASSIGNED)


@pytest.mark.parametrize(
    ("process", "described", "expected"),
    [
        ("sshd", "OpenSSH (sshd)", True),
        ("nginx", "nginx", True),
        ("mariadbd", "MariaDB (mariadbd, mysqld)", True),
        ("transmission-da", "Transmission (transmission-daemon)", True),
        ("gnome-remote-de", "GNOME Remote Desktop (gnome-remote-de)", True),
        ("ssh", "OpenSSH (sshd)", False),
        ("", "anything", False),
        ("s", "s", False),
    ],
)
def test_processes_are_recognised(process: str, described: str, expected: bool) -> None:
    assert runs_as(Holder(process=process), described) is expected


@pytest.mark.parametrize(
    ("first", "last", "word"), [(22, 22, "system"), (8080, 8080, "user"), (49152, 65535, "dynamic"), (-1, -1, "None"), (1, 65535, "")]
)
def test_kinds_of_number(first: int, last: int, word: str) -> None:
    assert word in explain_range(first, last)
    assert bool(word) == bool(explain_range(first, last))
