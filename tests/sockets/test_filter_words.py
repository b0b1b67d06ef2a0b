"""Each word of the filter against sockets made for it."""

from typing import Any

import numpy as np
import pytest

from doorward.errors import FilterError
from doorward.sockets.filter_words import FIELDS, FLAGS, MEASURES, Scene, full_doors
from doorward.sockets.filters import parse_filter
from doorward.sockets.roles import assign_roles
from doorward.sockets.table import Namespace
from doorward.values.doors import Holder
from doorward.values.transports import Transport
from made_sockets import made, pair, table

NGINX = Holder(pid=7, process="nginx", command="nginx: master", user="www-data", unit="nginx.service", cgroup="/system.slice/nginx.service")
UNSEEN = Holder(user="root", cgroup="/system.slice/docker-" + "ab" * 32 + ".scope")
TRAFFIC: dict[str, Any] = {"rtt_us": 60_000, "total_retransmits": 2, "send_queue": 500, "bytes_received": 5000}
SOCKETS = (
    made("0.0.0.0:80", holder=NGINX, receive_queue=3, send_queue=2),  # 0
    *pair("127.0.0.1:80", "127.0.0.1:40000", server_pid=7, client_pid=20),  # 1, 2
    made("10.1.2.3:40002", "192.0.2.9:443", process="curl", pid=30, **TRAFFIC),  # 3
    made("[fd00::1]:40004", "[2a00::1]:22", process="ssh", pid=31, interface="wg0", namespace=Namespace("web", 99)),  # 4
    made("0.0.0.0:53", transport=Transport.UDP, holder=UNSEEN, uid=12, inode=5, receive_queue=10),  # 5
    made("127.0.0.1:80", "127.0.0.1:39998", "over", inode=0),  # 6
)  # fmt: skip


def scene() -> Scene:
    made_table = table(*SOCKETS, shared={SOCKETS[0].inode: (7, 8)})
    made_table = made_table.replaced(holders={**made_table.holders, 7: NGINX, 8: Holder(pid=8, process="worker", user="nobody")})
    return Scene(made_table, assign_roles(made_table))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("port 80", [0, 1, 2, 6]),
        ("local port 80", [0, 1, 6]),
        ("remote port 80", [2]),
        ("port 443,22", [3, 4]),
        ("port 50-60", [5]),
        ("port https", [3]),
        ("port = 80", [0, 1, 2, 6]),
        ("port != 80", [3, 4, 5]),
        ("address 127.0.0.1", [1, 2, 6]),
        ("address 10.0.0.0/8", [3]),
        ("remote address 192.0.2.0/24", [3]),
        ("local address 0.0.0.0/0", [0, 1, 2, 3, 5, 6]),
        ("remote address 0.0.0.0/0", [1, 2, 3, 6]),
        ("address 2a00::/16,10.1.2.3", [3, 4]),
        ("remote address public", [4]),
        ("remote address loopback", [1, 2, 6]),
        ("state listen", [0]),
        ("state established,time-wait", [1, 2, 3, 4, 6]),
        ("state over", [6]),
        ("transport udp", [5]),
        ("tcp", [0, 1, 2, 3, 4, 6]),
        ("udp", [5]),
        ("ipv6", [4]),
        ("ipv4", [0, 1, 2, 3, 5, 6]),
        ("listening", [0, 5]),
        ("connected", [1, 2, 3, 4, 6]),
        ("local", [1, 2, 6]),
        ("remote", [3, 4]),
        ("role server", [0, 1, 5, 6]),
        ("role client", [2, 3, 4]),
        ("process nginx", [0, 1]),
        ("process NGI*", [0, 1]),
        ("process worker", [0]),
        ("process 30", [3]),
        ("process curl,ssh", [3, 4]),
        ('process "nginx"', [0, 1]),
        ("command *master", [0, 1]),
        ("user www-data", [0, 1]),
        ("user nobody", [0]),
        ("user root", [5]),
        ("user ada", [2, 3, 4]),
        ("unit nginx", [0, 1]),
        ("unit nginx.service", [0, 1]),
        ("container abab*", [5]),
        ("container abababab", [5]),
        ("user 12", [5]),
        ("namespace web", [4]),
        ("namespace 99", [4]),
        ("namespace own", [0, 1, 2, 3, 5, 6]),
        ("interface wg*", [4]),
        ("pid 31", [4]),
        ("pid over 30", [4]),
        ("retransmits > 0", [3]),
        ("rtt over 50ms", [3]),
        ("rtt > 50", [3]),
        ("rtt > 0.1s", []),
        ("rtt <= 60000us and rtt > 0", [3]),
        ("queue > 0", [0, 3, 5]),
        ("unread over 0", [5]),
        ("unsent >= 0.5kB", [3]),
        ("callers > 2", [0]),
        ("received over 4kB", [3]),
        ("sent = 0 and not udp and remote", [3, 4]),
        ("full", [0]),
        ("unowned", [5, 6]),
    ],
)
def test_each_word(text: str, rows: list[int]) -> None:
    names = {"https": [(Transport.TCP, 443)]}
    chosen = parse_filter(text, lambda name: names.get(name, [])).mask(scene())
    assert np.flatnonzero(chosen).tolist() == rows


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("port 70000", 5, "at most 65535"),
        ("port nosuch", 5, "no service of that name"),
        ("address 10.0.0.0/33", 8, "from 0 to 32"),
        ("address here", 8, "neither IPv4 nor IPv6"),
        ("state asleep", 6, "no state has that name"),
        ("transport sctp", 10, "tcp, udp"),
        ("role guest", 5, "server, client"),
        ("rtt > fast", 6, "no number"),
        ("rtt > 5 kg", 8, "no word"),
        ("rtt > 5kg", 6, "units ms, us"),
        ("process > 5", 8, "not more or less"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(text: str, column: int, says: str) -> None:
    with pytest.raises(FilterError, match=says) as caught:
        parse_filter(text, lambda _name: [])
    assert caught.value.column == column


def test_no_word_has_two_meanings() -> None:
    assert not set(FIELDS) & set(MEASURES)
    assert not (set(FIELDS) | set(MEASURES)) & set(FLAGS)


def test_a_queue_at_its_limit_is_full_and_an_empty_one_never() -> None:
    doors = table(
        *(
            made(f"0.0.0.0:{port}", receive_queue=waits, send_queue=limit)
            for port, waits, limit in ((1, 0, 0), (2, 1, 0), (3, 2, 2), (4, 1, 2))
        )
    )
    assert full_doors(doors).tolist() == [False, True, True, False]


def test_words_find_nothing_in_an_empty_table() -> None:
    nothing = table()
    view = Scene(nothing, assign_roles(nothing))
    for word, flag in FLAGS.items():
        assert len(flag(view)) == 0, word
    for text in ("port 1", "address ::1", "address public", "process x", "user x", "unit x", "container x", "interface x", "namespace own"):
        assert len(parse_filter(text).mask(view)) == 0
