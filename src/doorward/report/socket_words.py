"""One socket in words: as a line of a stream, and as sentences for a person outside the trade; knows records and no terminal."""

from __future__ import annotations

from collections.abc import Iterator

from doorward.report.quantities import amount, count, duration_us
from doorward.sockets.answer import SocketChange, SocketRecord
from doorward.sockets.states import explain_state, parse_state
from doorward.values.clocks import format_moment
from doorward.values.printable import printable

__all__ = ["change_line", "ends_words", "explain_socket", "holder_words"]


def change_line(change: SocketChange) -> str:
    """One line for what came or went: ``14:03:22 + tcp talking 127.0.0.1:8000 ← 127.0.0.1:40022 http-alt python3 (812)``."""
    record = change.socket
    sign = {"new": "+", "gone": "-"}[change.change]
    service = record.local_service if record.role == "server" else record.remote_service or record.local_service
    what = record.words if change.change == "new" else "came and went" if change.unseen else "gone"
    holder = f"probably {holder_words(record)}" if change.process_guessed else holder_words(record)
    words = [format_moment(change.at)[-8:], sign, record.transport.value, what, ends_words(record), service, holder, *_totals(record)]
    return printable(" ".join(word for word in words if word))


def ends_words(record: SocketRecord) -> str:
    """Both ends with an arrow from who called: ``127.0.0.1:8000 ← 127.0.0.1:40022``."""
    local = record.local.with_port(record.local_port)
    if record.remote is None or record.remote_port is None:
        return local
    arrow = {"server": "←", "client": "→"}.get(record.role, "·")
    return f"{local} {arrow} {record.remote.with_port(record.remote_port)}"


def holder_words(record: SocketRecord) -> str:
    """The process: ``python3 (812)``; empty where none is known."""
    return f"{record.process or '?'} ({record.pid})" if record.pid is not None else ""


def _totals(record: SocketRecord) -> Iterator[str]:
    if record.rtt_ms:
        yield duration_us(round(record.rtt_ms * 1000))
    if record.received_bytes:
        yield f"↓{amount(record.received_bytes)}"
    if record.sent_bytes:
        yield f"↑{amount(record.sent_bytes)}"
    if record.retransmits:
        yield f"{record.retransmits:,} sent again"


def explain_socket(record: SocketRecord) -> Iterator[str]:
    """Everything known of one socket as sentences, the most telling first; each is one paragraph."""
    yield f"{record.transport.value} {ends_words(record)}"
    states = parse_state(record.state)
    yield f"{record.words} ({record.state}): {explain_state(min(states), record.transport)}"
    if record.callers_full:
        waiting = count(record.callers or 0, "caller")
        yield f"Its queue is full: {waiting} where {record.callers_limit:,} may wait. The next are turned away."
    elif record.callers:
        yield f"{count(record.callers, 'caller')} of at most {record.callers_limit:,} in the queue, not yet taken by the program."
    yield (
        f"This end is the {record.role}: {record.role_why} ({record.role_certainty})."
        if record.role != "unknown"
        else (f"Which end called is unknown: {record.role_why}.")
    )
    yield from _services(record)
    yield _holder(record)
    if record.peer_here:
        yield "The other end is on this machine."
    yield from _traffic(record)


def _services(record: SocketRecord) -> Iterator[str]:
    named = [(record.local_port, record.local_service)] * bool(record.local_service)
    named += [(record.remote_port or 0, record.remote_service)] * bool(record.remote_service)
    if named:
        yield "; ".join(f"Port {port} is usually {printable(service)}" for port, service in named) + "."


def _holder(record: SocketRecord) -> str:
    if record.pid is None:
        owner = f" of user {record.user}" if record.user else ""
        return printable(f"No process{owner} is known to hold it.")
    parts = [f"Held by {holder_words(record)}"]
    parts += [f"user {record.user}"] * bool(record.user) + [f"unit {record.unit}"] * bool(record.unit)
    parts += [f"container {record.container}"] * bool(record.container)
    parts += [f"network namespace {record.namespace}"] * bool(record.namespace)
    parts += [f"and {count(len(record.pids) - 1, 'more process')}"] * (len(record.pids) > 1)
    command = f": {record.command}" if record.command else ""
    return printable(", ".join(parts) + command)


def _traffic(record: SocketRecord) -> Iterator[str]:
    if record.received_bytes or record.sent_bytes:
        yield f"Received {amount(record.received_bytes)}, sent {amount(record.sent_bytes)}."
    if record.rtt_ms:
        again = f", {record.retransmits:,} segments sent again" if record.retransmits else ""
        yield f"A round trip takes {duration_us(round(record.rtt_ms * 1000))}{again}."
    if record.unread_bytes:
        yield f"{amount(record.unread_bytes)} have come that the program here hasn't read."
    if record.unsent_bytes:
        yield f"{amount(record.unsent_bytes)} are not acknowledged by the other end."
