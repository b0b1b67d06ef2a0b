"""The lab of the raw scan's benchmark: two network namespaces joined by a veth pair, a target with 20 open ports, filters, loss, limits.

Nothing can leave the machine: there is no uplink and no default route, and all addresses are of 198.18.0.0/15 (RFC 2544).
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PORTS = (21, 22, 25, 80, 110, 143, 443, 445, 993, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 27017, 49152, 65535)
UDP_PORTS = (53, 123, 161)
TARGET, OWN = "198.18.7.2", "198.18.7.1"
ON_LINK, ROUTED, MANY = "198.18.8.0/24", "198.18.9.0/24", "198.18.10.1-100"
LIVE_ON_LINK = {f"198.18.8.{number * 2}" for number in range(1, 101)}
LIVE_ROUTED = {f"198.18.9.{number * 2}" for number in range(1, 101)}

_OPEN = ",".join(map(str, PORTS))
RULES = {
    "silent": f"""table inet lab {{ chain in {{ type filter hook input priority 0; policy drop;
 ip protocol icmp accept
 tcp dport {{ {_OPEN} }} accept
 udp dport {{ 53,123,161 }} accept
}}
}}""",
    "loss 2": "",
    "loss 10": "",
    "resets": """table inet lab { chain out { type filter hook output priority -10; policy accept;
 tcp flags & rst == rst limit rate over 1000/second burst 100 packets drop
}
}""",
    # A third of the hundred hosts refuses, a third drops what isn't open, a third rejects with ICMP.
    "mixed": f"""table inet lab {{ chain in {{ type filter hook input priority 0; policy accept;
 ip daddr 198.18.10.34-198.18.10.66 tcp dport != {{ {_OPEN} }} drop
 ip daddr 198.18.10.67-198.18.10.100 tcp dport != {{ {_OPEN} }} reject with icmp type admin-prohibited
}}
}}""",
}
for _percent in (2, 10):
    RULES[f"loss {_percent}"] = f"""table inet lab {{
 chain in {{ type filter hook input priority -10; policy accept; meta l4proto tcp numgen random mod 100 < {_percent} drop
}}
 chain out {{ type filter hook output priority -10; policy accept; meta l4proto tcp numgen random mod 100 < {_percent} drop
}}
}}"""


@dataclass(frozen=True)
class Run:
    """One run of a program: seconds, packets that left the interface, and what it printed."""

    seconds: float
    packets: int
    text: str
    killed: bool


class Lab:
    """The two namespaces, while they are there."""

    def __init__(self) -> None:
        name = f"dw{os.getpid() % 100_000}"
        self.here, self.there, self.link, self.far = f"{name}a", f"{name}b", f"{name}v", f"{name}w"

    def build(self) -> None:
        """Make it."""
        here, there, link, far = self.here, self.there, self.link, self.far
        _ip("netns", "add", here)
        _ip("netns", "add", there)
        _ip("link", "add", link, "netns", here, "type", "veth", "peer", "name", far, "netns", there)
        _batch(
            here,
            "link set lo up",
            f"link set {link} address 02:00:00:00:00:01",
            f"addr add {OWN}/24 dev {link}",
            f"addr add 198.18.8.254/24 dev {link}",
            f"link set {link} up",
            f"route add {ROUTED} via {TARGET}",
            f"route add 198.18.10.0/24 via {TARGET}",
        )
        _batch(
            there,
            "link set lo up",
            f"link set {far} address 02:00:00:00:00:02",
            f"addr add {TARGET}/24 dev {far}",
            f"link set {far} up",
            *(f"addr add {address}/32 dev {far}" for address in sorted(LIVE_ON_LINK)),
            *(f"addr add {address}/32 dev lo" for address in sorted(LIVE_ROUTED)),
            *(f"addr add 198.18.10.{number}/32 dev lo" for number in range(1, 101)),
            f"route add {ON_LINK} dev {far}",
            f"route add blackhole {ROUTED}",
        )
        for name in ("all", far):
            self.set(f"net.ipv4.conf.{name}.rp_filter", 0)
        # nmap and masscan lose answers in a ring sized by the offloads (research of their code); off, they are at their best.
        with contextlib.suppress(FileNotFoundError):
            subprocess.run(["ip", "netns", "exec", here, "ethtool", "-K", link, "tso", "off", "gso", "off", "gro", "off"], check=False)

    def set(self, name: str, value: int) -> None:
        """Set a kernel parameter of the target."""
        subprocess.run(["ip", "netns", "exec", self.there, "sysctl", "-qw", f"{name}={value}"], check=True)

    @contextlib.contextmanager
    def rules(self, name: str | None) -> Iterator[None]:
        """Load a filter into the target for a while."""
        nft = ["ip", "netns", "exec", self.there, "nft"]
        if name is not None:
            subprocess.run([*nft, "-f", "-"], input=f"{RULES[name]}\n", text=True, check=True)
        try:
            yield
        finally:
            subprocess.run([*nft, "flush", "ruleset"], check=True)

    def run(self, words: list[str], limit_s: float) -> Run:
        """Run a program in the scanner's namespace, at most ``limit_s``."""
        before = self._sent()
        began = time.perf_counter()
        with subprocess.Popen(
            ["ip", "netns", "exec", self.here, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "COLUMNS": "80"},
        ) as process:
            try:
                text, _ = process.communicate(timeout=limit_s)
                killed = False
            except subprocess.TimeoutExpired:
                process.kill()
                text, _ = process.communicate()
                killed = True
        return Run(time.perf_counter() - began, self._sent() - before, text, killed)

    def _sent(self) -> int:
        shown = subprocess.run(["ip", "-n", self.here, "-s", "-j", "link", "show", self.link], capture_output=True, text=True, check=True)
        return int(json.loads(shown.stdout)[0]["stats64"]["tx"]["packets"])

    def remove(self) -> None:
        """Take it down."""
        for name in (self.here, self.there):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


@contextlib.contextmanager
def lab() -> Iterator[Lab]:
    """A lab with its target listening."""
    made = Lab()
    try:
        made.build()
        words = ["ip", "netns", "exec", made.there, sys.executable, str(Path(__file__).resolve()), "--target"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as target:
            try:
                assert target.stdout is not None
                target.stdout.readline()
                yield made
            finally:
                target.kill()
    finally:
        made.remove()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _batch(namespace: str, *lines: str) -> None:
    subprocess.run(["ip", "-n", namespace, "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True)


def _serve() -> None:
    """Listen on every port of the target, take callers and let them go; answer three UDP protocols in the least words."""
    selector = selectors.DefaultSelector()
    for port in PORTS:
        selector.register(socket.create_server(("0.0.0.0", port), backlog=1024), selectors.EVENT_READ, 0)
    for port in UDP_PORTS:
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind((TARGET, port))
        selector.register(datagrams, selectors.EVENT_READ, port)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            door = key.fileobj
            assert isinstance(door, socket.socket)
            if not key.data:
                door.accept()[0].close()
                continue
            data, sender = door.recvfrom(2048)
            door.sendto(_answer(key.data, bytearray(data)), sender)


def _answer(port: int, data: bytearray) -> bytes:
    if port == 53 and len(data) > 2:
        data[2] |= 0x80
    elif port == 123 and data:
        data[0] = (data[0] & ~7) | 4
    elif port == 161 and 0xA0 in data:
        data[data.index(0xA0)] = 0xA2
    return bytes(data)


if __name__ == "__main__" and "--target" in sys.argv:
    _serve()
