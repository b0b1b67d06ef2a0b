"""Sockets drawn by door: lines of styled words that fit a width; knows no terminal, and colours only what the words say anyway.

A line is a list of spans (text, style), so that a pipe gets the plain words without loading Rich, and a terminal gets them with colour. The
same lines are tested.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from doorward.report.quantities import amount, count, duration_us
from doorward.sockets.answer import PortNames
from doorward.sockets.gathering import Peer, Peers, Tally
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.roles import Role, Roles, explain_role
from doorward.sockets.states import CONNECTED_STATES, explain_state, state_label, state_words
from doorward.sockets.table import SocketTable
from doorward.sockets.view import Caller, DoorView, View
from doorward.values.addresses import ANY_IPV4, ANY_IPV6, Address
from doorward.values.doors import Holder
from doorward.values.evidence import Certainty
from doorward.values.printable import printable
from doorward.values.transports import Transport

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["Line", "drawing", "explanation", "plain", "view_lines", "wrapped"]

#: One line: (text, Rich style) after another.
Line = list[tuple[str, str]]

_INDENT: Final = 11  # under the service's name, behind "tcp 65535  "
_MAX_NAME: Final = 15  # a registered service name is no longer (RFC 6335 §5.1)
_MAX_WORD: Final = 32  # of a foreign name in a line; a systemd unit is seldom longer
_HEADING, _QUIET, _ALARM, _STRONG = "bold", "dim", "bold red", "bold"
_REACH_STYLES: Final = {"this machine": "green", "anybody": "yellow"}


def view_lines(view: View, width: int, name_of: PortNames) -> list[Line]:
    """Draw a view by door: a headline, the doors with who is inside, then whom the programs call."""
    lines: list[Line] = [*wrapped([], _headline(view), width, 2)]
    if view.doors:
        lines += _door_section(view, width, name_of)
    calls = [caller for caller in view.callers if caller.role is Role.CLIENT and not caller.idle]
    others = [caller for caller in view.callers if caller.role is not Role.CLIENT and not caller.idle]
    idle = [caller for caller in view.callers if caller.idle]
    for title, callers in (
        ("Calls that programs here make", calls),
        ("Conversations whose door is not in sight", others),
        ("Sockets connected to nobody", idle),
    ):
        if callers:
            lines += [[], [(title, _HEADING)], *_caller_lines(callers, width, name_of)]
    if view.more_callers:
        lines.append([(f"… and {count(view.more_callers, 'more program')} with calls, use --all", _QUIET)])
    return [*lines, *_legend(view, width)]


def _headline(view: View) -> list[Line]:
    counts = view.counts
    if not counts.sockets:
        return [[("No socket fits.", _HEADING)]]
    parts = [count(counts.sockets, "socket"), *[count(counts.doors, "open door")] * bool(counts.doors)]
    talks = [f"{counts.inside:,} inside this machine"] * bool(counts.inside) + [f"{counts.outside:,} with others"] * bool(counts.outside)
    if talks:
        parts.append(f"{count(counts.inside + counts.outside, 'conversation')} ({', '.join(talks)})")
    if counts.over:
        parts.append(f"{counts.over:,} over")
    return [[(part, _HEADING)] for part in parts]


def _door_section(view: View, width: int, name_of: PortNames) -> Iterator[Line]:
    heads = [(door, _address_words(door), "" if not door.port else name_of(door.transport, door.port)) for door in view.doors]
    place_width = min(max(len(place) for _, place, _ in heads), 16)
    name_width = min(max(len(name) for _, _, name in heads), _MAX_NAME)
    yield []
    yield [("Open doors: who waits here", _HEADING), (" and who is inside", _HEADING)]
    for door, place, name in heads:
        head: Line = [
            (f"{door.transport:<3} ", _QUIET),
            (f"{door.port:>5}  ", _STRONG),
            (f"{printable(name)[:_MAX_NAME]:<{name_width}}  " if name_width else "", "cyan"),
            (f"{place:<{place_width}}", _reach_style(door)),
        ]
        yield from wrapped(head, list(_door_pieces(door)), width, _INDENT)
        yield from _alarms(door, width)
        yield from _peer_lines(door.peers, width, name_of)
    if view.more_doors:
        yield [(f"… and {count(view.more_doors, 'more door')}, use --all", _QUIET)]


def _address_words(door: DoorView) -> str:
    """Where the door is: every address, all of a family, or the addresses themselves."""
    addresses = set(door.addresses)
    words = []
    if door.takes_both or {ANY_IPV4, ANY_IPV6} <= addresses:
        words.append("any address")
    elif ANY_IPV4 in addresses:
        words.append("any IPv4")
    elif ANY_IPV6 in addresses:
        words.append("any IPv6")
    words += [str(address) for address in door.addresses if not address.is_any]
    if len(words) > 3:
        words[2:] = [f"{len(words) - 2} more"]
    return ", ".join(words)


def _reach_style(door: DoorView) -> str:
    if all(address.is_loopback for address in door.addresses):
        return _REACH_STYLES["this machine"]
    return _REACH_STYLES["anybody"] if any(address.is_any for address in door.addresses) else ""


def _door_pieces(door: DoorView) -> Iterator[Line]:
    yield from _holder_pieces(door.holders, waits=door.transport is Transport.TCP)
    if door.interface:
        yield [(f"only on {printable(door.interface)}", _QUIET)]
    if door.namespace.name:
        yield [(f"in namespace {_word(door.namespace.name)}", _QUIET)]
    if door.is_client_port:
        yield [("a caller's own port", _QUIET)]
    if door.callers and not door.is_full:
        yield [(count(door.callers, "caller") + " in the queue", "")]
    if door.unread:
        yield [(f"{amount(door.unread)} unread", "")]


def _holder_pieces(holders: tuple[Holder, ...], *, waits: bool = True) -> Iterator[Line]:
    if not holders:
        yield [("nobody waits here now" if waits else "nobody", _QUIET)]
        return
    first = holders[0]
    process = _word(first.process) if first.pid is not None else ""
    several = f" and {len(holders) - 1} more" if len(holders) > 1 else ""
    yield [(f"{process or '?'} ", _STRONG), (f"({first.pid}{several})", "")] if first.pid is not None else [("unseen process", _QUIET)]
    if first.user:
        yield [(_word(first.user), "")]
    if first.container:
        yield [(f"container {_word(first.container)}", "magenta")]
    elif first.unit and not first.unit.endswith((".scope", ".slice")):
        yield [(_word(first.unit), _QUIET)]


def _alarms(door: DoorView, width: int) -> Iterator[Line]:
    if door.is_full:
        program = _word(door.holders[0].process) if door.holders and door.holders[0].process else "the program"
        text = f"! the queue is full: {count(door.callers, 'caller')} where {door.limit:,} may wait; {program} doesn't take them"
        for part in textwrap.wrap(text, width - _INDENT, subsequent_indent="  "):
            yield [(" " * _INDENT, ""), (part, _ALARM)]


def _caller_lines(callers: list[Caller], width: int, name_of: PortNames) -> Iterator[Line]:
    for caller in callers:
        if caller.is_orphan:
            pieces: list[Line] = [[("held by no program any more", _QUIET)]]
        else:
            pieces = list(_holder_pieces((caller.holder,)))
        if caller.namespace.name:
            pieces.append([(f"in namespace {_word(caller.namespace.name)}", _QUIET)])
        if caller.idle:
            pieces.append([(count(caller.idle, "socket"), "")])
        yield from wrapped([], pieces, width, 4)
        yield from _peer_lines(caller.peers, width, name_of)


def _peer_lines(peers: Peers, width: int, name_of: PortNames) -> Iterator[Line]:
    names = [_peer_words(peer, name_of) for peer in peers.shown]
    name_width = min(max((len(name) for name in names), default=0), max(24, width - _INDENT - 38))
    for peer, name in zip(peers.shown, names, strict=True):
        arrow = {Role.SERVER: "← ", Role.CLIENT: "→ ", Role.UNKNOWN: "· "}[peer.role]
        style = "green" if peer.is_here else ""
        head: Line = [(" " * (_INDENT - 4), ""), (arrow, _QUIET), (f"{name:<{name_width}}", style)]
        yield from wrapped(head, list(_tally_pieces(peer.tally, peer.transport)), width, _INDENT + 2)
    if peers.more_peers:
        more = f"… and {count(peers.more_peers, 'more peer')} with {count(peers.more_sockets, 'socket')}, use --all"
        yield [(" " * (_INDENT - 2), ""), (more, _QUIET)]


def _peer_words(peer: Peer, name_of: PortNames) -> str:
    """Who is at the other end: a program of this machine by its name, anybody else by the address."""
    service = name_of(peer.transport, peer.port) if peer.port and peer.role is not Role.SERVER else ""
    behind = f" {printable(service)[:_MAX_NAME]}" if service else ""
    if peer.holder is not None and peer.holder.pid is not None:
        port = f":{peer.port}" if peer.port else ""
        return f"{_word(peer.holder.process) or '?'} ({peer.holder.pid}) here{port}{behind}"
    udp = "udp " if peer.transport is Transport.UDP and peer.role is not Role.SERVER else ""
    return f"{udp}{_endpoint(peer.address, peer.port)}{behind}"


def _endpoint(address: Address, port: int) -> str:
    return address.with_port(port) if port else str(address)


def _tally_pieces(tally: Tally, transport: Transport) -> Iterator[Line]:
    words: dict[str, int] = {}
    for state, number in tally.states:
        said = state_words(state, transport)
        words[said] = words.get(said, 0) + number
    alone = tally.sockets == 1
    talking = state_words(KernelState.ESTABLISHED, transport)
    if tally.untaken:
        words |= {talking: words.get(talking, 0) - tally.untaken, "in the queue": tally.untaken}
    yield [(", ".join(said if alone else f"{number:,} {said}" for said, number in words.items() if number > 0), "")]
    if tally.rtt_us:
        yield [(duration_us(tally.rtt_us), "")]
    if tally.received or tally.sent:
        parts = [f"↓{amount(tally.received)}"] * bool(tally.received) + [f"↑{amount(tally.sent)}"] * bool(tally.sent)
        yield [(" ".join(parts), "")]
    if tally.unread:
        yield [(f"{amount(tally.unread)} unread", "yellow")]
    if tally.unsent:
        yield [(f"{amount(tally.unsent)} unsent", "yellow")]
    if tally.retransmits:
        yield [(f"{tally.retransmits:,} sent again", "yellow")]


def _legend(view: View, width: int) -> Iterator[Line]:
    if not view.counts.sockets:
        return
    # Doors are drawn as doors, and what is connected to nobody as such: only the states of conversations stand in the lines above.
    talks = [(transport, state) for transport, state in view.states if state in CONNECTED_STATES]
    seen = {state_words(state, transport): state_label(state, transport) for transport, state in talks}
    parts = [f"{words} = {label}" for words, label in seen.items() if words != label.lower()]
    parts += ["← called us, → we called, ↓ received, ↑ sent"] if view.counts.inside + view.counts.outside else []
    if parts:
        yield []
        text = "; ".join(parts) + ". In plain words: --explain"
        yield from ([(line, _QUIET)] for line in textwrap.wrap(text, width))


def explanation(view: View, table: SocketTable, roles: Roles, width: int) -> Iterator[Line]:
    """Draw what every state met means, and why each end is taken for client or server."""
    yield []
    yield [("What the states mean", _HEADING)]
    said: set[str] = set()
    for transport, state in view.states:
        text = explain_state(state, transport)
        if text not in said:
            said.add(text)
            yield from _paragraph(f"{state_words(state, transport)} ({state_label(state, transport)})", text, width)
    yield []
    yield [("Who is client, who is server, and why we think so", _HEADING)]
    for seen in view.reasons:
        row, udp = seen.row, bool(table.protocol[seen.row] == 17)
        why = explain_role(seen.reason, int(table.local_port[row]), int(table.remote_port[row]), roles.client_ports)
        end = table.local(row).with_port(int(table.local_port[row]))
        example = f", such as {end}" if seen.count > 1 else f", {end}"
        sure = roles.certainty(row, is_udp=udp)
        certainty = "" if sure is Certainty.UNKNOWN else f" ({sure})"
        yield from _paragraph(seen.role.label, f"{count(seen.count, 'socket')}{example}: {why}{certainty}.", width)


def _paragraph(term: str, text: str, width: int) -> Iterator[Line]:
    first, *others = textwrap.wrap(f"{term}: {text}", width - 2, subsequent_indent="    ")
    yield [("  ", ""), (first[: len(term) + 1], _STRONG), (first[len(term) + 1 :], "")]
    yield from ([("  ", ""), (line, "")] for line in others)


def wrapped(head: Line, pieces: list[Line], width: int, indent: int) -> Iterator[Line]:
    """Put pieces behind a head, with dots between them, and go on below at ``indent`` where the line would be wider than ``width``."""
    line = list(head)
    used = sum(len(text) for text, _ in head)
    between = "  " if head else ""
    for piece in pieces:
        size = sum(len(text) for text, _ in piece)
        if used + len(between) + size > width and used > indent:
            yield line
            line, used, between = [(" " * indent, "")], indent, ""
        line += [(between, _QUIET), *piece]
        used += len(between) + size
        between = " · "
    yield line


def plain(lines: Iterable[Line]) -> Iterator[str]:
    """The words of lines without their styles."""
    for line in lines:
        yield "".join(text for text, _ in line).rstrip()


def drawing(lines: Iterable[Line]) -> Text:
    """The lines as one Rich text."""
    from rich.text import Text

    return Text("\n").join(Text.assemble(*line) for line in lines)


def _word(text: str) -> str:
    """A foreign name, harmless and short."""
    return printable(text, _MAX_WORD) if len(text) <= _MAX_WORD else printable(text[: _MAX_WORD - 1]) + "…"
