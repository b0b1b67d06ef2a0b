"""Who is client and who is server, the sign from which we know, and what we don't claim to know."""

import numpy as np
import pytest

from doorward.sockets.roles import LINUX_CLIENT_PORTS, ClientPorts, Reason, Role, Roles, assign_roles, explain_role
from doorward.sockets.table import Socket
from doorward.values.evidence import Certainty
from doorward.values.transports import Transport
from made_sockets import made, pair, table


def roles_of(*sockets: Socket, named: tuple[int, ...] = ()) -> Roles:
    known = np.zeros(65536, np.bool_)
    known[list(named)] = True
    return assign_roles(table(*sockets), named=lambda: known)


@pytest.mark.parametrize(
    ("socket", "role", "reason"),
    [
        (made("0.0.0.0:22"), Role.SERVER, Reason.LISTENS),
        (made("10.0.0.1:40000", "10.0.0.2:40001", "calling"), Role.CLIENT, Reason.CALLING),
        (made("10.0.0.1:40000", "10.0.0.2:40001", "called"), Role.SERVER, Reason.BEING_CALLED),
        (made("10.0.0.1:40000", "10.0.0.2:443"), Role.CLIENT, Reason.CLIENT_PORT_HERE),
        (made("10.0.0.1:443", "10.0.0.2:40000"), Role.SERVER, Reason.CLIENT_PORT_THERE),
        (made("10.0.0.1:500", "10.0.0.2:443"), Role.CLIENT, Reason.NAME_THERE),
        (made("10.0.0.1:443", "10.0.0.2:500"), Role.SERVER, Reason.NAME_HERE),
        (made("10.0.0.1:500", "10.0.0.2:501"), Role.UNKNOWN, Reason.NO_SIGN),
        (made("10.0.0.1:40000", "10.0.0.2:40001"), Role.UNKNOWN, Reason.NO_SIGN),
        (made("127.0.0.1:40000", "127.0.0.1:40001"), Role.CLIENT, Reason.PARITY_HERE),
        (made("127.0.0.1:40001", "127.0.0.1:40000"), Role.SERVER, Reason.PARITY_THERE),
        (made("127.0.0.1:40000", "127.0.0.1:40002"), Role.UNKNOWN, Reason.NO_SIGN),
        (made("127.0.0.1:7", state="close"), Role.UNKNOWN, Reason.NOT_CONNECTED),
        (made("0.0.0.0:53", transport=Transport.UDP), Role.SERVER, Reason.DATAGRAM_DOOR),
        (made("0.0.0.0:40000", transport=Transport.UDP), Role.CLIENT, Reason.DATAGRAM_CLIENT_PORT),
        (made("10.0.0.1:40000", "10.0.0.2:53", transport=Transport.UDP), Role.CLIENT, Reason.CLIENT_PORT_HERE),
        (made("127.0.0.1:40000", "127.0.0.1:40001", transport=Transport.UDP), Role.UNKNOWN, Reason.NO_SIGN),
    ],
)
def test_a_socket_alone(socket: Socket, role: Role, reason: Reason) -> None:
    roles = roles_of(socket, named=(443,))
    assert (Role(int(roles.role[0])), Reason(int(roles.reason[0]))) == (role, reason)


def test_a_door_settles_it_for_both_ends() -> None:
    roles = roles_of(made("127.0.0.1:40001"), *pair("127.0.0.1:40001", "127.0.0.1:80"), named=(80,))
    assert roles.reason.tolist() == [Reason.LISTENS, Reason.DOOR_HERE, Reason.DOOR_THERE]
    assert roles.role.tolist() == [Role.SERVER, Role.SERVER, Role.CLIENT]


def test_doors_behind_both_ends_settle_nothing_by_themselves() -> None:
    roles = roles_of(made("127.0.0.1:9000"), made("127.0.0.1:9001"), *pair("127.0.0.1:9000", "127.0.0.1:9001"))
    assert roles.role[2:].tolist() == [Role.UNKNOWN, Role.UNKNOWN]


def test_names_are_asked_only_when_nothing_better_speaks() -> None:
    def never() -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        raise AssertionError("not needed")

    assign_roles(table(made("0.0.0.0:22"), made("10.0.0.1:22", "10.0.0.2:40000")), named=never)


def test_how_sure_it_is() -> None:
    roles = roles_of(
        made("0.0.0.0:22"), made("10.0.0.1:22", "10.0.0.9:5000"), made("10.0.0.1:40000", "10.0.0.2:443"), made("10.0.0.1:1", "10.0.0.2:2")
    )
    assert [roles.certainty(row) for row in range(4)] == [Certainty.MEASURED, Certainty.MEASURED, Certainty.INFERRED, Certainty.UNKNOWN]
    assert roles.certainty(1, is_udp=True) is Certainty.INFERRED


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_said_with_its_ports(reason: Reason) -> None:
    said = explain_role(reason, 1234, 4321, LINUX_CLIENT_PORTS)
    assert said
    assert "{" not in said
    if reason.name.endswith("_HERE"):
        assert "1234" in said
    if reason.name.endswith("_THERE"):
        assert "4321" in said


def test_the_range_that_the_system_says_counts() -> None:
    low = assign_roles(table(made("10.0.0.1:2001", "10.0.0.2:40000")), ClientPorts(2001, 3000))
    assert low.reason[0] == Reason.CLIENT_PORT_HERE
    assert "odd" in explain_role(Reason.PARITY_HERE, 2001, 2002, ClientPorts(2001, 3000))


def test_no_rows() -> None:
    assert len(roles_of().role) == 0


def test_roles_have_labels() -> None:
    assert [role.label for role in Role] == ["unknown", "server", "client"]
