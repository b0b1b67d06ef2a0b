"""The dump as the kernel gives it: our own sockets must be in it."""

import socket
import sys

import pytest

from doorward.errors import FeatureMissing, PeerError, WorldError
from doorward.sockets.inet_diag import DiagRecord, state_mask
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.live_netlink import DiagSocket, read_few

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")
LISTENING = state_mask(KernelState.LISTEN)


def ports(records: list[DiagRecord]) -> list[int]:
    return [record.local_port for record in records]


def test_one_family_and_state() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=7) as server, socket.create_connection(server.getsockname()):
        (own,) = [one for one in read_few(4, 6, LISTENING) if one.local_port == server.getsockname()[1]]
        assert server.getsockname()[1] not in ports(read_few(6, 6, LISTENING))
        assert server.getsockname()[1] not in ports(read_few(4, 17, LISTENING))
        assert (own.local, own.receive_queue, own.send_queue, own.v6only) == (b"\x7f\0\0\1", 1, 7, None)
        cookie = int.from_bytes(server.getsockopt(socket.SOL_SOCKET, 57, 8), sys.byteorder)  # SO_COOKIE
        assert own.cookie == cookie


@pytest.mark.parametrize("dual", [True, False])
def test_ipv6_listeners_say_whether_they_take_ipv4(dual: bool) -> None:
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=dual) as server:
        (own,) = [one for one in read_few(6, 6, LISTENING) if one.local_port == server.getsockname()[1]]
        assert own.v6only is not dual


def test_a_socket_serves_many_dumps() -> None:
    with DiagSocket() as diag:
        sizes = [sum(diag.dump_tcp(len)) for _ in range(3)]
        assert all(size > 0 for size in sizes)


def test_what_decoding_raises_comes_through_and_the_next_dump_is_whole() -> None:
    def refuse(_: memoryview) -> None:
        raise PeerError("read", why="a test")

    with socket.create_server(("127.0.0.1", 0)), DiagSocket() as diag:
        with pytest.raises(PeerError):
            diag.dump_tcp(refuse)
        assert sum(diag.dump_tcp(len)) > 88


def test_a_protocol_without_a_module_is_said_to_be_missing() -> None:
    with pytest.raises(WorldError) as refusal:
        read_few(4, 143, LISTENING)
    assert isinstance(refusal.value, FeatureMissing)
    assert "modules" in str(refusal.value)
