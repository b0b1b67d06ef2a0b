"""``doorward sockets`` beside ``ss`` and psutil with 100,000 open TCP sockets, each held by a process: medians and ratios of one run.

Builds its own sockets in a network namespace of its own (root, or user namespaces), measures, and ends what it started:

    python bench/sockets.py [--sockets 100000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

HOLDERS = 6
BOUND_S = 0.9
REFRESH_BOUND_S = 0.2


def main() -> int:
    """Enter a namespace, build, measure, print; exit status 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.inside:
        enter = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
        return subprocess.run([*enter, sys.executable, __file__, *sys.argv[1:], "--inside"], check=False, timeout=600).returncode
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    holders = [_start_holder(arguments.sockets // HOLDERS // 2) for _ in range(HOLDERS)]
    try:
        for _, ready in holders:
            ready.recv()
        return _measure(arguments.rounds)
    finally:
        for process, _ in holders:
            process.kill()
            process.join()


def _start_holder(pairs: int) -> tuple[multiprocessing.Process, Connection]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_hold, args=(pairs, theirs), daemon=True)
    process.start()
    return process, ours


def _hold(pairs: int, ready: Connection) -> None:
    """Open ``pairs`` connections to oneself and keep both ends."""
    wanted = 2 * pairs + 64
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    server = socket.create_server(("127.0.0.1", 0), backlog=128)
    held = []
    for _ in range(pairs):
        held.append(socket.create_connection(server.getsockname()))
        held.append(server.accept()[0])
    ready.send(len(held))
    time.sleep(600)


def _measure(rounds: int) -> int:
    doorward = shutil.which("doorward", path=str(Path(sys.executable).parent)) or "doorward"
    commands: dict[str, list[str]] = {
        "doorward sockets": [doorward, "sockets"],
        "doorward sockets --json": [doorward, "sockets", "--json"],
        "ss -tan": ["ss", "-tan"],
        "ss -tanp": ["ss", "-tanp"],
        "psutil": [sys.executable, "-c", "import psutil; psutil.net_connections('tcp')"],
        "reader alone": [sys.executable, "-c", _READER],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    times["watch refresh"] = []
    for turn in range(rounds):
        for name, command in commands.items():
            if name in ("ss -tanp", "psutil") and turn >= min(rounds, 3):
                continue
            times[name].append(_timed(partial(subprocess.run, command, check=True, stdout=subprocess.DEVNULL)))
    times["watch refresh"] = _refresh_times(rounds)
    medians = {name: statistics.median(values) for name, values in times.items() if values}
    reference = medians["doorward sockets"]
    print(f"{'':26} median s   best s   × of doorward sockets")
    for name, median in medians.items():
        print(f"{name:26} {median:8.3f} {min(times[name]):8.3f} {median / reference:8.2f}")
    broken = [f"doorward sockets took {reference:.2f} s, bound {BOUND_S} s"] if reference > BOUND_S else []
    if medians["watch refresh"] > REFRESH_BOUND_S:
        broken.append(f"a refresh took {medians['watch refresh']:.2f} s, bound {REFRESH_BOUND_S} s")
    print("\n".join(broken) or "bounds hold")
    return 1 if broken else 0


_READER = (
    "from doorward.sockets.live_walk import Walk; w = Walk(); from doorward.sockets.live_snapshot import read_sockets; read_sockets(walk=w)"
)


def _refresh_times(rounds: int) -> list[float]:
    from doorward.sockets.live_watch import SocketWatcher
    from doorward.values.clocks import SystemClock

    with SocketWatcher(SystemClock()) as watcher:
        watcher.refresh()
        return [_timed(watcher.refresh) for _ in range(2 * rounds)]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
