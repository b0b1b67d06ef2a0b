"""Many sockets as few lines: what is counted together, what is summed, and what is left out."""

from typing import Any

import numpy as np

from doorward.sockets.gathering import Peers, gather_peers, not_taken_yet
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.roles import Role, assign_roles
from doorward.sockets.table import Socket, SocketTable
from doorward.values.transports import Transport
from made_sockets import made, pair, table


def gathered(sockets: SocketTable, rows: list[int], groups: list[int], *, by_port: bool, limit: int = 10) -> dict[int, Peers]:
    return gather_peers(sockets, assign_roles(sockets), np.array(rows, np.intp), np.array(groups), by_port=by_port, limit=limit)


def test_callers_of_a_door_by_address_and_by_program() -> None:
    sockets = table(
        made("0.0.0.0:80"),
        *pair("127.0.0.1:80", "127.0.0.1:40000"),
        *pair("127.0.0.1:80", "127.0.0.1:40002"),
        made("10.0.0.1:80", "10.0.0.2:5000", rtt_us=10, bytes_received=5, bytes_acked=7),
        made("10.0.0.1:80", "10.0.0.2:5001", "over", rtt_us=0, bytes_received=6, total_retransmits=2),
        made("10.0.0.1:80", "10.0.0.3:5000"),
    )
    program, twice, once = gathered(sockets, [1, 3, 5, 6, 7], [4, 4, 4, 4, 4], by_port=False)[4].shown
    assert (program.holder.process if program.holder else "", program.is_here, program.tally.sockets) == ("client", True, 2)
    assert (str(twice.address), twice.port, twice.is_here, twice.role) == ("10.0.0.2", 0, False, Role.SERVER)
    assert twice.tally.states == ((KernelState.ESTABLISHED, 1), (KernelState.TIME_WAIT, 1))
    assert (twice.tally.received, twice.tally.sent, twice.tally.rtt_us, twice.tally.retransmits) == (11, 7, 10, 2)
    assert (str(once.address), once.port, once.local_port) == ("10.0.0.3", 5000, 80)


def test_calls_by_destination_and_port() -> None:
    sockets = table(
        made("10.0.0.1:40000", "10.0.0.2:443"),
        made("10.0.0.1:40002", "10.0.0.2:443"),
        made("10.0.0.1:40004", "10.0.0.2:80"),
        made("10.0.0.1:40004", "10.0.0.2:80", transport=Transport.UDP),
    )
    shown = gathered(sockets, [0, 1, 2, 3], [0] * 4, by_port=True)[0].shown
    assert [(peer.transport, peer.port, peer.tally.sockets) for peer in shown] == [
        (Transport.TCP, 443, 2),
        (Transport.TCP, 80, 1),
        (Transport.UDP, 80, 1),
    ]


def test_groups_stay_apart_and_the_rest_is_counted() -> None:
    sockets = table(*(made("10.0.0.1:80", f"10.0.{number % 7}.{number % 50}:5000") for number in range(100)))
    groups = gathered(sockets, list(range(100)), [number % 2 for number in range(100)], by_port=False, limit=3)
    for peers in groups.values():
        assert len(peers.shown) == 3
        assert sum(peer.tally.sockets for peer in peers.shown) + peers.more_sockets == 50
        assert peers.more_peers > 0
        sizes = [peer.tally.sockets for peer in peers.shown]
        assert sizes == sorted(sizes, reverse=True)


def test_sums_hold_large_numbers() -> None:
    sockets = table(made("10.0.0.1:80", "10.0.0.2:1", bytes_received=2**52), made("10.0.0.1:80", "10.0.0.2:2", bytes_received=1))
    assert gathered(sockets, [0, 1], [0, 0], by_port=False)[0].shown[0].tally.received == 2**52 + 1


def test_callers_in_the_queue_are_told_from_those_that_were_taken() -> None:
    def end(port: int, **more: Any) -> Socket:
        return made("127.0.0.1:80", f"127.0.0.1:{port}", **more)

    sockets = table(made("0.0.0.0:80"), end(1, inode=0), end(2, inode=5), made("127.0.0.1:80", "127.0.0.1:3", "over", inode=0))
    assert not_taken_yet(sockets, assign_roles(sockets), np.arange(4)).tolist() == [False, True, False, False]
    assert sum(peer.tally.untaken for peer in gathered(sockets, [1, 2, 3], [0, 0, 0], by_port=False)[0].shown) == 1


def test_no_rows() -> None:
    assert gathered(table(), [], [], by_port=False) == {}
