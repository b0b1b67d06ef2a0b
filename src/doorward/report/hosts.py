"""A search for hosts drawn line by line: who is there, and how he showed it."""

from __future__ import annotations

from typing import Final

from rich.text import Text

from doorward.scan.answer import HostLine, HostsLine
from doorward.values.printable import printable

__all__ = ["host_row", "hosts_heading", "hosts_text"]

_WAYS: Final = {
    "neighbour": "has this address on the link",
    "echo": "answered a ping",
    "timestamp": "answered an ICMP timestamp request",
    "syn": "answered a knock at port 443",
    "ack": "answered a stray packet to port 80",
    "udp": "answered a datagram",
}
_ADDRESS_COLUMN: Final = 26


def hosts_heading() -> Text:
    """The heads of the columns."""
    return Text(f"{'HOST':<{_ADDRESS_COLUMN}}  HOW WE KNOW", style="bold")


def host_row(line: HostLine) -> Text:
    """One host on one line."""
    told = _WAYS.get(line.way, printable(line.way))
    if line.link_address:
        told += f": {printable(line.link_address)}"
    if line.host:
        told += f" ({printable(line.host)})"
    return Text(f"{line.address!s:<{_ADDRESS_COLUMN}}  {told}")


def hosts_text(line: HostsLine) -> list[Text]:
    """The end of a search."""
    lines = [Text(), Text(f"{line.found:,} of {line.addresses:,} addresses have a host that answers, in {line.seconds:.2f} s.")]
    if line.unreachable:
        lines.append(Text(f"{line.unreachable:,} addresses have no route from here, and nothing is known of them."))
    if line.interrupted:
        lines.append(Text(f"Interrupted: {line.addresses - line.asked:,} addresses were not asked for."))
    lines.append(Text("A host may be there and answer nobody: silence is no proof of absence."))
    return lines
