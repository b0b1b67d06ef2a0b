"""The drawing by door: true to its width, true to what it was given, harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.report.sockets import drawing, explanation, plain, view_lines, wrapped
from doorward.sockets.roles import assign_roles
from doorward.sockets.table import Namespace, Socket
from doorward.sockets.view import arrange
from doorward.values.doors import Holder
from doorward.values.transports import Transport
from made_sockets import made, pair, table

NAMES = {(Transport.TCP, 80): "http", (Transport.TCP, 443): "https", (Transport.UDP, 53): "domain"}
HOSTILE = Holder(pid=6, process="\x1b[31mred\u202e", user="[bold]x", unit="a" * 200 + ".service")


def name_of(transport: Transport, port: int) -> str:
    return NAMES.get((transport, port), "")


def drawn(*sockets: Socket, width: int = 80, numeric: bool = False) -> list[str]:
    rows = table(*sockets)
    view = arrange(rows, assign_roles(rows))
    return list(plain(view_lines(view, width, (lambda _transport, _port: "") if numeric else name_of)))


EVERYTHING = (
    made("0.0.0.0:80", process="nginx", pid=7, receive_queue=129, send_queue=128),
    made("[::]:80", process="nginx", pid=7, v6only=True),
    *pair("127.0.0.1:80", "127.0.0.1:40000", rtt_us=20, bytes_received=1200, bytes_acked=98_000, total_retransmits=3),
    made("10.0.0.1:80", "10.0.0.9:5000", "peer_hung_up", receive_queue=400, send_queue=7000),
    made("10.0.0.1:80", "10.0.0.9:5001", inode=0),
    made("10.0.0.1:80", "10.0.0.8:5001", "over", inode=0),
    made("127.0.0.1:631", holder=HOSTILE, interface="lo"),
    made("[fd00:1234:5678:9abc::1]:443", process="haproxy", pid=9, namespace=Namespace("web", 4)),
    made("0.0.0.0:53", transport=Transport.UDP, process="dnsmasq", pid=10, receive_queue=512),
    made("0.0.0.0:40001", transport=Transport.UDP, process="firefox", pid=21),
    made("10.0.0.1:40000", "10.0.0.2:443", process="firefox", pid=21),
    made("10.0.0.1:40002", "10.0.0.2:53", transport=Transport.UDP, process="firefox", pid=21),
    made("10.0.0.1:40004", "10.0.0.2:443", "over", inode=0),
    made("10.0.0.1:1", "10.0.0.2:2", process="odd", pid=30),
    made("127.0.0.1:7", state="close", process="idle", pid=31),
)


@pytest.mark.parametrize("width", [60, 80, 132])
def test_every_line_fits(width: int) -> None:
    lines = drawn(*EVERYTHING, width=width)
    assert [line for line in lines if len(line) > width] == []
    assert all(line.isprintable() for line in lines)


def test_what_a_stranger_reads() -> None:
    text = "\n".join(drawn(*EVERYTHING))
    for words in (
        "16 sockets",
        "6 open doors",
        "2 over",
        "tcp    80  http    any address       nginx (7) · ada",
        "! the queue is full: 129 callers where 128 may wait; nginx doesn't",
        "← client (20) here:40000",
        "↓1.2 kB ↑98 kB",
        "0.02 ms",
        "3 sent again",
        "1 peer hung up, 1 in the queue",
        "400 B unread",
        "7.0 kB unsent",
        "only on lo",
        "in namespace web",
        "a caller's own port",
        "512 B unread",
        "firefox (21) · ada",
        "→ 10.0.0.2:443 https",
        "→ udp 10.0.0.2:53 domain",
        "held by no program any more",
        "Conversations whose door is not in sight",
        "· 10.0.0.2:2",
        "Sockets connected to nobody",
        "idle (31) · ada · 1 socket",
        "over = TIME_WAIT",
    ):
        assert words in text, words


def test_hostile_names_are_shown_harmless_and_cut() -> None:
    text = "\n".join(drawn(*EVERYTHING))
    assert "\\x1b[31mred\\u202e (6)" in text
    assert "[bold]x" in text
    assert "a" * 40 not in text


def test_numbers_alone() -> None:
    text = "\n".join(drawn(*EVERYTHING, numeric=True))
    assert "http" not in text
    assert "10.0.0.2:443" in text


def test_no_socket() -> None:
    assert drawn() == ["No socket fits."]


def test_one_socket_needs_no_plural() -> None:
    assert drawn(made("0.0.0.0:80", pid=1, process="x"))[0] == "1 socket · 1 open door"


def test_a_crowd_says_how_to_see_it() -> None:
    lines = drawn(made("0.0.0.0:80"), *(made("10.0.0.1:80", f"10.0.1.{number}:5000") for number in range(20)))
    assert "         … and 14 more peers with 14 sockets, use --all" in lines


def test_the_explanation_names_states_and_signs() -> None:
    rows = table(*EVERYTHING)
    roles = assign_roles(rows)
    lines = list(plain(explanation(arrange(rows, roles), rows, roles, 80)))
    text = " ".join(" ".join(lines).split())
    assert all(len(line) <= 80 for line in lines)
    assert "talking (ESTABLISHED): Both sides are connected" in text
    assert "over (TIME_WAIT): The conversation is over." in text
    assert "a socket waits for callers on its port 80 (measured)." in text
    assert "unknown: 1 socket, 10.0.0.1:1: nothing tells which end called." in text


def test_the_drawing_has_the_same_words() -> None:
    rows = table(*EVERYTHING)
    lines = view_lines(arrange(rows, assign_roles(rows)), 80, name_of)
    assert [line.rstrip() for line in drawing(lines).plain.split("\n")] == list(plain(lines))


@given(st.lists(st.text("ab ", min_size=1, max_size=30), max_size=8), st.integers(40, 100))
def test_wrapping_loses_nothing(pieces: list[str], width: int) -> None:
    lines = list(plain(wrapped([("head", "")], [[(piece, "")] for piece in pieces], width, 6)))
    assert "".join("".join(lines).split()).replace("·", "") == "head" + "".join("".join(pieces).split())
    assert all(len(line) <= width for line in lines)
