from __future__ import annotations

from doorward.audit.knocks import best_addresses, doors_from_outside, doors_to_ask, doors_to_knock
from doorward.values.addresses import Address
from witnesses import probe, socket

LOOP4, LOOP6, OWN4, OWN6 = (Address.parse(text) for text in ("127.0.0.1", "::1", "192.168.1.5", "fe80::1%eth0"))
OWN = [LOOP4, LOOP6, OWN4, OWN6]


def test_each_socket_is_tried_wherever_it_takes_callers() -> None:
    assert doors_to_knock([socket("tcp/0.0.0.0:22")], "laptop", OWN, []) == sorted([(LOOP4, 22), (OWN4, 22)])
    assert doors_to_knock([socket("tcp/[::]:22")], "laptop", OWN, []) == sorted((address, 22) for address in OWN)
    assert doors_to_knock([socket("tcp/[::]:22", dual_stack=False)], "laptop", OWN, []) == sorted([(LOOP6, 22), (OWN6, 22)])
    assert doors_to_knock([socket("tcp/127.0.0.1:22")], "laptop", OWN, []) == [(LOOP4, 22)]


def test_udp_and_other_machines_are_not_knocked_at() -> None:
    assert doors_to_knock([socket("udp/0.0.0.0:53")], "laptop", OWN, []) == []
    assert doors_to_knock([socket("tcp/0.0.0.0:22")], "laptop#web", OWN, []) == []


def test_the_survey_is_made_at_every_own_address_and_nothing_twice() -> None:
    knocks = doors_to_knock([socket("tcp/0.0.0.0:80")], "laptop", [LOOP4, OWN4], [80, 443])
    assert knocks == [(LOOP4, 80), (LOOP4, 443), (OWN4, 80), (OWN4, 443)]


def test_a_door_is_asked_where_others_would_come_in() -> None:
    evidence = [socket("tcp/0.0.0.0:22"), probe("tcp/127.0.0.1:22"), probe("tcp/192.168.1.5:22")]
    assert [str(door.address) for door in doors_to_ask(evidence, "laptop", OWN)] == ["192.168.1.5"]
    assert [str(door.address) for door in doors_to_ask(evidence[:2], "laptop", OWN)] == ["127.0.0.1"]


def test_closed_doors_and_clients_own_ports_are_not_asked() -> None:
    assert doors_to_ask([socket("tcp/0.0.0.0:22"), probe("tcp/127.0.0.1:22", "closed")], "laptop", OWN) == []
    assert doors_to_ask([socket("udp/0.0.0.0:50000", client_port=True)], "laptop", OWN) == []


def test_udp_doors_are_asked_at_an_own_address() -> None:
    assert [str(door) for door in doors_to_ask([socket("udp/0.0.0.0:53")], "laptop", OWN)] == ["laptop/udp/192.168.1.5:53"]


def test_any_and_multicast_are_no_addresses_to_knock_at() -> None:
    given = [Address.parse(text) for text in ("0.0.0.0", "224.0.0.1", "::", "127.0.0.1", "127.0.0.1")]
    assert best_addresses(given) == [LOOP4]


def test_a_neighbour_tries_what_it_can_reach() -> None:
    near = Address.parse("198.18.0.1")
    sockets = [socket("tcp/0.0.0.0:22"), socket("tcp/127.0.0.1:25"), socket("tcp/192.168.1.5:80"), socket("tcp/[fe80::1%eth0]:81")]
    assert doors_from_outside(sockets, "laptop", OWN, [near], [443]) == sorted(
        [(OWN4, 22), (near, 22), (OWN4, 80), (OWN4, 443), (near, 443)]
    )


def test_what_only_a_neighbour_finds_open_is_not_asked_from_here() -> None:
    assert doors_to_ask([probe("tcp/0.0.0.0:8080")], "laptop", OWN) == []
