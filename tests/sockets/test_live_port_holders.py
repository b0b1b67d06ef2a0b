"""Who holds a port now, the light way; against sockets of our own."""

import os
import socket
import subprocess
import sys

import pytest

from doorward.sockets.live_port_holders import PortHolder, holders_of_ports
from doorward.values.transports import Transport


def test_our_own_doors() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.create_server(("::", 0), family=socket.AF_INET6) as six,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.create_connection(tcp.getsockname()) as caller,
    ):
        udp.bind(("127.0.0.1", 0))
        ports = {(Transport.TCP, one.getsockname()[1]) for one in (tcp, six, caller)} | {(Transport.UDP, udp.getsockname()[1])}
        found = holders_of_ports(ports)
        assert [(one.transport, str(one.address), one.port) for one in found] == sorted(
            [("tcp", "127.0.0.1", tcp.getsockname()[1]), ("tcp", "::", six.getsockname()[1]), ("udp", "127.0.0.1", udp.getsockname()[1])],
            key=lambda door: (door[0], door[2]),
        )
        assert {one.holder.pid for one in found} == {os.getpid()}
        wanted: list[PortHolder] = holders_of_ports(lambda transport, port: (transport, port) == ("tcp", tcp.getsockname()[1]))
        assert [one.port for one in wanted] == [tcp.getsockname()[1]]


@pytest.mark.skipif(sys.platform != "linux", reason="descriptors are handed on as Linux does it")
def test_a_door_with_two_processes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        other = subprocess.Popen(["sleep", "60"], pass_fds=[server.fileno()])
        try:
            found = holders_of_ports({(Transport.TCP, server.getsockname()[1])})
        finally:
            other.kill()
            other.wait()
    assert {one.holder.pid for one in found} == {os.getpid(), other.pid}


def test_nobody() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert holders_of_ports({(Transport.TCP, bound.getsockname()[1])}) == []
    assert holders_of_ports([]) == []


def test_it_is_light() -> None:
    program = (
        "import sys; from doorward.sockets.live_port_holders import holders_of_ports; holders_of_ports(lambda *_: True);"
        "print([name for name in ('numpy', 'psutil', 'rich', 'asyncio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
