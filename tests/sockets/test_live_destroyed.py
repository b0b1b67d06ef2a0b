"""No close is missed: what the kernel tells, counted against what we closed."""

import sys

import pytest

from conftest import Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")

BURST = """
import os, socket, sys, time
from doorward.sockets.live_destroyed import DestroyListener
from doorward.sockets.live_namespaces import own_namespace
from doorward.values.clocks import SystemClock
family, address = (socket.AF_INET, "127.0.0.1") if sys.argv[1] == "4" else (socket.AF_INET6, "::1")
with DestroyListener(SystemClock(), own_namespace()) as listener, socket.create_server((address, 0), family=family) as server:
    cookies = set()
    for _ in range(500):
        caller = socket.create_connection(server.getsockname()[:2])
        accepted, _ = server.accept()
        caller.sendall(b"x" * 10)
        accepted.recv(10)
        for one in (caller, accepted):
            cookies.add(int.from_bytes(one.getsockopt(socket.SOL_SOCKET, 57, 8), sys.byteorder))
            one.close()
    heard = []
    while len({cookie for table in heard for cookie in table.cookie.tolist()} & cookies) < len(cookies):
        heard += [table for _, table in listener.take()]
    received = sum(int(table.bytes_received[table.local_port == server.getsockname()[1]].sum()) for table in heard)
    protocols = {int(p) for table in heard for p in table.protocol}
    print(len(cookies), received, listener.lost, protocols, {int(f) for table in heard for f in table.family})
    asking = socket.socket(family, socket.SOCK_DGRAM)
    asking.connect((address, 9))
    asking.close()
    while not any((table.protocol == 17).any() for _, table in listener.take()):
        pass
listener.close()
"""


@pytest.mark.parametrize("family", ["4", "6"])
def test_every_close_of_a_burst_is_told(in_namespace: Run, family: str) -> None:
    done = in_namespace(f"python - {family} <<'END'\n{BURST}\nEND")
    # Ten bytes each, and the FIN counts as one more where it came before the close.
    cookies, received, lost, *rest = done.stdout.split()
    assert (cookies, lost, " ".join(rest)) == ("1000", "0", f"{{6}} {{{family}}}"), done.stderr
    assert 5000 <= int(received) <= 5500


FLOOD = """
import socket
from doorward.sockets import live_destroyed
from doorward.sockets.live_namespaces import own_namespace
from doorward.values.clocks import SystemClock
live_destroyed._MOST_WAITING = 10
listener = live_destroyed.DestroyListener(SystemClock(), own_namespace())
server = socket.create_server(("127.0.0.1", 0))
for _ in range(50):
    caller = socket.create_connection(server.getsockname())
    accepted, _ = server.accept()
    caller.close()
    accepted.close()
while listener.lost < 90:
    pass
print(listener.lost, sum(len(table) for _, table in listener.take()))
listener.close()
"""


def test_what_nobody_takes_is_counted(in_namespace: Run) -> None:
    done = in_namespace(f"python - <<'END'\n{FLOOD}\nEND")
    assert done.stdout.split() == ["90", "10"], done.stderr
