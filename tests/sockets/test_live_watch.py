"""The live reader: the same as a fresh look each time, and nothing lost in between."""

import os
import socket
import subprocess
import sys

import pytest

from conftest import Run
from doorward.sockets.live_snapshot import read_sockets
from doorward.sockets.live_watch import SocketWatcher
from doorward.sockets.table import SocketTable
from doorward.values.clocks import SystemClock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the live reader is Linux's")


def own_rows(table: SocketTable) -> set[tuple[object, ...]]:
    rows = [table.socket(row) for row in range(len(table)) if int(table.pid[row]) == os.getpid()]
    return {(one.cookie, one.inode, one.holder, one.pids, one.executable, one.local_port, one.state) for one in rows}


def test_each_look_is_like_a_fresh_one() -> None:
    with SocketWatcher(SystemClock()) as watcher:
        watcher.refresh()
        held: list[socket.socket] = []
        for _ in range(4):
            server = socket.create_server(("127.0.0.1", 0))
            caller = socket.create_connection(server.getsockname())
            held += [server, caller, server.accept()[0]]
            seen = own_rows(watcher.refresh())
            assert seen == own_rows(read_sockets())
            assert len(seen) >= len(held)
            held.pop(0).close()
        for one in held:
            one.close()
        assert own_rows(watcher.refresh()) == own_rows(read_sockets())


def test_a_socket_handed_on_belongs_to_who_still_lives() -> None:
    with SocketWatcher(SystemClock()) as watcher, socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        watcher.refresh()
        other = subprocess.Popen(["sleep", "60"], pass_fds=[server.fileno()])
        try:
            server.close()
            table = watcher.refresh()
            row = table.local_port.tolist().index(port)
            assert table.pid[row] in (os.getpid(), other.pid)
        finally:
            other.kill()
            other.wait()


CLOSES = """
import os, socket, sys
from doorward.sockets.live_watch import SocketWatcher
from doorward.values.clocks import SystemClock
with SocketWatcher(SystemClock()) as watcher, socket.create_server(("127.0.0.1", 0)) as server:
    old = [socket.create_connection(server.getsockname()), server.accept()[0]]
    watcher.refresh()
    for one in old:
        one.close()
    for _ in range(100):
        caller = socket.create_connection(server.getsockname())
        server.accept()[0].close()
        caller.close()
    while watcher.closed_count < 202:
        watcher.refresh()
    closed = watcher.closed(1000)
    assert closed == sorted(closed, key=lambda one: one.at, reverse=True)
    here = server.getsockname()[1]
    known = [one for one in closed if one.socket.holder.pid == os.getpid() and not one.guessed]
    guessed = [one for one in closed if one.guessed]
    print(len(closed), len(known), len(guessed), {one.socket.local_port == here for one in guessed}, watcher.lost)
"""


def test_connections_that_came_and_went_between_two_looks(in_namespace: Run) -> None:
    done = in_namespace(f"python - <<'END'\n{CLOSES}\nEND")
    assert done.stdout.split() == ["202", "2", "100", "{True}", "0"], done.stderr


NAMESPACES = """
import os, subprocess, sys
from doorward.sockets.live_watch import SocketWatcher
from doorward.values.clocks import SystemClock
SERVE = (
    "import socket, sys; s = socket.create_server(('127.0.0.1', 4242)); c = socket.create_connection(s.getsockname());"
    "print(1, flush=True); sys.stdin.readline(); c.close(); s.accept()[0].close(); print(2, flush=True); sys.stdin.readline()"
)
with SocketWatcher(SystemClock(), all_namespaces=True) as watcher:
    watcher.refresh()
    child = subprocess.Popen(["unshare", "-n", "bash", "-c", 'ip link set lo up; exec "$0" "$@"', sys.executable, "-c", SERVE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    child.stdout.readline()
    inode = os.stat(f"/proc/{child.pid}/ns/net").st_ino
    table = watcher.refresh()
    rows = [table.socket(row) for row in range(len(table))]
    there = [one for one in rows if one.namespace.inode == inode]
    holders = [one.holder for one in there if one.inode]
    print({holder.pid == child.pid for holder in holders}, {holder.namespace != "" for holder in holders}, len(there))
    print("x", file=child.stdin, flush=True)
    child.stdout.readline()
    while watcher.closed_count < 2:
        watcher.refresh()
    print({one.socket.namespace.inode == inode for one in watcher.closed()})
    child.communicate("x")
    while inode in {namespace.inode for namespace in watcher.refresh().namespaces}:
        pass
    print("gone")
"""


def test_namespaces_that_come_and_go(in_namespace: Run) -> None:
    done = in_namespace(f"python - <<'END'\n{NAMESPACES}\nEND")
    assert done.stdout.splitlines() == ["{True} {True} 3", "{True}", "gone"], done.stderr
