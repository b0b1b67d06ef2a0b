"""One namespace's sockets, through netlink and through /proc/net: both must tell the same."""

import socket
import sys

import pytest

from conftest import Run
from doorward.errors import FeatureMissing
from doorward.sockets.live_dump import NamespaceReader, read_dump
from doorward.sockets.live_namespaces import own_namespace
from doorward.sockets.table import SocketTable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="netlink and /proc are Linux's")


def own_rows(table: SocketTable, *held: socket.socket) -> list[tuple[object, ...]]:
    ports = {one.getsockname()[1] for one in held}
    rows = [table.socket(row) for row in range(len(table)) if int(table.local_port[row]) in ports]
    return sorted((r.transport, r.family, r.state, str(r.local), r.local_port, str(r.remote), r.remote_port, r.inode) for r in rows)


def test_without_netlink_proc_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as four,
        socket.create_server(("::1", 0), family=socket.AF_INET6) as six,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.create_connection(four.getsockname()) as caller,
    ):
        udp.bind(("127.0.0.1", 0))
        accepted, _ = four.accept()
        with accepted:
            through_netlink = read_dump()
            with NamespaceReader() as reader:
                reader._do_without(FeatureMissing("ask", why="a test"))
                through_proc = reader.read()
            held = (four, six, udp, caller)
            assert len(own_rows(through_netlink, *held)) == 5
            assert own_rows(through_proc, *held) == own_rows(through_netlink, *held)
    assert (through_netlink.reader, through_proc.reader) == ("netlink", "proc")
    assert through_netlink.missing == ()
    assert "a test" in through_proc.missing[0]


def test_a_reader_reads_again_and_again() -> None:
    with NamespaceReader() as reader:
        before = reader.read()
        with socket.create_server(("127.0.0.1", 0)) as server:
            assert server.getsockname()[1] in reader.read().local_port.tolist()
        assert before.namespaces == (own_namespace(),)
        assert own_namespace().inode > 0


def test_link_local_addresses_carry_their_interface(in_namespace: Run) -> None:
    """Two interfaces may have the same link-local address, so the name belongs to it."""
    program = """
ip link add name a type veth peer name b && ip link set a up && ip link set b up
ip addr add fe80::1/64 dev a nodad
python - <<'END'
import socket
from doorward.sockets.live_dump import read_dump
one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
one.bind(("fe80::1", 0, 0, socket.if_nametoindex("a")))
table = read_dump()
print([str(table.local(row)) for row in range(len(table)) if table.local_port[row] == one.getsockname()[1]])
END
"""
    done = in_namespace(program)
    assert done.stdout.strip() == "['fe80::1%a']", done.stderr
