"""``doorward path HOST:PORT``: which machines pass a knock on to the door, where it stops, and what that means."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from doorward.cli._output import Output

if TYPE_CHECKING:
    from doorward.scan.trail.hops import Trail

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "follow knocks to a door: where they stop, and who stops them"
EXAMPLE = """\
examples:
  doorward path nas.lan:443
  doorward path udp:192.168.1.1:53             asks in the port's own language
  doorward path [fe80::1%eth0]:ssh
  doorward path example.org:25 --i-may-scan-this --names

Ordinary connections that may cross one router, two, three… show each machine
on the way. Where they don't arrive, knocks at another port and a ping tell
whether a filter is in the way. It needs no root, except for SCTP."""

_INTERRUPTED = 130


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the door and the flags."""
    parser.add_argument("door", metavar="HOST:PORT", help="address or name, and port or service name; udp: before it for UDP")
    parser.add_argument("--transport", choices=["tcp", "udp", "sctp"], default="", help="over what to knock (tcp)")
    family = parser.add_mutually_exclusive_group()
    family.add_argument("-4", "--ipv4", action="store_const", const=4, default=0, dest="family", help="the name's IPv4 address")
    family.add_argument("-6", "--ipv6", action="store_const", const=6, dest="family", help="the name's IPv6 address")
    parser.add_argument("--names", action="store_true", help="ask the resolver what the machines on the way are called")
    parser.add_argument("--max-hops", type=int, default=30, metavar="N", help="follow it no farther than N hops (30, the most)")
    parser.add_argument("--knocks", type=int, default=3, metavar="N", help="knocks at a silent hop (3; at most 5)")
    parser.add_argument("--door-only", action="store_true", help="no other knocks for comparison")
    parser.add_argument("--i-may-scan-this", action="store_true", help="you have the right to knock at a public address")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Follow the way and show it."""
    import secrets

    from doorward.values.clocks import SystemClock
    from doorward.verbs.path import PathRequest, path

    request = PathRequest(
        door=arguments.door,
        transport=arguments.transport,
        family=arguments.family,
        most_hops=arguments.max_hops,
        knocks=arguments.knocks,
        with_names=arguments.names,
        compare=not arguments.door_only,
        may_scan_public=arguments.i_may_scan_this,
    )

    def show_progress(trails: Sequence[Trail]) -> None:
        hops = " | ".join(f"{trail.means.label}: hop {trail.hops[-1].place if trail.hops else 0}" for trail in trails)
        output.progress(f"following {hops}")

    with _interruptible() as wants_to_stop:
        answer = path(request, clock=SystemClock(), nonce=lambda: secrets.randbits(64), stop=wants_to_stop, on_round=show_progress)
    output.progress("")
    if output.json:
        output.document(answer)
    else:
        from doorward.report.path import draw_path

        output.show(*draw_path(answer))
    if answer.interrupted:
        output.complain("interrupted; what was seen until now is above")
        return _INTERRUPTED
    return 0


@contextlib.contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Make Ctrl-C a wish to stop, so that what was seen is kept; a second one ends at once."""
    import signal

    asked: list[int] = []

    def note(number: int, _: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = signal.getsignal(signal.SIGINT)
    if before in (signal.SIG_IGN, None):  # started with Ctrl-C switched off: leave it so
        yield lambda: False
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)
