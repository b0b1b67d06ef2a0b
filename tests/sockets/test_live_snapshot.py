"""Two readers must agree: our listeners and those of ``ss``, netlink and psutil, in namespaces of their own."""

import os
import shutil
import socket
import sys

import pytest

from conftest import Run
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.live_snapshot import read_sockets
from doorward.sockets.live_walk import Walk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")

#: Twenty sockets on which strangers may call, of every kind: both families, any and one address, with and without IPv4 inside IPv6.
LISTENERS = """
import socket, sys
A4, A6, TCP, UDP = socket.AF_INET, socket.AF_INET6, socket.SOCK_STREAM, socket.SOCK_DGRAM
held = []
def hold(family, kind, address, v6only=None, listen=5):
    one = socket.socket(family, kind)
    if v6only is not None:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    one.bind((address, 0))
    if kind == TCP:
        one.listen(listen)
    held.append(one)
for kind in (TCP, UDP):
    for queue in (0, 1, 4096):
        hold(A4, kind, "0.0.0.0", listen=queue)
    hold(A4, kind, "127.0.0.1")
    hold(A4, kind, "127.5.6.7")
    hold(A6, kind, "::", v6only=0)
    hold(A6, kind, "::", v6only=1)
    hold(A6, kind, "::1")
    hold(A6, kind, "::ffff:127.0.0.1", v6only=0)
    hold(A6, kind, "::ffff:0.0.0.0", v6only=0)
shared = socket.socket(A4, TCP)
shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
shared.bind(("127.0.0.1", 0))
shared.listen()
again = socket.socket(A4, TCP)
again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
again.bind(shared.getsockname())
again.listen()
held += [shared, again]
peers = [socket.create_connection(shared.getsockname()) for _ in range(4)]
asking = socket.socket(A4, UDP)
asking.connect(("127.0.0.1", 9))
"""

COMPARE = (
    LISTENERS
    + """
import collections, os, subprocess
child = subprocess.Popen(["unshare", "-n", "bash", "-c", 'ip link set lo up; exec "$0" "$@"', sys.executable, "-c",
    LISTENERS + "print('up', flush=True); sys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
assert child.stdout.readline() == "up\\n"
from doorward.sockets.live_snapshot import read_sockets

def of_ss(*enter):
    lines = subprocess.run([*enter, "ss", "-Hltnu"], capture_output=True, text=True, check=True).stdout.splitlines()
    return collections.Counter((w[0], w[1], int(w[2]), int(w[3]), w[4]) for w in (line.split() for line in lines))

def ours(table, place):
    found = collections.Counter()
    for row in range(len(table)):
        one = table.socket(row)
        doors = {"tcp": ("LISTEN", 10), "udp": ("UNCONN", 7)}[one.transport]
        if int(table.namespace[row]) != place or one.state != doors[1]:
            continue
        text = "[::]" if one.family == 6 else str(one.local)
        if one.local.family == 6 and not one.local.is_any:
            text = f"[{one.local}]"
        if one.family == 6 and one.local.family == 4:
            text = f"[::ffff:{one.local}]"
        if one.is_dual_stack:
            text = "*"
        found[one.transport.value, doors[0], one.receive_queue, one.send_queue, f"{text}:{one.local_port}"] += 1
    return found

table = read_sockets(all_namespaces=True)
assert table.reader == "netlink", table.missing
other = [one.inode for one in table.namespaces].index(os.stat(f"/proc/{child.pid}/ns/net").st_ino)
for place, enter in ((0, ()), (other, ("nsenter", "-t", str(child.pid), "-n"))):
    theirs, own = of_ss(*enter), ours(table, place)
    assert sum(theirs.values()) == 22, theirs
    assert own == theirs, (own - theirs, theirs - own)
here = {table.socket(row).holder.pid for row in range(len(table)) if table.namespace[row] == 0 and table.inode[row]}
there = {table.socket(row).holder.pid for row in range(len(table)) if table.namespace[row] == other and table.inode[row]}
assert here == {os.getpid()}, here
assert there == {child.pid}, (there, child.pid)
assert not any("The process" in sentence for sentence in table.missing), table.missing
child.communicate("")
print("agreed")
"""
)

BOTH_READERS = (
    LISTENERS
    + """
import collections
from doorward.sockets.live_psutil import read_with_psutil
from doorward.sockets.live_snapshot import read_sockets

def rows(table):
    return collections.Counter(
        (one.transport, one.family, one.state, one.local, one.local_port, one.remote, one.remote_port,
         one.holder.pid, one.holder.process, one.holder.user, one.executable)
        for one in map(table.socket, range(len(table))))

netlink, through_psutil = read_sockets(), read_with_psutil()
a, b = rows(netlink), rows(through_psutil)
assert len(netlink) == 31, len(netlink)
assert a == b, (a - b, b - a)
assert through_psutil.missing and not netlink.missing, (through_psutil.missing, netlink.missing)
print("agreed")
"""
)


def run_python(in_namespace: Run, program: str) -> str:
    body = f"LISTENERS = {LISTENERS!r}\n{program}"
    done = in_namespace(f"python - <<'END_OF_PROGRAM'\n{body}\nEND_OF_PROGRAM")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.skipif(shutil.which("ss") is None, reason="ss (iproute2) is not installed")
def test_our_listeners_are_those_of_ss_in_two_namespaces(in_namespace: Run) -> None:
    assert run_python(in_namespace, COMPARE) == "agreed"


def test_netlink_and_psutil_agree(in_namespace: Run) -> None:
    assert run_python(in_namespace, BOTH_READERS) == "agreed"


def test_own_sockets_with_process_and_numbers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as caller:
        accepted, _ = server.accept()
        with accepted:
            caller.sendall(b"x" * 1000)
            accepted.recv(2000)
            table = read_sockets()
            row = table.local_port.tolist().index(caller.getsockname()[1])
            one = table.socket(row)
            assert (one.state, one.holder.pid, one.remote_port) == (KernelState.ESTABLISHED, os.getpid(), server.getsockname()[1])
    assert one.bytes_acked >= 1000
    assert one.rtt_us > 0
    assert one.cookie > 0
    assert one.executable is not None


def test_a_walk_started_earlier_is_used() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        walk = Walk()
        table = read_sockets(walk=walk)
        row = table.local_port.tolist().index(server.getsockname()[1])
        assert table.pid[row] > 0


def test_without_processes_nothing_is_walked() -> None:
    table = read_sockets(processes=False)
    assert set(table.pid.tolist()) <= {-1}
    assert table.holders == {}


POWERLESS = """
import ctypes
libc = ctypes.CDLL(None)
header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()  # capset(2): version 3, this thread, no capability at all
assert libc.capset(header, none) == 0
from doorward.sockets.live_snapshot import read_sockets
table = read_sockets(all_namespaces=True)
print(len(table), sum(one.holder.pid is not None for one in map(table.socket, range(len(table)))), *table.missing, sep="|")
"""


def test_without_rights_every_socket_is_listed_and_the_missing_named(in_namespace: Run) -> None:
    program = f"{LISTENERS}\nimport subprocess\nsubprocess.run([sys.executable, '-c', {POWERLESS!r}], check=True)"
    sockets, with_process, *missing = run_python(in_namespace, program).split("|")
    assert (int(sockets), int(with_process)) == (31, 0)
    assert any("The process of 27 sockets" in sentence for sentence in missing), missing
