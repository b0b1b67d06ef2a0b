"""A scan as the XML that nmap writes, so that what reads nmap's files reads ours; pure text, knows no file.

The grammar is nmap's DTD (nmap.dtd, "permission to copy, modify, and distribute for any purpose"), version 1.05. What it has no word
for is written in the nearest that it has: a host is "up" when it answered anything itself, and a reason without a name there
keeps ours. ``scanner`` must be "nmap" for the DTD; who really wrote it stands in the comment before, in ``args`` and in ``version``.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

import msgspec

from doorward import __version__
from doorward.scan.answer import DoorLine, SummaryLine
from doorward.scan.doorstates import DoorState, Reason
from doorward.scan.host_counts import FROM_THE_HOST
from doorward.values.addresses import Address
from doorward.values.portsets import PortSet
from doorward.values.printable import printable
from doorward.values.transports import Transport

__all__ = ["XmlRun", "xml_comment", "xml_head", "xml_host", "xml_tail"]

#: Reasons by the names nmap gives them (its reference guide, "--reason").
_REASONS: Final = {
    "accepted": "syn-ack",
    "accepted-then-reset": "syn-ack",
    "refused": "conn-refused",
    "answered": "udp-response",
    "port-closed": "port-unreach",
    "aborted": "abort",
    "reset-with-window": "reset",
    "reset-without-window": "reset",
    "no-refusal": "no-response",
    "no-answer": "no-response",
    "port-unreachable": "port-unreach",
    "prohibited": "admin-prohibited",
    "host-unreachable": "host-unreach",
    "net-unreachable": "net-unreach",
    "protocol-unreachable": "proto-unreach",
}
_PROTOCOLS: Final = (Transport.TCP, Transport.UDP, Transport.SCTP)  # all that the DTD knows with ports


class XmlRun(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a scan when it begins."""

    command: str  #: as it was called
    began: datetime.datetime
    ports: PortSet
    scan_type: str = "connect"  #: a word of the DTD's scan_types


def xml_head(run: XmlRun) -> str:
    """Everything before the first host."""
    began = _stamp(run.began)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<!DOCTYPE nmaprun>",
        f"<!-- written by Doorward {__version__} in the form of nmap's XML -->",
        f'<nmaprun scanner="nmap" args={_quoted(run.command)} start="{began}" startstr={_quoted(_words(run.began))}'
        f' version={_quoted(f"Doorward {__version__}")} xmloutputversion="1.05">',
    ]
    for transport in run.ports.transports:
        own = PortSet(part for part in run.ports.ranges if part[0] is transport)
        services = str(own).partition(":")[2]
        lines.append(f'<scaninfo type={_quoted(run.scan_type)} protocol="{transport}" numservices="{len(own)}" services="{services}"/>')
    return "\n".join([*lines, '<verbose level="0"/>', '<debugging level="0"/>', ""])


def xml_comment(door: DoorLine) -> str:
    """A found door as a comment, for a stream whose hosts can only be written once all their doors are known."""
    words = f"found {door.transport} {door.address.with_port(door.port)} {door.state} {door.reason}"
    return f"<!-- {words.replace('--', '- -')} -->\n"  # XML 1.0 §2.5: no "--" in a comment


def xml_host(address: Address, doors: Sequence[DoorLine], counts: Mapping[Reason, int] | None = None) -> str:
    """One host with its doors; ``counts`` are all its results by reason, those of ``doors`` among them."""
    shown = next((reason for reason in (*(door.reason for door in doors), *(counts or ())) if reason in FROM_THE_HOST), None)
    why = "no-response" if shown is None else _reason(shown)
    status = f'<status state="{"unknown" if shown is None else "up"}" reason={_quoted(why)} reason_ttl="0"/>'
    names = dict.fromkeys(door.host for door in doors if door.host)
    lines = [f'<host>{status}<address addr={_quoted(str(address))} addrtype="ipv{address.family}"/>', "<hostnames>"]
    lines += [f'<hostname name={_quoted(name)} type="user"/>' for name in names]
    lines += ["</hostnames>", "<ports>", *_uncounted(doors, counts or {})]
    lines += [_port(door) for door in sorted(doors, key=lambda door: (door.transport, door.port)) if door.transport in _PROTOCOLS]
    return "\n".join([*lines, "</ports></host>", ""])


def xml_tail(ended: datetime.datetime, *, seconds: float, up: int, total: int, summary: SummaryLine | None) -> str:
    """The end of the document; without a ``summary`` of a scan that is still going on, or was killed."""
    if summary is None:
        end = 'exit="error" errormsg="the scan had not come to its end"'
    elif summary.interrupted:
        end = 'exit="error" errormsg="interrupted"'
    else:
        found = summary.states.get(DoorState.OPEN, 0)
        words = f"{summary.done} of {summary.doors} doors of {total} addresses in {seconds:.2f} seconds, {found} open"
        end = f'summary={_quoted(words)} exit="success"'
    return (
        f'<runstats><finished time="{_stamp(ended)}" timestr={_quoted(_words(ended))} elapsed="{seconds:.2f}" {end}/>'
        f'<hosts up="{up}" down="{max(0, total - up)}" total="{total}"/></runstats>\n</nmaprun>\n'
    )


def _uncounted(doors: Iterable[DoorLine], counts: Mapping[Reason, int]) -> list[str]:
    """The doors that are counted and not listed, by state."""
    rest = Counter(counts)
    rest.subtract(door.reason for door in doors)
    states: dict[DoorState, list[tuple[Reason, int]]] = {}
    for reason, count in rest.items():
        if count > 0:
            states.setdefault(reason.state, []).append((reason, count))
    lines = []
    for state, parts in sorted(states.items()):
        whole = sum(count for _, count in parts)
        inside = "".join(f'<extrareasons reason={_quoted(_reason(reason))} count="{count}"/>' for reason, count in sorted(parts))
        lines.append(f'<extraports state="{state}" count="{whole}">{inside}</extraports>')
    return lines


def _port(door: DoorLine) -> str:
    told_by = f" reason_ip={_quoted(str(door.told_by))}" if door.told_by is not None else ""
    state = f'<state state="{door.state}" reason={_quoted(_reason(door.reason))} reason_ttl="0"{told_by}/>'
    service = f'<service name={_quoted(door.service)} method="table" conf="3"/>' if door.service else ""
    return f'<port protocol="{door.transport}" portid="{door.port}">{state}{service}</port>'


def _reason(reason: Reason) -> str:
    return _REASONS.get(reason, str(reason))


def _quoted(text: str) -> str:
    return quoteattr(printable(text))


def _stamp(moment: datetime.datetime) -> int:
    return int(moment.timestamp())


def _words(moment: datetime.datetime) -> str:
    return moment.astimezone().strftime("%a %b %e %H:%M:%S %Y")
