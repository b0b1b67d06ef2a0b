"""One socket in a line and in sentences."""

from doorward.report.socket_words import change_line, ends_words, explain_socket, holder_words
from doorward.sockets.answer import SocketChange, SocketRecord, iter_records
from doorward.sockets.roles import assign_roles
from doorward.sockets.table import Namespace, Socket
from doorward.values.clocks import format_moment
from doorward.values.doors import Holder
from doorward.values.transports import Transport
from made_sockets import AT, made, pair, table

HOLDER = Holder(pid=7, process="nginx\x1b[1m", command="nginx -g", user="www", unit="nginx.service", container="box", namespace="web")


def record_of(*sockets: Socket) -> SocketRecord:
    rows = table(*sockets)
    return next(iter(iter_records(rows, assign_roles(rows), [0], lambda _transport, port: {80: "http"}.get(port, ""))))


SERVER = record_of(
    *pair("127.0.0.1:80", "127.0.0.1:40000", rtt_us=20, bytes_received=5, bytes_acked=6000, total_retransmits=2), made("0.0.0.0:80")
)


def test_a_change_in_one_line() -> None:
    clock = format_moment(AT)[-8:]
    assert change_line(SocketChange(at=AT, change="new", socket=SERVER)) == (
        f"{clock} + tcp talking 127.0.0.1:80 ← 127.0.0.1:40000 http server (10) 0.02 ms ↓5 B ↑6.0 kB 2 sent again"
    )
    gone = SocketChange(at=AT, change="gone", unseen=True, process_guessed=True, socket=SERVER)
    assert "- tcp came and went" in change_line(gone)
    assert "probably server (10)" in change_line(gone)
    assert "- tcp gone" in change_line(SocketChange(at=AT, change="gone", socket=SERVER))


def test_ends_point_to_who_was_called() -> None:
    assert ends_words(record_of(made("10.0.0.1:40000", "10.0.0.2:80"))) == "10.0.0.1:40000 → 10.0.0.2:80"
    assert ends_words(record_of(made("10.0.0.1:1", "10.0.0.2:2"))) == "10.0.0.1:1 · 10.0.0.2:2"
    assert ends_words(record_of(made("[::]:80"))) == "[::]:80"


def test_everything_in_sentences() -> None:
    text = "\n".join(explain_socket(SERVER))
    for words in (
        "talking (ESTABLISHED): Both sides",
        "This end is the server: a socket waits for callers on its port 80 (measured).",
        "Port 80 is usually http.",
        "Held by server (10), user ada",
        "The other end is on this machine.",
        "Received 5 B, sent 6.0 kB.",
        "A round trip takes 0.02 ms, 2 segments sent again.",
    ):
        assert words in text


def test_queues_in_sentences() -> None:
    full = "\n".join(explain_socket(record_of(made("0.0.0.0:80", receive_queue=3, send_queue=2))))
    assert "Its queue is full: 3 callers where 2 may wait." in full
    some = "\n".join(explain_socket(record_of(made("0.0.0.0:80", receive_queue=1, send_queue=2))))
    assert "1 caller of at most 2 in the queue" in some
    data = "\n".join(explain_socket(record_of(made("10.0.0.1:80", "10.0.0.2:5", receive_queue=9, send_queue=8))))
    assert "9 B have come" in data
    assert "8 B are not acknowledged" in data


def test_what_is_unknown_is_said() -> None:
    text = "\n".join(explain_socket(record_of(made("10.0.0.1:1", "10.0.0.2:2"))))
    assert "Which end called is unknown: nothing tells which end called." in text
    assert "No process is known to hold it." in text
    assert "No process of user x is known" in "\n".join(explain_socket(record_of(made("0.0.0.0:1", holder=Holder(user="x"), uid=5))))


def test_holders_in_full_and_harmless() -> None:
    record = record_of(made("0.0.0.0:80", holder=HOLDER, pids=(7, 8, 9), namespace=Namespace("web", 2)))
    text = "\n".join(explain_socket(record))
    assert (
        "Held by nginx\\x1b[1m (7), user www, unit nginx.service, container box, network namespace web, and 2 more processes: nginx -g"
        in text
    )
    assert "\x1b" not in change_line(SocketChange(at=AT, change="new", socket=record))
    assert holder_words(record_of(made("0.0.0.0:80"))) == ""


def test_udp() -> None:
    assert "UNCONN" in "\n".join(explain_socket(record_of(made("0.0.0.0:53", transport=Transport.UDP))))
