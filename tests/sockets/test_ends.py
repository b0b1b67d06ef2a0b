"""Which rows are two ends of one conversation, and behind which end a door stands."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorward.sockets.ends import find_ends
from doorward.sockets.table import Namespace, SocketTable
from doorward.values.transports import Transport
from made_sockets import made, pair, table

ELSEWHERE = Namespace("web", 2)


def test_two_ends_find_each_other_and_their_door() -> None:
    ends = find_ends(table(made("127.0.0.1:80"), *pair("127.0.0.1:80", "127.0.0.1:40000"), made("10.0.0.1:5000", "10.0.0.2:22")))
    assert ends.other.tolist() == [-1, 2, 1, -1]
    assert ends.door.tolist() == [-1, 0, -1, -1]
    assert ends.peers_door.tolist() == [-1, -1, 0, -1]
    assert ends.peer_here.tolist() == [False, True, True, False]
    assert ends.waits.tolist() == [True, False, False, False]


def test_a_door_for_all_addresses_stands_behind_each_of_them() -> None:
    ends = find_ends(table(made("0.0.0.0:80"), made("[::]:443", v6only=True), made("[::]:22", v6only=False), *(
        made(local, "10.9.9.9:5000") for local in ("10.0.0.1:80", "10.0.0.1:443", "10.0.0.1:22", "10.0.0.1:81")
    ), made("[fd00::1]:443", "[fd00::2]:5000"), made("[fd00::1]:80", "[fd00::2]:5000")))  # fmt: skip
    assert ends.door[3:].tolist() == [0, -1, 2, -1, 1, -1]


def test_the_door_of_the_very_address_goes_before_that_of_all() -> None:
    ends = find_ends(table(made("0.0.0.0:53"), made("127.0.0.53:53"), made("127.0.0.53:53", "127.0.0.1:4000")))
    assert ends.door[2] == 1


def test_ipv4_within_ipv6_is_one_conversation() -> None:
    server = made("127.0.0.1:80", "127.0.0.1:40000", family=6)
    ends = find_ends(table(made("[::]:80", v6only=False), server, made("127.0.0.1:40000", "127.0.0.1:80")))
    assert ends.other.tolist() == [-1, 2, 1]
    assert ends.door[1] == 0


def test_loopback_is_another_one_in_each_namespace() -> None:
    here, there = pair("127.0.0.1:80", "127.0.0.1:40000"), pair("127.0.0.1:80", "127.0.0.1:40000", namespace=ELSEWHERE)
    ends = find_ends(table(*here, *there))
    assert ends.other.tolist() == [1, 0, 3, 2]


def test_other_addresses_meet_across_namespaces() -> None:
    server, client = pair("172.17.0.2:80", "172.17.0.1:40000")
    ends = find_ends(table(made("0.0.0.0:80", namespace=ELSEWHERE), made("172.17.0.2:80", "172.17.0.1:40000", namespace=ELSEWHERE), client))
    assert ends.other.tolist() == [-1, 2, 1]
    assert ends.peers_door[2] == 0
    assert ends.peer_here.all() == bool(server) or ends.peer_here[1:].all()


def test_the_same_pair_in_several_namespaces_joins_nobody() -> None:
    spaces = (Namespace("a", 2), Namespace("b", 3))
    rows = [row for space in spaces for row in pair("10.0.0.1:80", "10.0.0.2:40000", namespace=space)]
    assert find_ends(table(*rows)).other.tolist() == [-1] * 4


def test_a_socket_connected_to_itself_has_no_other_end() -> None:
    ends = find_ends(table(made("127.0.0.1:40000", "127.0.0.1:40000")))
    assert ends.other.tolist() == [-1]
    assert ends.peer_here.tolist() == [True]


def test_udp_waits_on_a_port_and_not_without_one() -> None:
    ends = find_ends(table(made("0.0.0.0:53", transport=Transport.UDP), made("0.0.0.0:0", transport=Transport.UDP)))
    assert ends.waits.tolist() == [True, False]


def test_no_rows() -> None:
    assert len(find_ends(SocketTable.empty()).other) == 0


ENDS = st.tuples(st.sampled_from(["10.0.0.1", "10.0.0.2", "127.0.0.1"]), st.integers(1, 3)).map(lambda end: f"{end[0]}:{end[1]}")


@given(st.lists(st.tuples(ENDS, ENDS), max_size=12))
def test_other_ends_agree_with_a_plain_search(pairs: list[tuple[str, str]]) -> None:
    ends = find_ends(table(*(made(local, remote) for local, remote in pairs)))
    for row, (local, remote) in enumerate(pairs):
        mirrors = [n for n, pair in enumerate(pairs) if pair == (remote, local) and n != row]
        same = [n for n, pair in enumerate(pairs) if pair == (local, remote)]
        expected = mirrors[0] if len(mirrors) == 1 and len(same) == 1 and local != remote else -1
        assert ends.other[row] == expected
    assert (ends.other[ends.other[ends.other >= 0]] == np.flatnonzero(ends.other >= 0)).all()
