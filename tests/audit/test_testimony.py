from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.audit.testimony import gather
from doorward.values.evidence import Evidence, Witness
from witnesses import door, identity, one, probe, socket, use


def test_a_knock_at_an_own_address_speaks_of_the_socket_bound_to_all() -> None:
    said = one(socket("tcp/0.0.0.0:22"), probe("tcp/192.168.1.5:22"), probe("tcp/127.0.0.1:22"), identity("tcp/127.0.0.1:22", "ssh"))
    assert said.door == door("tcp/0.0.0.0:22")
    assert len(said.probes) == 2
    assert said.service == "ssh"


def test_a_socket_on_all_ipv6_addresses_takes_ipv4_unless_told_not_to() -> None:
    assert one(socket("tcp/[::]:80"), probe("tcp/127.0.0.1:80")).door == door("tcp/[::]:80")
    apart = gather([socket("tcp/[::]:80", dual_stack=False), probe("tcp/127.0.0.1:80")]).testimonies
    assert [t.door for t in apart] == [door("tcp/127.0.0.1:80"), door("tcp/[::]:80")]
    assert apart[0].socket is None


def test_the_nearest_socket_takes_the_knock() -> None:
    evidence = [socket("tcp/0.0.0.0:80", pid=1), socket("tcp/127.0.0.1:80", pid=2), probe("tcp/127.0.0.1:80"), probe("tcp/10.0.0.1:80")]
    by_door = {t.door: t for t in gather(evidence).testimonies}
    assert [p.door for p in by_door[door("tcp/127.0.0.1:80")].probes] == [door("tcp/127.0.0.1:80")]
    assert [p.door for p in by_door[door("tcp/0.0.0.0:80")].probes] == [door("tcp/10.0.0.1:80")]


def test_an_ipv4_socket_takes_no_ipv6_knock() -> None:
    gathered = gather([socket("tcp/0.0.0.0:80"), probe("tcp/[::1]:80")])
    assert len(gathered.testimonies) == 2


def test_what_answers_without_a_socket_is_a_door_and_what_refuses_is_counted() -> None:
    gathered = gather([probe("tcp/10.0.0.1:80"), probe("tcp/10.0.0.1:81", "closed"), probe("tcp/10.0.0.1:82", "filtered")])
    assert [t.door.port for t in gathered.testimonies] == [80]
    assert gathered.nobody_home == 2


def test_another_transport_port_or_machine_is_another_door() -> None:
    elsewhere = socket("tcp/0.0.0.0:80")
    assert len(gather([elsewhere, probe("udp/10.0.0.1:80"), probe("tcp/10.0.0.1:8080")]).testimonies) == 3


def test_open_probes_come_first() -> None:
    said = one(socket("tcp/0.0.0.0:80"), probe("tcp/10.0.0.1:80", "closed"), probe("tcp/10.0.0.2:80", "filtered"), probe("tcp/10.0.0.3:80"))
    assert [p.says for p in said.probes] == ["open", "filtered", "closed"]


def test_facts_that_nobody_knows_read_as_unknown() -> None:
    said = one(socket("tcp/0.0.0.0:80", unit=None))
    assert said.text(Witness.SOCKET, "unit") == ""
    assert said.number(Witness.USE, "connections") == 0
    assert said.fact(Witness.IDENTITY, "tls") is None
    assert said.is_exposed


EVIDENCE = [
    socket("tcp/0.0.0.0:22"),
    socket("tcp/[::]:22"),
    probe("tcp/10.0.0.1:22"),
    probe("tcp/[::1]:22"),
    use("tcp/0.0.0.0:22", 2),
    identity("tcp/10.0.0.1:22", "ssh"),
]


@given(st.permutations(EVIDENCE))
def test_the_order_in_which_witnesses_speak_changes_nothing(evidence: list[Evidence]) -> None:
    assert gather(evidence) == gather(EVIDENCE)


@pytest.mark.parametrize("family", list(itertools.permutations(["tcp/127.0.0.1:22", "tcp/[::ffff:127.0.0.1]:22"])))
def test_an_address_inside_ipv6_is_the_ipv4_address(family: tuple[str, str]) -> None:
    assert len(gather([socket(family[0]), probe(family[1])]).testimonies) == 1
