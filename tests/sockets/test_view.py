"""The arrangement by door: what stands where, what stands only once, and what is counted."""

import numpy as np

from doorward.sockets.filter_words import Scene
from doorward.sockets.filters import parse_filter
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.roles import Reason, Role, assign_roles
from doorward.sockets.table import Namespace, Socket, SocketTable
from doorward.sockets.view import View, arrange, order_by_door
from doorward.values.transports import Transport
from made_sockets import made, pair, table


def view_of(*sockets: Socket, wanted: str = "", peers: int = 6) -> View:
    rows = table(*sockets)
    roles = assign_roles(rows)
    return arrange(rows, roles, parse_filter(wanted).mask(Scene(rows, roles)) if wanted else None, max_peers=peers)


def test_a_conversation_within_the_machine_stands_once_at_its_door() -> None:
    view = view_of(made("0.0.0.0:80", process="server", pid=10), *pair("127.0.0.1:80", "127.0.0.1:40000"))
    (door,) = view.doors
    assert [peer.holder.process for peer in door.peers.shown if peer.holder] == ["client"]
    assert view.callers == ()
    assert (view.counts.sockets, view.counts.doors, view.counts.inside, view.counts.outside) == (3, 1, 1, 0)


def test_the_calling_end_alone_stands_with_its_program() -> None:
    view = view_of(made("0.0.0.0:80", pid=10), *pair("127.0.0.1:80", "127.0.0.1:40000"), wanted="process client")
    assert view.doors == ()
    (caller,) = view.callers
    assert (caller.holder.process, caller.role, caller.peers.shown[0].port) == ("client", Role.CLIENT, 80)


def test_a_conversation_brings_its_door_along() -> None:
    view = view_of(made("0.0.0.0:80", process="server", pid=10), made("10.0.0.1:80", "10.0.0.2:5000"), wanted="state established")
    assert [(door.port, len(door.peers.shown)) for door in view.doors] == [(80, 1)]
    assert view.counts.doors == 0


def test_doors_of_one_program_on_one_port_are_one() -> None:
    view = view_of(
        made("0.0.0.0:80", process="nginx", pid=1),
        made("[::]:80", process="nginx", pid=1, v6only=True),
        made("0.0.0.0:80", process="nginx", pid=2, inode=77),
        made("127.0.0.1:80", process="other", pid=3),
        made("0.0.0.0:22", process="sshd", pid=4),
        made("[::]:22", process="sshd", pid=4, namespace=Namespace("web", 9), v6only=False),
    )
    assert [(door.port, door.sockets, [holder.pid for holder in door.holders], door.takes_both) for door in view.doors] == [
        (22, 1, [4], False),
        (22, 1, [4], True),
        (80, 3, [1, 2], False),
        (80, 1, [3], False),
    ]


def test_callers_without_a_door_in_sight_are_not_lost() -> None:
    sockets = (made("10.0.0.1:22", "10.0.0.9:40000", pid=5, process="sshd"), made("10.0.0.1:1", "10.0.0.9:2", pid=6, process="odd"))
    view = view_of(*sockets)
    assert sorted((caller.holder.process, caller.role) for caller in view.callers) == [("odd", Role.UNKNOWN), ("sshd", Role.SERVER)]


def test_rows_of_nobody_and_of_an_unseen_process_stay_apart() -> None:
    view = view_of(made("10.0.0.1:40000", "10.0.0.9:80", "over", inode=0), made("10.0.0.1:40002", "10.0.0.9:80", inode=5, uid=33))
    assert [(caller.is_orphan, caller.holder.pid) for caller in view.callers] == [(False, None), (True, None)]


def test_sockets_connected_to_nobody_are_counted_by_program() -> None:
    view = view_of(made("127.0.0.1:5", state="close", pid=9, process="x"), made("127.0.0.1:6", state="close", pid=9, process="x"))
    assert [(caller.idle, caller.holder.process) for caller in view.callers] == [(2, "x")]


def test_a_full_queue_is_told_for_the_fullest_door() -> None:
    view = view_of(
        made("0.0.0.0:80", pid=1, process="p", receive_queue=0, send_queue=5),
        made("127.0.0.1:80", pid=1, process="p", receive_queue=3, send_queue=2),
    )
    (door,) = view.doors
    assert (door.is_full, door.callers, door.limit) == (True, 3, 2)


def test_udp_doors_stand_last_when_they_are_a_callers_own() -> None:
    udp = [made(f"0.0.0.0:{port}", transport=Transport.UDP, receive_queue=9) for port in (40000, 53)]
    view = view_of(*udp, made("0.0.0.0:99"))
    assert [(door.port, door.is_client_port, door.unread) for door in view.doors] == [(99, False, 0), (53, False, 9), (40000, True, 9)]


def test_states_and_reasons_that_were_met() -> None:
    view = view_of(made("0.0.0.0:80"), made("10.0.0.1:80", "10.0.0.2:5000"), made("10.0.0.1:80", "10.0.0.2:5001"))
    assert view.states == ((Transport.TCP, KernelState.ESTABLISHED), (Transport.TCP, KernelState.LISTEN))
    assert [(seen.reason, seen.count) for seen in view.reasons] == [(Reason.LISTENS, 1), (Reason.DOOR_HERE, 2)]


def test_a_state_that_a_newer_kernel_has_is_unknown() -> None:
    rows = table(made("0.0.0.0:80"), made("10.0.0.1:80", "10.0.0.2:5000"))
    rows = rows.replaced(state=np.array([10, 200], np.uint8))
    view = arrange(rows, assign_roles(rows))
    assert (Transport.TCP, KernelState.UNKNOWN) in view.states
    assert view.doors[0].peers.shown[0].tally.states == ((KernelState.UNKNOWN, 1),)


def test_nothing_is_a_view_too() -> None:
    view = arrange(SocketTable.empty(), assign_roles(SocketTable.empty()))
    assert (view.counts.sockets, view.doors, view.callers, view.reasons, view.states) == (0, (), (), (), ())


def test_a_crowd_is_shown_in_part_and_counted_whole() -> None:
    crowd = [made("10.0.0.1:80", f"10.1.{number // 250}.{number % 250}:5000") for number in range(1000)]
    view = view_of(made("0.0.0.0:80"), *crowd, *(made(f"0.0.0.0:{port}", pid=port) for port in range(1000, 1500)), peers=5)
    assert (len(view.doors), view.more_doors) == (400, 101)
    peers = view.doors[0].peers
    assert (len(peers.shown), peers.more_peers, peers.more_sockets) == (5, 995, 995)


def test_the_order_by_door() -> None:
    rows = table(
        made("10.0.0.1:40000", "10.0.0.2:80"),
        made("0.0.0.0:443"),
        made("10.0.0.1:80", "10.0.0.3:5000"),
        made("0.0.0.0:80"),
        made("0.0.0.0:53", transport=Transport.UDP),
    )
    order = order_by_door(rows, assign_roles(rows), np.ones(5, np.bool_))
    assert order.tolist() == [3, 2, 0, 1, 4]
    assert order_by_door(rows, assign_roles(rows), np.array([1, 0, 0, 0, 1], np.bool_)).tolist() == [0, 4]
