"""Holds one conversation by hand: the socket, TLS on it, and the loop that waits for both ends. Decides no word of it.

What a far end can cost is bounded: `_CHUNK` bytes are read at a time, nothing is kept but the line being shown, and a conversation that no
person leads ends after `most_bytes` or a silence.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Final, Protocol

import msgspec

from doorward.errors import WorldError
from doorward.identify import live_tls
from doorward.identify.certificates import certificate_facts
from doorward.identify.conclusion import Endpoint
from doorward.identify.live_lines import explain_trouble
from doorward.identify.probing import Step, Tunnel
from doorward.identify.talk_answer import Happening, TalkEvent
from doorward.identify.talking import Talking
from doorward.identify.turns import Turns
from doorward.identify.upgrades import Upgrade
from doorward.values.clocks import Clock

__all__ = ["Connection", "Limits", "Mouth", "converse", "dial", "secure", "upgrade"]

_CHUNK: Final = 65_536
_PROMPT_S: Final = 0.08  # a line without an end is a prompt when this long nothing followed


class Mouth(Protocol):
    """Where our side's words come from: a keyboard, a pipe, or a list."""

    def fileno(self) -> int | None:
        """What to wait on for more words; `None` when there is nothing to wait for."""

    def take(self) -> Iterable[tuple[bytes, bool]]:
        """The next words that may be said now, each with whether its line has ended; called when `fileno` is ready, or there is none."""

    def listen(self) -> None:
        """`fileno` is ready: read from it."""

    @property
    def is_person(self) -> bool:
        """Whether a person speaks, whose pauses are not to be counted."""

    @property
    def has_left(self) -> bool:
        """Whether no more words will come."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how much."""

    timeout_s: float  #: for connecting and handshakes; and a silence that ends a conversation without a person
    greeting_s: float  #: the far end is given this long to speak first
    most_bytes: int  #: heard in a conversation without a person


class Connection:
    """A TCP connection, plain or in TLS; never blocks once it stands."""

    def __init__(self, endpoint: Endpoint, sock: socket.socket) -> None:
        self.endpoint = endpoint
        self._socket = sock
        self._unsent = bytearray()

    def fileno(self) -> int:
        """The socket's number."""
        return self._socket.fileno()

    @property
    def has_unsent(self) -> bool:
        """Whether something waits until the far end takes it."""
        return bool(self._unsent)

    def read(self) -> bytes | None:
        """What came; `None` when nothing did, empty when the far end has closed. Raises `OSError` where the connection broke."""
        try:
            return self._socket.recv(_CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""

    @property
    def has_more(self) -> bool:
        """Whether bytes lie in the TLS layer, of which `select` knows nothing."""
        return isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0

    def write(self, data: bytes) -> None:
        """Send what the socket takes now, and keep the rest for the next call."""
        self._unsent += data
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]

    def shake_hands(self, context: ssl.SSLContext, timeout_s: float) -> Tunnel:
        """Put TLS around it."""
        self._socket.settimeout(timeout_s)
        self._socket = secured = context.wrap_socket(self._socket, server_hostname=self.endpoint.called, suppress_ragged_eofs=True)
        secured.setblocking(False)
        cipher = secured.cipher()
        return Tunnel(
            version=secured.version() or "",
            cipher=cipher[0] if cipher else "",
            alpn=secured.selected_alpn_protocol() or "",
            certificate=secured.getpeercert(binary_form=True) or b"",
        )

    def hang_up(self) -> None:
        """Close."""
        with contextlib.suppress(OSError):
            self._socket.close()


def _met_itself(sock: socket.socket) -> bool:
    """Whether both ends are one (RFC 9293 §3.5, simultaneous open); a connection that was reset meanwhile has no other end to compare."""
    try:
        return bool(sock.getsockname()[:2] == sock.getpeername()[:2])
    except OSError:
        return False


def dial(endpoints: Iterable[Endpoint], timeout_s: float) -> Connection:
    """Connect to the first of a name's addresses that takes it; raises `WorldError` when none does."""
    trouble, place = "it has no address", ""
    for endpoint in endpoints:
        place = endpoint.address.with_port(endpoint.port)
        try:
            sock = socket.create_connection((str(endpoint.address), endpoint.port), timeout=timeout_s)
        except OSError as error:
            trouble = explain_trouble(error)
            continue
        if _met_itself(sock):
            sock.close()
            trouble = "connection refused"
            continue
        sock.setblocking(False)
        return Connection(endpoint, sock)
    remedy = "Nobody listens there." if "refused" in trouble else "Check the address, or give it more time with --timeout."
    raise WorldError("talk to", place, why=trouble, remedy=remedy)


def secure(connection: Connection, talking: Talking, timeout_s: float) -> TalkEvent:
    """Shake hands; raises `WorldError` where the far end doesn't speak TLS."""
    try:
        tunnel = connection.shake_hands(live_tls.looking_context(), timeout_s)
    except OSError as error:
        why = explain_trouble(error)
        raise WorldError("encrypt", connection.endpoint.called, why=why, remedy="Leave --tls out if the door speaks plainly.") from None
    talking.forget()
    return talking.event(Happening.SECURED, text=_tunnel_words(tunnel))


def upgrade(
    connection: Connection, talking: Talking, steps: Upgrade, clock: Clock, *, tell: Callable[[TalkEvent], None], timeout_s: float
) -> None:
    """Ask the far end to go on encrypted, and shake hands; raises `WorldError` where it doesn't want to."""
    answer = bytearray()
    end_ns = clock.monotonic_ns() + round(timeout_s * 1e9)
    step: bytes | Step = steps.go_on(b"")
    while step is not Step.START_TLS:
        if isinstance(step, bytes):
            _tell_all(tell, talking.say_bytes(step))
            connection.write(talking.take_outgoing())
            answer.clear()
        left_s = (end_ns - clock.monotonic_ns()) / 1e9
        heard = _wait_and_read(connection, left_s) if step is not Step.DONE and left_s > 0 else b""
        if heard:
            _tell_all(tell, talking.hear(heard))
            answer += heard
        elif heard == b"":
            _tell_all(tell, talking.pause())
            why = "it does not agree" if step is Step.DONE else "it says nothing to that" if left_s <= 0 else "it hung up"
            raise WorldError("go on encrypted with", connection.endpoint.called, why=why, remedy="Leave --starttls out to talk plainly.")
        step = steps.go_on(bytes(answer))
    tell(secure(connection, talking, timeout_s))


def converse(
    connection: Connection, talking: Talking, mouth: Mouth, clock: Clock, *, tell: Callable[[TalkEvent], None], limits: Limits
) -> None:
    """Pass words on in both directions until one side leaves, or, without a person, until it is silent or has said too much."""
    loop = _Loop(connection, talking, mouth, clock, tell=tell, limits=limits)
    why = loop.run()
    _tell_all(tell, talking.pause())
    tell(talking.event(Happening.CLOSED, text=f"{why} {talking.heard_bytes:,} bytes heard, {talking.said_bytes:,} said."))


class _Loop:
    """The waiting for both ends."""

    def __init__(
        self,
        connection: Connection,
        talking: Talking,
        mouth: Mouth,
        clock: Clock,
        *,
        tell: Callable[[TalkEvent], None],
        limits: Limits,
    ) -> None:
        self._connection = connection
        self._talking = talking
        self._mouth = mouth
        self._clock = clock
        self._tell = tell
        self._limits = limits
        self._turns = Turns(self._now_s(), greeting_s=limits.greeting_s)
        self._stirred_s = self._now_s()
        self._waited_for_us = talking.has_spoken
        if talking.has_spoken:
            self._turns.heard(self._now_s())

    def run(self) -> str:
        """Return why it ended, as a sentence."""
        while True:
            try:
                self._connection.write(self._talking.take_outgoing())
                if (why := self._over()) or (why := self._listen(self._wait_s())):
                    return why
                self._speak()
            except OSError as error:
                return f"The line broke: {explain_trouble(error)}."

    def _now_s(self) -> float:
        return self._clock.monotonic_ns() / 1e9

    def _over(self) -> str:
        if self._mouth.is_person:
            return "You left." if self._mouth.has_left else ""
        if self._talking.heard_bytes >= self._limits.most_bytes:
            return "It said more than is read here: we left."
        silent_s = self._now_s() - self._stirred_s
        over = self._mouth.has_left and not self._connection.has_unsent and silent_s >= self._limits.timeout_s
        return f"Nothing was said for {self._limits.timeout_s:g} s: we left." if over else ""

    def _wait_s(self) -> float:
        """Until something must be done though nothing happens."""
        if self._connection.has_more:
            return 0.0
        waits = [self._limits.timeout_s]
        if self._talking.heard_bytes and self._now_s() - self._stirred_s < _PROMPT_S:
            waits.append(_PROMPT_S)
        if not self._waited_for_us:
            waits.append(max(0.0, self._turns.wait_s(self._now_s())))
        if not self._mouth.is_person and not self._mouth.has_left:
            waits.append(max(0.01, self._turns.wait_s(self._now_s())))
        if self._mouth.has_left:
            waits.append(max(0.01, self._limits.timeout_s - (self._now_s() - self._stirred_s)))
        return min(waits)

    def _listen(self, wait_s: float) -> str:
        """Wait for either end; returns why it is over, or nothing."""
        ours = self._mouth.fileno()
        readers = [self._connection.fileno(), *([ours] if ours is not None else [])]
        writers = [self._connection.fileno()] if self._connection.has_unsent else []
        ready, _, _ = select.select(readers, writers, [], wait_s)
        if ours is not None and ours in ready:
            self._mouth.listen()
        if self._connection.fileno() in ready or self._connection.has_more:
            data = self._connection.read()
            if data == b"":
                return "The far end hung up."
            if data:
                self._stirred_s = self._now_s()
                self._turns.heard(self._stirred_s)
                _tell_all(self._tell, self._talking.hear(data))
        elif self._now_s() - self._stirred_s >= _PROMPT_S:
            _tell_all(self._tell, self._talking.pause())
        return ""

    def _speak(self) -> None:
        may = self._turns.may_speak(self._now_s())
        if may and not self._waited_for_us:
            self._waited_for_us = True
            _tell_all(self._tell, self._talking.wait_for_us())
        while (may or self._mouth.is_person) and not self._connection.has_unsent:
            words = next(iter(self._mouth.take()), None)
            if words is None:
                return
            _tell_all(self._tell, self._talking.say(words[0], ended=words[1]))
            self._connection.write(self._talking.take_outgoing())
            self._stirred_s = self._now_s()
            self._turns.said(self._stirred_s)
            may = self._turns.may_speak(self._stirred_s)


def _wait_and_read(connection: Connection, wait_s: float) -> bytes | None:
    select.select([connection.fileno()], [], [], wait_s)
    try:
        return connection.read()
    except OSError:
        return b""


def _tell_all(tell: Callable[[TalkEvent], None], events: Iterable[TalkEvent]) -> None:
    for event in events:
        tell(event)


def _tunnel_words(tunnel: Tunnel) -> str:
    facts = certificate_facts(tunnel.certificate) if tunnel.certificate else {}
    text = f"From here on encrypted: {tunnel.version}, {tunnel.cipher}."
    if subject := facts.get("certificate_subject"):
        expires = str(facts.get("certificate_not_after", ""))[:10]
        text += f" Its certificate names {subject}, until {expires}; nobody has checked it."
    return text
