"""Records to a table and back."""

from doorward.sockets.processes import Executable
from doorward.sockets.table import Namespace, SocketTable
from doorward.tui.gone_rows import table_of_sockets
from doorward.values.doors import Holder
from doorward.values.transports import Transport
from made_sockets import made, pair

SOCKETS = [
    made("0.0.0.0:80", process="nginx", pid=7, pids=(7, 8), receive_queue=3, send_queue=4),
    *pair("127.0.0.1:80", "127.0.0.1:40000", rtt_us=5, bytes_received=2**40, cookie=2**63 + 1),
    made("[fe80::1%eth0]:546", transport=Transport.UDP, interface="eth0", v6only=True),
    made("[::]:53", transport=Transport.UDP, v6only=False, namespace=Namespace("web", 9), holder=Holder(namespace="web")),
    made("10.0.0.1:1", "10.0.0.2:2", uid=33, holder=Holder(user="www", unit="a.service", cgroup="/system.slice/a.service")),
]


def test_every_record_comes_back() -> None:
    table = table_of_sockets(SOCKETS)
    assert [table.socket(row) for row in range(len(table))] == SOCKETS


def test_also_beside_other_tables() -> None:
    both = SocketTable.concatenate([table_of_sockets(SOCKETS[:3]), table_of_sockets(SOCKETS[3:])])
    assert [both.socket(row) for row in range(len(both))] == SOCKETS


def test_none() -> None:
    assert len(table_of_sockets([])) == 0


def test_the_executable_is_not_kept() -> None:
    table = table_of_sockets([made("0.0.0.0:1", pid=5, executable=Executable("/bin/x"))])
    assert table.socket(0).executable is None
