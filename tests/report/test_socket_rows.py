"""One socket a line: every row there, columns aligned, the less important left out where it is narrow."""

import numpy as np
import pytest

from doorward.report.socket_rows import fitting, flat_columns, flat_lines
from doorward.sockets.roles import assign_roles
from doorward.sockets.table import Namespace, Socket
from doorward.values.doors import Holder
from doorward.values.transports import Transport
from made_sockets import made, pair, table

UNSEEN = Holder(user="dns", cgroup="/system.slice/dns.service", unit="dns.service")
SOCKETS = (
    made("0.0.0.0:80", process="nginx", pid=7, receive_queue=3, send_queue=2),
    *pair("127.0.0.1:80", "127.0.0.1:40000", rtt_us=20, bytes_received=123_456),
    made("[fd00:1234:5678:9abc:def0:1234:5678:9abc]:443", "[fd00:1234:5678:9abc:def0:1234:5678:9abd]:50000", process="haproxy", pid=9),
    made("10.0.0.1:40004", "10.0.0.2:443", "over", inode=0),
    made("127.0.0.1:80", "127.0.0.1:5", inode=0),
    made("0.0.0.0:53", transport=Transport.UDP, holder=UNSEEN, uid=9, receive_queue=5),
    made("127.0.0.1:7", state="close", process="\x1b[2J" + "x" * 50, pid=31),
)  # fmt: skip


def drawn(*sockets: Socket, width: int = 80) -> list[str]:
    rows = table(*sockets)
    roles = assign_roles(rows)
    return list(flat_lines(rows, roles, np.arange(len(rows)), width, lambda _transport, port: {80: "http"}.get(port, "")))


def test_every_row_is_a_line_in_its_order() -> None:
    lines = drawn(*SOCKETS, width=300)
    assert len(lines) == len(SOCKETS) + 1
    wanted = [
        "LISTEN ← anybody nginx (7) http",
        "ESTABLISHED 127.0.0.1:80 ← 127.0.0.1:40000 server (10) http",
        "ESTABLISHED 127.0.0.1:40000 → 127.0.0.1:80 client (20) http",
        "[fd00:1234:5678:9abc:def0:1234:5678:9abc]:443 ← [fd00:1234:5678:9abc:def0:1234:5678:9abd]:50000 haproxy (9)",
        "TIME_WAIT → 10.0.0.2:443 (none any more)",
        "(in the queue)",
        "udp UNCONN 0.0.0.0:53 ← anybody (unseen) dns dns.service 5 B unread",
        "CLOSE nobody",
    ]
    for line, words in zip(lines[1:], wanted, strict=True):
        for word in words.split():
            assert word in line, (word, line)


def test_columns_stand_under_one_another() -> None:
    lines = drawn(*(made(f"10.0.0.{n}:80", f"10.0.1.{n * 10}:{40000 + n * 900}", process="p" * n, pid=n) for n in range(1, 9)), width=120)
    assert len({line.index("←") for line in lines[1:]}) == 1
    assert len({line.index(" p") for line in lines[1:]}) == 1
    assert all(len(line) <= 120 for line in lines)


def test_what_does_not_fit_is_left_out_whole() -> None:
    narrow, wide = drawn(*SOCKETS[:3], width=80), drawn(*SOCKETS[:3], width=200)
    assert all(len(line) <= 80 for line in narrow)
    assert "received" not in narrow[0]
    assert "received" in wide[0]
    assert "123 kB" in wide[2]


def test_hostile_names_are_harmless() -> None:
    line = drawn(SOCKETS[-1], width=200)[1]
    assert line.isprintable()
    assert line == line.rstrip()
    assert "\\x1b[2J" in line
    assert "x" * 30 not in line


def test_columns_that_say_nothing_are_not_there() -> None:
    assert drawn(made("0.0.0.0:81", pid=1, process="x", holder=Holder(pid=1, process="x")), width=200)[0].split() == [
        "state", "this", "end", "other", "end", "process",
    ]  # fmt: skip


def test_the_namespace_has_a_column_where_there_are_several() -> None:
    lines = drawn(made("0.0.0.0:80", pid=1, process="x"), made("0.0.0.0:80", pid=2, process="y", namespace=Namespace("web", 9)))
    assert "namespace" in lines[0]
    assert "web" in lines[2]


@pytest.mark.parametrize("width", [20, 80, 1000])
def test_the_most_important_always_stand(width: int) -> None:
    rows = table(*SOCKETS)
    columns = flat_columns(rows, assign_roles(rows), np.arange(len(rows)), lambda _transport, _port: "", width)
    kept = fitting(columns, width)
    assert [column for importance, column in columns if importance == 0] == [c for c in kept if any(c is d for i, d in columns if i == 0)]


def test_a_hundred_thousand_rows_cost_no_loop() -> None:
    one = table(*pair("127.0.0.1:80", "127.0.0.1:40000"))
    many = one.select(np.zeros(100_000, np.intp))
    roles = assign_roles(many)
    assert sum(1 for _ in flat_lines(many, roles, np.arange(len(many)), 80, lambda _transport, _port: "")) == 100_001
