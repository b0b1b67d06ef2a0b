"""``doorward scan`` beside ``nmap -sT``: all TCP ports of loopback with 20 listeners, whole programs, medians and ratios of one run.

Both are unprivileged connect scans here; nmap is left out where it isn't installed, and the silent case where nft isn't:

    python bench/scan.py [--rounds 5] [--silent-ports 4096]

Runs in a network namespace of its own (root, or user namespaces), so nobody else's listener is ever knocked at.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

PORTS = (21, 22, 25, 80, 110, 143, 443, 445, 993, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 27017, 49152, 65535)
BOUND_S = 4.0
TIME_LIMIT_S = 300


def main() -> int:
    """Enter a namespace, listen, measure, print; exit status 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--silent-ports", type=int, default=4096)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.inside:
        enter = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
        return subprocess.run([*enter, sys.executable, __file__, *sys.argv[1:], "--inside"], check=False, timeout=1700).returncode
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    ours, theirs = multiprocessing.Pipe()
    listeners = multiprocessing.Process(target=_listen, args=(theirs,), daemon=True)
    listeners.start()
    try:
        ours.recv()
        return _measure(arguments.rounds, arguments.silent_ports)
    finally:
        listeners.kill()
        listeners.join()


def _listen(ready: Connection) -> None:
    """Listen on every port of `PORTS` and take callers, so that no accept queue fills."""
    servers = [socket.create_server(("127.0.0.1", port), backlog=1024) for port in PORTS]
    ready.send(len(servers))
    import selectors

    selector = selectors.DefaultSelector()
    for server in servers:
        selector.register(server, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            key.fileobj.accept()[0].close()  # type: ignore[union-attr]  # only sockets were registered


def _measure(rounds: int, silent_ports: int) -> int:
    everything = "1-65535"
    print(f"65,535 TCP ports of 127.0.0.1, {len(PORTS)} open, the others refuse; whole programs, median of {rounds}")
    median, worst = _row("doorward scan -p-", rounds, lambda: _ours(everything))
    broken = median > BOUND_S or worst < len(PORTS)
    if shutil.which("nmap") is None:
        print("  nmap is not installed: no peer")
    else:
        for words in ([], ["-T4"]):
            theirs, _ = _row(" ".join(["nmap -n -Pn -sT -p-", *words]), rounds, lambda words=words: _nmap(everything, *words))  # type: ignore[misc]
            print(f"    ratio {median / theirs:.2f}")
    if shutil.which("nft") is None:
        print("nft is not installed: the silent case is left out")
        return int(broken)
    _drop_all_but_open()
    some = f"1-{silent_ports}"
    wanted = sum(port <= silent_ports for port in PORTS)
    print(f"{silent_ports:,} TCP ports of 127.0.0.1, {wanted} open, the others silently dropped; median of 3")
    median, worst = _row(f"doorward scan -p {some}", 3, lambda: _ours(some))
    broken |= worst < wanted
    if shutil.which("nmap") is not None:
        theirs, _ = _row(f"nmap -n -Pn -sT -T4 -p {some}", 1, lambda: _nmap(some, "-T4"))
        print(f"    ratio {median / theirs:.2f}")
    print("65,535 TCP ports, all but the 20 silently dropped; once")
    _, worst = _row("doorward scan -p-", 1, lambda: _ours(everything))
    return int(broken or worst < len(PORTS))


def _row(name: str, rounds: int, scan: Callable[[], set[int]]) -> tuple[float, int]:
    """Run, print a line, return the median of the seconds and the fewest doors found."""
    seconds, found = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        ports = scan()
        seconds.append(time.perf_counter() - began)
        found.append(len(ports & set(PORTS)))
        if ports - set(PORTS):
            print(f"  false open: {sorted(ports - set(PORTS))}")
    print(
        f"  {name:<34} {statistics.median(seconds):6.2f} s  [{min(seconds):.2f}-{max(seconds):.2f}]  found {' '.join(map(str, found))}",
        flush=True,
    )
    return statistics.median(seconds), min(found)


def _ours(ports: str) -> set[int]:
    words = [sys.executable, "-m", "doorward", "scan", "127.0.0.1", "-p", ports, "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=TIME_LIMIT_S)
    return {line["port"] for line in map(json.loads, done.stdout.splitlines()) if line["kind"] == "door"}


def _nmap(ports: str, *words: str) -> set[int]:
    call = ["nmap", "-n", "-Pn", "-sT", "-p", ports, "-oG", "-", *words, "127.0.0.1"]
    done = subprocess.run(call, capture_output=True, text=True, check=True, timeout=TIME_LIMIT_S, stdin=subprocess.DEVNULL)
    listed = next((line.partition("Ports: ")[2] for line in done.stdout.splitlines() if "Ports: " in line), "")
    return {int(item.split("/")[0]) for item in listed.split(", ") if "/open/" in item}


def _drop_all_but_open() -> None:
    opened = ", ".join(map(str, PORTS))
    rules = f"""add table inet silent
add chain inet silent in {{ type filter hook input priority 0; }}
add rule inet silent in tcp flags syn / syn,ack tcp dport != {{ {opened} }} drop
"""
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)


if __name__ == "__main__":
    sys.exit(main())
