"""``doorward scan`` with raw knocks beside nmap, masscan and zmap on one veth pair: seconds, found, packets, medians and ratios of one run.

    python bench/raw_scan.py [--rounds 5] [--only CASE] [--loss-runs 20]

Needs root (namespaces) and nft; peers that aren't installed are left out. A peer that needs minutes is run once, with a time limit.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder alone is where Python looks
from bench.labs.scan_lab import LIVE_ON_LINK, LIVE_ROUTED, MANY, ON_LINK, PORTS, ROUTED, TARGET, Lab, Run, lab

Found = Callable[[str], set[str]]
OURS = [sys.executable, "-m", "doorward", "scan", "--json", "--no-memory", "--i-may-scan-this"]
OPEN = {f"{TARGET}:{port}" for port in PORTS}


@dataclass(frozen=True)
class Contender:
    """A program, how its output is read, how often and how long it may run; ``None``: as often as ours."""

    name: str
    words: list[str]
    found: Found
    runs: int | None = None
    limit_s: float = 60.0


@dataclass(frozen=True)
class Case:
    """One row of the table: what is there, who tries, and our bounds in seconds, or as a part of the first peer's time."""

    name: str
    rules: str | None
    truth: set[str]
    contenders: list[Contender]
    most_s: float | None = None
    most_ratio: float | None = None
    icmp_limit: int = 1000
    broken: list[str] = field(default_factory=list)


def read_ours(text: str) -> set[str]:
    """Open doors, or hosts, of our JSON lines."""
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    hosts = {line["address"] for line in lines if line["kind"] == "host"}
    return hosts | {f"{line['address']}:{line['port']}" for line in lines if line["kind"] == "door" and line["state"] == "open"}


def read_nmap(text: str) -> set[str]:
    """Open doors, or hosts that are up, of nmap's -oG."""
    found: set[str] = set()
    for line in text.splitlines():
        host = re.match(r"Host: (\S+)", line)
        if host and "Ports: " in line:
            found |= {f"{host[1]}:{item.split('/')[0].strip()}" for item in line.split("Ports: ")[1].split(",") if "/open/" in item}
        elif host and "Status: Up" in line and "-sn" in text.splitlines()[0]:
            found.add(host[1])
    return found


def read_masscan(text: str) -> set[str]:
    """Open doors of masscan's -oL."""
    return {f"{line.split()[3]}:{line.split()[2]}" for line in text.splitlines() if line.startswith("open ")}


def read_addresses(text: str) -> set[str]:
    """Addresses, one a line: zmap's."""
    return {line for line in text.splitlines() if re.fullmatch(r"[\d.]+", line)}


def read_hosts_of_masscan(text: str) -> set[str]:
    """Hosts of masscan's ping."""
    return {line.split()[3] for line in text.splitlines() if line.startswith("open ")}


def nmap(*words: str, runs: int | None = None, limit_s: float = 120.0) -> list[Contender]:
    """Debian's nmap."""
    if shutil.which("nmap") is None:
        return []
    return [Contender(f"nmap {' '.join(words)}", ["nmap", "-n", "-oG", "-", *words], read_nmap, runs, limit_s)]


def masscan(made: Lab, *words: str, found: Found = read_masscan, runs: int | None = 1) -> list[Contender]:
    """Debian's masscan; it doesn't always end, so it has a limit."""
    if shutil.which("masscan") is None:
        return []
    way = ["--adapter", made.link, "--adapter-ip", "198.18.7.1", "--adapter-port", "61000", "--router-mac", "02:00:00:00:00:02"]
    return [Contender(f"masscan {' '.join(words)}", ["masscan", *words, *way, "-oL", "-"], found, runs, 40.0)]


def zmap(made: Lab, *words: str) -> list[Contender]:
    """Debian's zmap."""
    if shutil.which("zmap") is None:
        return []
    way = ["-b", "/dev/null", "-i", made.link, "-S", "198.18.7.1", "-G", "02:00:00:00:00:02", "-q", "-v", "0"]
    return [Contender(f"zmap {' '.join(words)}", ["zmap", *words, *way, "-o", "-"], read_addresses, 1, 60.0)]


def ours(*words: str) -> list[Contender]:
    """This program."""
    return [Contender(f"doorward scan {' '.join(words)}", [*OURS, *words], read_ours)]


def cases(made: Lab) -> list[Case]:
    """The table."""
    everything = [TARGET, "-p", "1-65535"]
    full = ours(*everything)
    hosts = {f"198.18.10.{number}:{port}" for number in range(1, 101) for port in PORTS if port <= 1000}
    return [
        Case(
            "65,535 TCP ports, 20 open, the others refuse",
            None,
            OPEN,
            full + nmap("-Pn", "-sS", "-p-", TARGET) + masscan(made, "-p1-65535", TARGET, "--rate", "100000"),
            most_ratio=0.8,
        ),
        Case(
            "the same, the others silently dropped",
            "silent",
            OPEN,
            full
            + nmap("-Pn", "-sS", "-T4", "--min-rate", "50000", "-p-", TARGET, runs=3)
            + nmap("-Pn", "-sS", "-p-", TARGET, runs=1, limit_s=130.0)
            + masscan(made, "-p1-65535", TARGET, "--rate", "100000"),
            most_s=2.0,
        ),
        Case(
            "the same as the first, 2 % loss each way",
            "loss 2",
            OPEN,
            full + nmap("-Pn", "-sS", "-T4", "-p-", TARGET, runs=1) + masscan(made, "-p1-65535", TARGET, "--rate", "100000"),
            most_s=3.0,
        ),
        Case(
            "the same, 10 % loss each way",
            "loss 10",
            OPEN,
            full
            + nmap("-Pn", "-sS", "-T4", "--min-rate", "10000", "-p-", TARGET, runs=1)
            + nmap("-Pn", "-sS", "-T4", "-p-", TARGET, runs=1)
            + masscan(made, "-p1-65535", TARGET, "--rate", "100000"),
            most_s=5.0,
        ),
        Case(
            "the same, the target limits RSTs to 1,000/s",
            "resets",
            OPEN,
            full
            + nmap("-Pn", "-sS", "-T4", "--defeat-rst-ratelimit", "-p-", TARGET, runs=1)
            + nmap("-Pn", "-sS", "-T4", "-p-", TARGET, runs=1),
            most_s=6.0,
        ),
        Case(
            "UDP top 100, Linux's own ICMP limit",
            None,
            {f"{TARGET}:{port}" for port in (53, 123, 161)},
            ours(TARGET, "--kind", "udp", "--top-ports", "100")
            + nmap("-Pn", "-sU", "-T4", "--defeat-icmp-ratelimit", "--top-ports", "100", TARGET, runs=3)
            + nmap("-Pn", "-sU", "-T4", "--top-ports", "100", TARGET, runs=1),
            most_s=2.0,
        ),
        Case(
            "/24 on the link, 100 live",
            None,
            LIVE_ON_LINK,
            ours(ON_LINK, "--exclude", "198.18.8.254", "--discover") + nmap("-sn", ON_LINK, "--exclude", "198.18.8.254"),
            most_s=0.5,
        ),
        Case(
            "/24 behind a router, 100 live",
            None,
            LIVE_ROUTED,
            ours(ROUTED, "--discover")
            + nmap("-sn", ROUTED)
            + zmap(made, "-M", "icmp_echoscan", "-r", "1000000", "-c", "1", ROUTED)
            + masscan(made, "--ping", ROUTED, "--rate", "10000", found=read_hosts_of_masscan),
            most_s=1.0,
        ),
        Case(
            "100 hosts × 1,000 ports; a third refuses, a third drops, a third rejects",
            "mixed",
            hosts,
            ours(MANY, "-p", "1-1000") + nmap("-Pn", "-sS", "-T4", "-p", "1-1000", MANY, runs=1, limit_s=180.0),
            most_ratio=0.25,
        ),
    ]


def show(case: Case, contender: Contender, runs: list[Run]) -> tuple[float, int]:
    """Print a line; returns the median of the seconds and the fewest found."""
    seconds = [run.seconds for run in runs]
    found = [len(contender.found(run.text) & case.truth) for run in runs]
    false = max(len(contender.found(run.text) - case.truth) for run in runs)
    median = statistics.median(seconds)
    told = f"found {min(found)}" + (f"-{max(found)}" if max(found) != min(found) else "") + f"/{len(case.truth)}"
    spread = f"[{min(seconds):.2f}-{max(seconds):.2f}]"
    notes = (f", {false} false" if false else "") + (", killed at its limit" if any(run.killed for run in runs) else "")
    packets = statistics.median([run.packets for run in runs])
    print(f"  {contender.name[:58]:<58} {median:7.2f} s {spread:<15} n={len(runs)} {told}, {packets:,.0f} packets{notes}", flush=True)
    return median, min(found)


def measure(made: Lab, case: Case, rounds: int) -> bool:
    """Run a case; returns whether a bound of ours was broken."""
    print(case.name, flush=True)
    made.set("net.ipv4.icmp_ratelimit", case.icmp_limit)
    ratio_base: float | None = None
    own, fewest = 0.0, 0
    with made.rules(case.rules):
        for place, contender in enumerate(case.contenders):
            runs = [made.run(contender.words, contender.limit_s) for _ in range(min(rounds, contender.runs or rounds))]
            median, found = show(case, contender, runs)
            if place == 0:
                own, fewest = median, found
            else:
                ratio_base = ratio_base if ratio_base is not None else median
                print(f"    ours takes {own / median:.2f} of its time", flush=True)
    broken = fewest < len(case.truth) or (case.most_s is not None and own > case.most_s)
    broken |= case.most_ratio is not None and ratio_base is not None and own > case.most_ratio * ratio_base
    bound = f"{case.most_s:g} s" if case.most_s is not None else f"{case.most_ratio:g} of the first peer"
    print(f"    bound {bound}: {'BROKEN' if broken else 'kept'}", flush=True)
    return broken


def many_losses(made: Lab, runs: int) -> bool:
    """Every run must find all 20 doors, whatever is lost."""
    broken = False
    for rules in ("loss 2", "loss 10"):
        with made.rules(rules):
            found = [len(read_ours(made.run([*OURS, TARGET, "-p", "1-65535"], 60).text) & OPEN) for _ in range(runs)]
        print(f"{rules} % each way, {runs} runs: 20 of 20 found in {found.count(20)} of them", flush=True)
        broken |= found.count(20) < runs
    return broken


def planned_memory() -> bool:
    """The plan of 2^32 hosts × 100 ports: its memory at the most."""
    code = """
import resource, msgspec
from doorward.scan.raw.engine import Engine; from doorward.scan.raw.kinds import Kind; from doorward.scan.raw.answers import KnockPorts
from doorward.scan.raw.order import Order; from doorward.scan.raw.space import Space; from doorward.scan.raw.cookies import Cookies
from doorward.scan.spans import network_span
space = Space([network_span("0.0.0.0/0")], range(1, 101))
engine = Engine(Kind.SYN, space, Order(space.count, 1), cookies=Cookies(bytes(16), bytes(16), 6), ports=KnockPorts(61000))
now = 0
for turn in range(700):
    engine.turn(now)
    knocks = engine.take(2048, now)
    if knocks is not None:
        engine.sent(knocks, now)
        engine.left(knocks, len(knocks), now)
    engine.harvest(now)
    now += 3_000_000
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, engine.counts.sent, space.count)
"""
    words = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300).stdout.split()
    print(f"2^32 addresses × 100 ports ({int(words[2]):,} doors) planned and {int(words[1]):,} knocked at: {words[0]} MB (bound 150 MB)")
    return int(words[0]) > 150


def main() -> int:
    """Build the lab, measure, print; exit status 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--loss-runs", type=int, default=20)
    arguments = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("nft") is None:
        print("needs root and nft: not measured")
        return 0
    with lab() as made:
        broken = [measure(made, case, arguments.rounds) for case in cases(made) if arguments.only in case.name]
        if arguments.loss_runs and not arguments.only:
            broken.append(many_losses(made, arguments.loss_runs))
    if not arguments.only:
        broken.append(planned_memory())
    return int(any(broken))


if __name__ == "__main__":
    sys.exit(main())
