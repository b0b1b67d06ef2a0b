"""The loop against sockets of the test's own: both ends, TLS, and far ends that break off."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from certificates import server_context
from doorward.errors import WorldError
from doorward.identify.conclusion import Endpoint
from doorward.identify.live_conversation import Limits, converse, dial, secure, upgrade
from doorward.identify.live_mouths import GivenLines
from doorward.identify.talk_answer import Happening, TalkEvent
from doorward.identify.talking import Talking
from doorward.identify.upgrades import begin_upgrade
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock
from doorward.values.transports import Transport

LIMITS = Limits(timeout_s=1, greeting_s=0.1, most_bytes=100_000)
CLOCK = SystemClock()


@contextlib.contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[Endpoint]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            caller, _ = server.accept()
            with caller, contextlib.suppress(OSError):
                caller.settimeout(10)
                answer(caller)

        thread = threading.Thread(target=run)
        thread.start()
        yield Endpoint(Transport.TCP, Address.parse("127.0.0.1"), server.getsockname()[1])
        thread.join(timeout=10)


def talk_to(endpoint: Endpoint, *lines: bytes, limits: Limits = LIMITS) -> list[TalkEvent]:
    events: list[TalkEvent] = []
    connection = dial([endpoint], 2)
    try:
        converse(connection, Talking(CLOCK), GivenLines(lines), CLOCK, tell=events.append, limits=limits)
    finally:
        connection.hang_up()
    return events


def test_both_ends_are_heard() -> None:
    with serving(lambda caller: caller.sendall(caller.recv(99).upper())) as endpoint:
        events = talk_to(endpoint, b"hello")
    assert [(event.kind, event.text) for event in events if event.kind in (Happening.SAID, Happening.HEARD)] == [
        (Happening.SAID, "hello"),
        (Happening.HEARD, "HELLO"),
    ]
    assert events[-1].text == "The far end hung up. 7 bytes heard, 7 said."


def listen_only(caller: socket.socket) -> None:
    while caller.recv(99):
        pass


def test_silence_ends_it() -> None:
    with serving(listen_only) as endpoint:
        events = talk_to(endpoint, b"hello", limits=Limits(timeout_s=0.3, greeting_s=0.1, most_bytes=9))
    assert "Nothing was said for 0.3 s" in events[-1].text


def reset(caller: socket.socket) -> None:
    caller.recv(1)  # not before the caller has spoken: a reset that overtakes the handshake is a connection that never stood
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def test_a_reset_ends_it() -> None:
    with serving(reset) as endpoint:
        events = talk_to(endpoint, b"x")
    assert "connection reset" in events[-1].text or "hung up" in events[-1].text


def never_read(_: socket.socket) -> None:
    threading.Event().wait(1)


def test_what_a_far_end_does_not_take_waits_in_bounded_room() -> None:
    """A hundred lines of a megabyte to somebody who never reads: only one is kept."""
    with serving(never_read) as endpoint:
        connection = dial([endpoint], 2)
        events: list[TalkEvent] = []
        mouth = GivenLines([b"A" * 1_000_000] * 100)
        thread_limits = Limits(timeout_s=0.5, greeting_s=0.05, most_bytes=9)
        converse(connection, Talking(CLOCK), mouth, CLOCK, tell=events.append, limits=thread_limits)
        connection.hang_up()
    said = sum(event.kind is Happening.SAID for event in events)
    assert said < 30


def test_nobody_there() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(WorldError, match=r"connection refused\. Nobody listens"):
            dial([Endpoint(Transport.TCP, Address.parse("127.0.0.1"), bound.getsockname()[1])], 1)


def test_starttls_drops_what_came_in_the_clear(tmp_path: Path) -> None:
    context = server_context(tmp_path)

    def smtp(caller: socket.socket) -> None:
        caller.sendall(b"220 hi\r\n")
        caller.recv(99)
        caller.sendall(b"250 STARTTLS\r\n")
        caller.recv(99)
        caller.sendall(b"220 go\r\n250 forged in the clear")
        with context.wrap_socket(caller, server_side=True) as inside:
            inside.sendall(inside.recv(99).upper())

    events: list[TalkEvent] = []
    with serving(smtp) as endpoint:
        connection, talking = dial([endpoint], 2), Talking(CLOCK)
        upgrade(connection, talking, begin_upgrade("smtp", "x"), CLOCK, tell=events.append, timeout_s=3)
        converse(connection, talking, GivenLines([b"hello"]), CLOCK, tell=events.append, limits=LIMITS)
        connection.hang_up()
    texts = [event.text for event in events]
    assert any(text.startswith("From here on encrypted: TLSv1.3") for text in texts)
    assert "HELLO" in texts
    assert not any("forged" in text for text in texts)


def test_a_door_without_tls_is_said_so() -> None:
    with serving(lambda caller: caller.sendall(b"220 hi\r\n")) as endpoint:
        connection = dial([endpoint], 2)
        with pytest.raises(WorldError, match="Leave --tls out"):
            secure(connection, Talking(CLOCK), 2)
        connection.hang_up()
