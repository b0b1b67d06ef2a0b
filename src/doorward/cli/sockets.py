"""``doorward sockets``: who listens, who is connected, which end called, and what that means."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from doorward.cli._output import Output

if TYPE_CHECKING:
    from doorward.verbs.sockets import Sight

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "show who listens and who is connected, in plain words"
EXAMPLE = """\
examples:
  doorward sockets                          every door, and who is inside
  doorward sockets port 5432                one port, at either end
  doorward sockets process sshd and not local
  doorward sockets --watch state established
  doorward sockets --all 'retransmits > 0 or rtt over 200ms'

words of a filter:
  port, local port, remote port (22, 8000-8100, ssh) · address, local address, remote address (10.0.0.0/8, public)
  state (established, time-wait) · tcp, udp, ipv4, ipv6 · listening, connected · local, remote (where the other end is)
  process, command, user, unit, container, namespace, interface (names, with * for anything) · role (server, client)
  rtt, retransmits, queue, unread, unsent, callers, sent, received, pid (over 50ms, > 0) · full, unowned
  and, or, not, parentheses"""

_DEFAULT_WATCH_S = 1.0
_FLAT_LINES = 200  # without --all: about four screens


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the filter and the flags."""
    parser.add_argument("filter", nargs="*", metavar="FILTER", help="which sockets, in the words of the output")
    parser.add_argument("--all", action="store_true", help="every socket, one a line")
    parser.add_argument("--flat", action="store_true", help=f"one socket a line instead of by door, {_FLAT_LINES} lines at most")
    parser.add_argument("--numeric", action="store_true", help="ports as numbers alone, without service names")
    parser.add_argument("--all-namespaces", action="store_true", help="the other network namespaces too, containers' among them (root)")
    parser.add_argument("--explain", action="store_true", help="say what the states mean, and why an end is client or server")
    parser.add_argument("--watch", nargs="?", action=_Watch, metavar="SECONDS", help="stay and show what comes and goes (1 second)")


class _Watch(argparse.Action):
    """Reads the seconds behind ``--watch``; a word that is no number belongs to the filter."""

    def __call__(self, parser: Any, namespace: Any, values: Any, _option: Any = None) -> None:
        seconds = _seconds(values) if values is not None else _DEFAULT_WATCH_S
        namespace.watch = _DEFAULT_WATCH_S if seconds is None else seconds
        if seconds is None:
            namespace.watch_word, namespace.watch_word_last = values, bool(namespace.filter)
        elif not 0.1 <= seconds <= 3600:
            parser.error(f"--watch: between 0.1 and 3600 seconds, not {values}")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Show the sockets, or watch them."""
    from doorward.verbs.sockets import see, start_walk

    words = _filter_words(arguments)
    if arguments.watch is not None:
        return _watch(arguments, output, words)
    sight = see(words, all_namespaces=arguments.all_namespaces, walk=start_walk())
    if output.json:
        from doorward.values.clocks import SystemClock

        output.document(sight.answer(SystemClock().now(), numeric=arguments.numeric))
    elif arguments.all or arguments.flat:
        _show_flat(sight, arguments, output)
    else:
        _show_doors(sight, arguments, output)
    if not output.json:
        output.flush()
        for sentence in sight.table.missing:
            output.complain(f"not seen: {sentence}")
    return 0


def _show_doors(sight: Sight, arguments: argparse.Namespace, output: Output) -> None:
    from doorward.report.sockets import drawing, explanation, plain, view_lines
    from doorward.verbs.sockets import name_of, no_names

    view = sight.view()
    lines = view_lines(view, output.columns, no_names if arguments.numeric else name_of)
    if arguments.explain:
        lines += explanation(view, sight.table, sight.roles, output.columns)
    if output.is_terminal:
        output.show(drawing(lines))
    else:
        output.lines(plain(lines))


def _show_flat(sight: Sight, arguments: argparse.Namespace, output: Output) -> None:
    from doorward.report.socket_rows import flat_lines
    from doorward.verbs.sockets import name_of, no_names

    rows = sight.rows()
    shown = rows if arguments.all else rows[:_FLAT_LINES]
    if len(rows):
        output.lines(flat_lines(sight.table, sight.roles, shown, output.columns, no_names if arguments.numeric else name_of))
    else:
        output.line("No socket fits.")
    if len(shown) < len(rows):
        output.line(f"… and {len(rows) - len(shown):,} more, use --all")
    if arguments.explain:
        from doorward.report.sockets import explanation, plain

        output.lines(plain(explanation(sight.view(), sight.table, sight.roles, output.columns)))


def _watch(arguments: argparse.Namespace, output: Output, words: Sequence[str]) -> int:
    import os
    import threading

    from doorward.sockets.live_watch import SocketWatcher
    from doorward.values.clocks import SystemClock
    from doorward.verbs.sockets import name_of, no_names, read_filter

    names = no_names if arguments.numeric else name_of
    clock = SystemClock()

    def make_watcher() -> SocketWatcher:
        return SocketWatcher(clock, all_namespaces=arguments.all_namespaces)

    wanted = read_filter(words)
    if output.is_terminal and os.isatty(2) and not output.json:  # Textual draws on stderr
        from doorward.tui.watch import WatchApp

        WatchApp(make_watcher, clock, seconds=arguments.watch, words=words, name_of=names).run()
        return 0
    from doorward.report.socket_words import change_line
    from doorward.tui.watch_stream import iter_changes

    pause = threading.Event()
    with make_watcher() as watcher:
        for change in iter_changes(watcher, wanted, clock, lambda: pause.wait(arguments.watch), names):
            if output.json:
                output.json_line(change)
            else:
                output.line(change_line(change))
                output.flush()
    return 0


def _filter_words(arguments: argparse.Namespace) -> list[str]:
    words = list(arguments.filter)
    word = getattr(arguments, "watch_word", None)
    if word is None:
        return words
    return [*words, word] if arguments.watch_word_last else [word, *words]


def _seconds(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
