"""``doorward identify HOST:PORT``: what answers there, what was said, how sure we are, and why."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from doorward.cli._output import Output
from doorward.errors import CallError

if TYPE_CHECKING:
    from doorward.identify.answer import IdentifyAnswer

__all__ = ["EXAMPLE", "HELP", "add_flags", "call"]

HELP = "say what answers at a door: program, version, and how we know"
EXAMPLE = """\
examples:
  doorward identify 127.0.0.1:22
  doorward identify [::1]:https localhost:25,110,143
  doorward identify udp:192.168.1.1:53 --hex
  doorward scan 192.168.1.0/24 --json | doorward identify -
  doorward identify --tls example.org:443     versions, ciphers and prints of its encryption
  doorward identify --list                    what can be recognised

No login is tried. Nothing is said unasked to the ports of printers and machines.
A door gets a dozen connections at most, mostly one."""

_TIMEOUT_S = 5.0
_MOST_COMPLAINTS = 20  # lines of a pipe; the rest is counted


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Declare the doors and the flags."""
    parser.add_argument(
        "doors",
        nargs="*",
        metavar="HOST:PORT",
        help="address or name, and port or service name; udp: before it for UDP; '-': from standard input, a scan's JSON lines too",
    )
    parser.add_argument("--timeout", type=float, default=_TIMEOUT_S, metavar="SECONDS", help=f"the most for one door ({_TIMEOUT_S:g})")
    parser.add_argument("--only", default="", metavar="PROTOCOL", help="speak this protocol alone")
    parser.add_argument("--tls", action="store_true", help="ask also which encryption the door takes (some fifty connections more)")
    parser.add_argument("--hex", action="store_true", help="show what was said byte by byte")
    parser.add_argument("--list", action="store_true", help="list the protocols that can be recognised")
    parser.add_argument("--i-may-scan-this", action="store_true", help="ask public addresses too: you have the right to")


def call(arguments: argparse.Namespace, output: Output) -> int:
    """Identify the doors and show each as it is found."""
    if not 0.2 <= arguments.timeout <= 120:
        raise CallError("wait", f"{arguments.timeout:g} seconds", why="a door is given 0.2 to 120 seconds")
    if arguments.list:
        return _list(output)
    from doorward.values.clocks import SystemClock
    from doorward.verbs.identify import identify
    from doorward.verbs.tls_survey import identify_and_survey

    told = _Teller(output, in_hex=arguments.hex, with_survey=arguments.tls)
    if "-" in arguments.doors:
        if arguments.tls:
            raise CallError(
                "survey encryption", why="--tls takes the doors that it is told", remedy="Name them: doorward identify --tls h:443"
            )
        return _identify_stdin(arguments, output, told)
    ask = identify_and_survey if arguments.tls else identify
    ask(
        arguments.doors,
        clock=SystemClock(),
        tell=told.tell,
        timeout_s=arguments.timeout,
        only=arguments.only,
        may_scan_public=arguments.i_may_scan_this,
    )
    return 0


def _identify_stdin(arguments: argparse.Namespace, output: Output, told: _Teller) -> int:
    """Ask the doors that come on standard input; exit with 2 or 3 when lines had to be left out."""
    import sys

    from doorward.errors import DoorwardError, WorldError
    from doorward.values.clocks import SystemClock
    from doorward.verbs.identify_stream import identify_stream

    if len(arguments.doors) > 1:
        raise CallError("identify", why="'-' stands for the doors on standard input, and others were named beside it")
    if sys.stdin is None:
        raise WorldError("read the doors in", "standard input", why="it is closed", remedy="Give it a pipe or a file.")
    refused: list[DoorwardError] = []

    def refuse(error: DoorwardError) -> None:
        refused.append(error)
        if len(refused) <= _MOST_COMPLAINTS:
            output.complain(str(error))

    identify_stream(
        sys.stdin.buffer,
        clock=SystemClock(),
        tell=told.tell,
        refuse=refuse,
        timeout_s=arguments.timeout,
        only=arguments.only,
        may_scan_public=arguments.i_may_scan_this,
    )
    if len(refused) > _MOST_COMPLAINTS:
        output.complain(f"{len(refused) - _MOST_COMPLAINTS:,} more lines were left out")
    return min((error.exit_status for error in refused), default=0)


class _Teller:
    """Shows answers one after the other."""

    def __init__(self, output: Output, *, in_hex: bool, with_survey: bool = False) -> None:
        self._output = output
        self._with_survey = with_survey
        self._in_hex = in_hex
        self._told = 0

    def tell(self, answer: IdentifyAnswer) -> None:
        """Show one answer at once."""
        if self._output.json:
            self._output.json_line(answer)
            return
        from doorward.report.identify import drawing

        if self._told:
            self._output.line()
        self._told += 1
        self._output.show(*drawing(answer, self._output.columns, in_hex=self._in_hex))
        if self._with_survey:
            from doorward.report.tls_survey import survey_drawing

            self._output.show(*survey_drawing(answer))
        self._output.flush()


def _list(output: Output) -> int:
    from doorward.report.identify import protocols
    from doorward.verbs.identify import known_protocols

    if output.json:
        for name, title, ports, source in known_protocols():
            output.json_line({"service": name, "title": title, "ports": ports, "source": source})
    else:
        output.show(protocols(known_protocols()))
    return 0
