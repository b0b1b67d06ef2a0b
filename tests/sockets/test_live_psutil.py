"""The second reader; its agreement with netlink is tested beside `live_snapshot`."""

import os
import socket

import pytest

from doorward.sockets.kernel_states import KernelState
from doorward.sockets.live_psutil import iter_doors, read_holder, read_with_psutil
from doorward.values.addresses import Address
from doorward.values.transports import Transport


def test_own_listener_with_its_holder_and_what_is_missing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        table = read_with_psutil()
        row = table.local_port.tolist().index(server.getsockname()[1])
        one = table.socket(row)
        assert (one.transport, one.state, str(one.local)) == (Transport.TCP, KernelState.LISTEN, "127.0.0.1")
        assert one.holder.pid == os.getpid()
        assert (Transport.TCP, Address.parse("127.0.0.1"), server.getsockname()[1], os.getpid()) in list(iter_doors())
    assert table.reader == "psutil"
    assert "Round-trip" in table.missing[0]


def test_mapped_ipv4_peers_keep_their_family() -> None:
    with (
        socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server,
        socket.create_connection(("127.0.0.1", server.getsockname()[1])) as caller,
    ):
        accepted, _ = server.accept()
        with accepted:
            table = read_with_psutil()
            rows = [table.socket(row) for row in range(len(table)) if int(table.remote_port[row]) == caller.getsockname()[1]]
    assert [(one.family, str(one.local), str(one.remote)) for one in rows] == [(6, "127.0.0.1", "127.0.0.1")]


@pytest.mark.parametrize("pid", [2**22 - 1, -5 & 0x3FFFFF])
def test_a_process_that_is_gone(pid: int) -> None:
    assert read_holder(pid).pid == pid
