"""SYNs a second into a peer that drops them, beside masscan and zmap on the same veth pair; and answers taken in without loss.

Every sender is measured alike and from outside: by the interface's own counter of packets, over one steady second. Needs root, for the
peers too; what isn't installed is said and left out:

    python bench/rings.py [--rounds 5]

Runs in two network namespaces of its own; nothing leaves the machine (198.18.0.0/15 is for benchmarks, RFC 2544).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

SOURCE, TARGET = "198.18.7.1", "198.18.7.2"
SOURCE_MAC, TARGET_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
WINDOW_S = 1.0
START_LIMIT_S = 6.0
FLOOD = 1_000_000
LEAST_RATIO = 1.4
OURS, OURS_RING = "doorward", "the same, TX ring"

MASSCAN = (
    f"masscan -p1-65535 198.18.0.0/16 --adapter bench-here --adapter-ip {SOURCE} --adapter-port 61000 "
    f"--router-mac {TARGET_MAC} --rate 100000000 --wait 0 -oL /dev/null"
)
ZMAP = f"zmap -M tcp_synscan -p 80 -b /dev/null -i bench-here -S {SOURCE} -G {TARGET_MAC} -o /dev/null -r 0 -c 1 198.18.0.0/15 10.0.0.0/8"


def main() -> int:
    """Enter a namespace, measure, print; exit status 1 where the bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--send", default="", help=argparse.SUPPRESS)
    parser.add_argument("--flood", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.send:
        return _send("bench-here", 30.0, None, arguments.send)
    if arguments.flood:
        return _send("bench-there", 30.0, FLOOD, "ring")
    if not arguments.inside:
        if os.geteuid() != 0:
            print("needs root: left out")
            return 0
        words = ["unshare", "-n", sys.executable, __file__, *sys.argv[1:], "--inside"]
        return subprocess.run(words, check=False, timeout=300).returncode
    with _peer() as there:
        return _measure(arguments.rounds, there)


@contextlib.contextmanager
def _peer() -> Iterator[list[str]]:
    """Make the other namespace and the pair; give the words that run a command in it."""
    holder = subprocess.Popen(["unshare", "-n", "sleep", "600"])
    try:
        own = Path("/proc/self/ns/net").readlink()
        while Path(f"/proc/{holder.pid}/ns/net").readlink() == own:
            time.sleep(0.01)
        there = ["nsenter", "-t", str(holder.pid), "-n"]
        quiet = ["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"]
        for words in (
            quiet,
            [*there, *quiet],
            f"ip link add bench-here address {SOURCE_MAC} type veth peer name bench-there address {TARGET_MAC}".split(),
            f"ip link set bench-there netns {holder.pid}".split(),
            f"ip addr add {SOURCE}/16 dev bench-here".split(),
            ["ip", "link", "set", "bench-here", "up"],
            [*there, "ip", "link", "set", "bench-there", "up"],
        ):
            subprocess.run(words, check=True)
        yield there
    finally:
        holder.kill()
        holder.wait()


def _measure(rounds: int, there: list[str]) -> int:
    senders = {name: [sys.executable, __file__, "--send", way] for name, way in ((OURS, "auto"), (OURS_RING, "ring"))}
    for name, call in (("masscan", MASSCAN), ("zmap", ZMAP)):
        if shutil.which(name):
            senders[name] = call.split()
        else:
            print(f"{name} is not installed: no peer")
    if shutil.which("nft"):
        chain = "{ type filter hook ingress device bench-there priority 0; policy drop; }"
        subprocess.run([*there, "nft", f"add table netdev bench; add chain netdev bench refuse {chain}"], check=True)
        print(f"SYNs a second into a peer whose ingress drops all; median of {rounds}, by the interface's counter")
    else:
        print(f"SYNs a second into a peer without an address (nft is not installed); median of {rounds}, by the interface's counter")
    rates: dict[str, list[float]] = {name: [] for name in senders}
    kernel: list[float] = []
    for _ in range(rounds):  # in turn, so that other load on the machine meets all alike
        for name, words in senders.items():
            rate, share = _run(words)
            rates[name].append(rate / 1e6)
            if name == OURS:
                kernel.append(share)
    for name, found in rates.items():
        print(f"  {name:<19} {statistics.median(found):6.3f} Mpps  [{min(found):.3f}-{max(found):.3f}]", flush=True)
    print(f"  {OURS} spends {statistics.median(kernel):.0%} of its processor time in the kernel, the rest in Python and NumPy")
    broken = False
    theirs = {name: statistics.median(found) for name, found in rates.items() if name in ("masscan", "zmap")}
    if theirs:
        best = max(theirs, key=lambda name: theirs[name])
        ratio, ring = (statistics.median(rates[name]) / theirs[best] for name in (OURS, OURS_RING))
        print(f"    ratio to {best}, the faster: {ratio:.2f} (at least {LEAST_RATIO}), through the TX ring {ring:.2f}")
        broken = ratio < LEAST_RATIO
    if shutil.which("nft"):
        subprocess.run([*there, "nft", "delete table netdev bench"], check=True)
    return int(_take_in(min(rounds, 3), there) or broken)


def _run(words: list[str]) -> tuple[float, float]:
    """Run a sender until it is at speed, and count for a second; returns frames a second and the kernel's share of its time."""
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        limit = time.perf_counter() + START_LIMIT_S
        idle = _sent()
        while _sent() - idle < 50_000:
            if time.perf_counter() > limit or process.poll() is not None:
                return 0.0, 0.0
            time.sleep(0.02)
        before, began, used = _sent(), time.perf_counter(), _times(process.pid)
        time.sleep(WINDOW_S)
        after, ended, used_then = _sent(), time.perf_counter(), _times(process.pid)
        user, system = used_then[0] - used[0], used_then[1] - used[1]
        return (after - before) / (ended - began), system / max(user + system, 1e-9)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _sent() -> int:
    with open("/proc/net/dev") as counters:  # noqa: PTH123  # read a hundred times a second
        line = next(line for line in counters if "bench-here:" in line)
    return int(line.partition(":")[2].split()[9])


def _times(pid: int) -> tuple[int, int]:
    """User and system time of a process with all its threads, in ticks (proc_pid_stat(5), fields 14 and 15)."""
    with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
        fields = file.read().rpartition(")")[2].split()
    return int(fields[11]), int(fields[12])


def _send(name: str, seconds: float, most: int | None, way: str) -> int:
    """Send SYNs as a scan does: each with its own address, port and sequence number, stamped from a template, both checksums right."""
    import numpy as np

    from doorward.rings.filters import protocol
    from doorward.rings.packet_ring import RingSettings, open_packet_ring
    from doorward.rings.send_ring import SendSettings
    from doorward.values.addresses import Address
    from doorward.wire.templates import Envelope, tcp_template

    macs = [bytes.fromhex(mac.replace(":", "")) for mac in (SOURCE_MAC, TARGET_MAC)]
    envelope = Envelope(source=Address.parse(SOURCE), source_mac=macs[0], destination=Address.parse(TARGET), destination_mac=macs[1])
    template = tcp_template(envelope)
    settings = RingSettings(SendSettings(way="auto" if way == "auto" else "ring"))
    ring = open_packet_ring(name, protocol("arp"), settings=settings)
    batch = 1024
    numbers = np.arange(batch, dtype=np.uint32)
    began, sent = time.perf_counter(), 0
    while time.perf_counter() - began < seconds and (most is None or sent < most):
        slots = ring.reserve(batch if most is None else min(batch, most - sent))
        count = len(slots)
        addresses = (numbers[:count] + np.uint32(0xC6120000 + (sent >> 4) % 65536)).astype(">u4").view(np.uint8).reshape(count, 4)
        ports = (numbers[:count] + sent) & 0xFFFF
        lengths = template.stamp(
            slots, destinations=addresses, destination_ports=ports, source_ports=40000, sequences=numbers[:count] * np.uint32(2654435761)
        )
        sent += ring.commit(lengths)
    drops = ring.counters().link_send_drops
    ring.close()
    if most is not None:
        print(json.dumps({"sent": sent, "drops": drops, "seconds": time.perf_counter() - began}))
    return 0


def _take_in(rounds: int, there: list[str]) -> bool:
    """Receive a million frames that the peer sends as fast as it can; print; true when one was lost without being counted."""
    from doorward.rings.filters import protocol
    from doorward.rings.packet_ring import open_packet_ring

    print(f"{FLOOD:,} frames from the peer at its full speed, taken in by doorward's ring; {rounds} times")
    silent = False
    for _ in range(rounds):
        ring = open_packet_ring("bench-here", protocol("tcp"), snap_bytes=128)
        flood = subprocess.Popen([*there, sys.executable, __file__, "--flood"], stdout=subprocess.PIPE, text=True)
        received, quiet = 0, 0
        used = time.process_time()
        while quiet < 20 and received < FLOOD:
            frames = ring.receive(0.1)
            received += len(frames)
            quiet = 0 if len(frames) or flood.poll() is None else quiet + 1
        used = time.process_time() - used
        told = json.loads(flood.communicate(timeout=30)[0])
        dropped = ring.counters().dropped_by_kernel
        ring.close()
        unseen = told["sent"] - told["drops"] - received - dropped
        silent |= unseen > 0
        print(
            f"  {told['sent'] / told['seconds'] / 1e6:.2f} Mpps: {received:,} received, {dropped:,} dropped and counted, "
            f"{max(unseen, 0):,} lost unseen, {used:.2f} s of processor time to take them in",
            flush=True,
        )
    return silent


if __name__ == "__main__":
    sys.exit(main())
