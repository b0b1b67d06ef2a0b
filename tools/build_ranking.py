"""Makes the ranking of ports that ships, ``src/doorward/ports/ranking.json``, from lists of services that independent teams keep.

    mkdir unpacked; cd unpacked
    for p in netbase ufw gufw firewalld shorewall firehol-common firehol fwbuilder-common; do
        apt-get download $p; dpkg-deb -x ${p}_*.deb $p; done
    python tools/build_ranking.py unpacked

A firewall program that lets its user say "ssh" instead of 22 has a list of the services its users asked for over the years. Such lists are
kept by teams that do not copy from each other, so that a number which stands in many of them is one that many people meet. Each
list is one vote for a number, however often it names it, and our own notes are one more, counted twice because they are the
youngest and were written for exactly this question: which doors do people meet? Equal votes are ordered by how many different programs
our notes know to hold the number, then by the number itself. Of a range only the first number has the vote: a program that takes several
begins there, and the others are met together with it or not at all.

Declined: lists made by scanning (their licences bind whoever ships them, and they say what the whole Internet shows, not what
stands in one's own network), and counts of installed packages (they don't know ports).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

Door = tuple[str, int]

_ROOT = Path(__file__).parent.parent / "src" / "doorward" / "ports"
_OUR_WEIGHT = 2
_PROTOCOLS = ("tcp", "udp", "sctp", "dccp")


def main(unpacked: Path) -> None:
    """Read the lists and write the ranking."""
    votes: Counter[Door] = Counter()
    sources = []
    for package, (what, read) in READERS.items():
        doors = set(read(unpacked))
        if len(doors) < 20:
            raise SystemExit(f"{package}: only {len(doors)} ports found under {unpacked / package}")
        votes.update(doors)
        sources.append({"package": package, "version": version_of(unpacked, package), "list": what, "ports": len(doors)})
    holders = our_holders()
    for door in holders:
        votes[door] += _OUR_WEIGHT
    ranking: dict[str, Any] = {"sources": sources}
    for protocol in _PROTOCOLS:
        own = [door for door in votes if door[0] == protocol and door[1]]
        own.sort(key=lambda door: (-votes[door], -holders.get(door, 0), door[1]))
        ranking[protocol] = [[port, votes[protocol, port]] for _, port in own]
    (_ROOT / "ranking.json").write_text(_written(ranking))


def _written(ranking: dict[str, Any]) -> str:
    text = json.dumps(ranking, indent=1)
    return re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1,\2]", text).replace("],\n  [", "],[") + "\n"


def our_holders() -> dict[Door, int]:
    """How many programs our notes name for each number."""
    holders: dict[Door, int] = {}
    for file in sorted((_ROOT / "notes").glob("*.toml")):
        for note in tomllib.loads(file.read_text())["note"]:
            letters = {"T": "tcp", "U": "udp", "S": "sctp", "D": "dccp"}
            for door in _spec(str(note["ports"]), letters):
                holders[door] = len(note["held_by"]) + len(note.get("others", {}))
    return holders


def _spec(text: str, letters: dict[str, str]) -> Iterator[Door]:
    protocol = "tcp"
    for raw in text.split(","):
        item = raw.strip()
        if item[1:2] == ":":
            protocol, item = letters[item[0]], item[2:]
        yield from _range(protocol, item)


def _range(protocol: str, text: str) -> Iterator[Door]:
    """The first number of ``80``, ``80-82`` or ``80:82``."""
    match = re.fullmatch(r"(\d{1,5})(?:[-:]\d{1,5})?", text.strip())
    if match and protocol in _PROTOCOLS and 0 < int(match[1]) <= 65535:
        yield protocol, int(match[1])


def read_netbase(unpacked: Path) -> Iterator[Door]:
    """Lines such as ``ssh 22/tcp``."""
    for match in re.finditer(r"^[^#\s]\S*\s+(\d+)/(\w+)", (unpacked / "netbase/etc/services").read_text(), re.MULTILINE):
        yield from _range(match[2], match[1])


def read_profiles(folder: str) -> Callable[[Path], Iterator[Door]]:
    """Read application profiles such as ``ports=80,443/tcp|53/udp|9418``."""

    def read(unpacked: Path) -> Iterator[Door]:
        for file in (unpacked / folder).iterdir():
            for line in re.findall(r"^ports=(.*)$", file.read_text(errors="replace"), re.MULTILINE):
                for group in line.split("|"):
                    ports, _, protocol = group.partition("/")
                    for port in ports.split(","):
                        for own in [protocol.strip()] if protocol else ["tcp", "udp"]:
                            yield from _range(own, port)

    return read


def read_firewalld(unpacked: Path) -> Iterator[Door]:
    """``<port protocol="tcp" port="22"/>`` in one file a service."""
    for file in (unpacked / "firewalld/usr/lib/firewalld/services").glob("*.xml"):
        for port in Xml.parse(file).iter("port"):  # noqa: S314  # a file of a Debian package that was asked for by name
            yield from _range(port.get("protocol", ""), port.get("port", ""))


def read_shorewall(unpacked: Path) -> Iterator[Door]:
    """``PARAM - - tcp 22,80`` in one file a service."""
    for file in (unpacked / "shorewall/usr/share/shorewall").glob("macro.*"):
        for match in re.finditer(r"^(?:PARAM|ACCEPT)\s+\S+\s+\S+\s+([\w,]+)\s+([\d,:]+)", file.read_text(), re.MULTILINE):
            for protocol in match[1].split(","):
                for port in match[2].split(","):
                    yield from _range(protocol, port)


def read_firehol(unpacked: Path) -> Iterator[Door]:
    """``server_ssh_ports="tcp/22"`` in shell."""
    for name in ("firehol-common/usr/lib/firehol/services.common", "firehol/usr/lib/firehol/services.firehol"):
        for line in re.findall(r"^server_\w+_ports=\"([^\"]*)\"", (unpacked / name).read_text(), re.MULTILINE):
            for word in line.split():
                protocol, _, ports = word.partition("/")
                for port in ports.split(","):
                    yield from _range(protocol, port)


def read_fwbuilder(unpacked: Path) -> Iterator[Door]:
    """``<TCPService dst_range_start="22" dst_range_end="22"/>`` in its library of objects."""
    file = next((unpacked / "fwbuilder-common").glob("usr/share/fwbuilder-*/objects_init.xml"))
    for element in Xml.parse(file).iter():  # noqa: S314  # a file of a Debian package that was asked for by name
        protocol = element.tag.rpartition("}")[2]
        if protocol in ("TCPService", "UDPService") and element.get("dst_range_start", "0") != "0":
            yield from _range(protocol[:3].lower(), f"{element.get('dst_range_start')}-{element.get('dst_range_end')}")


def version_of(unpacked: Path, package: str) -> str:
    """The version of the package that was unpacked, from its file's name."""
    file = next(unpacked.glob(f"{package}_*.deb"))
    return subprocess.run(["dpkg-deb", "-f", str(file), "Version"], check=True, capture_output=True, text=True).stdout.strip()


#: Debian package → what its list is, and how it is read.
READERS: dict[str, tuple[str, Callable[[Path], Iterator[Door]]]] = {
    "netbase": ("the system's list of service names", read_netbase),
    "ufw": ("the firewall's application profiles", read_profiles("ufw/etc/ufw/applications.d")),
    "gufw": ("the firewall's application profiles", read_profiles("gufw/etc/gufw/app_profiles")),
    "firewalld": ("the firewall's services", read_firewalld),
    "shorewall": ("the firewall's macros", read_shorewall),
    "firehol-common": ("the firewall's services", read_firehol),
    "fwbuilder-common": ("the firewall builder's standard objects", read_fwbuilder),
}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
