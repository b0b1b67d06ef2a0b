"""How much room and time memory takes: 1,000 machines with 30 doors each, audited 60 times, 1 % of the doors changing each time.

Run: python bench/store.py [--machines N] [--doors N] [--audits N]. Beside it the same observations as a table of snapshots, in
the same file format and the same run, for what intervals save.
"""

from __future__ import annotations

import argparse
import datetime
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from doorward.store.changes import changes_between
from doorward.store.coverage import Coverage
from doorward.store.live_sqlite import Store
from doorward.values.addresses import ANY_IPV4
from doorward.values.clocks import ManualClock
from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence, Fact, Witness
from doorward.values.transports import Transport

FLEET = "fleet"
START = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
CHURN = 0.01
MOST_CHANGES_S = 1.0  # what changed since the last audit, or seven audits ago, of the whole fleet
LEAST_SAVING = 3  # times smaller than snapshots; it grows with the number of audits
PROGRAMS = ("sshd", "nginx", "postgres", "dnsmasq", "master", "redis-server", "python3", "node")


class World:
    """Machines whose doors come, go and change hands; the same every time (a seeded choice)."""

    def __init__(self, machines: int, doors: int) -> None:
        self.chance = random.Random(1)
        self.names = [f"host{number:04d}" for number in range(machines)]
        self.held: dict[Door, dict[str, Fact]] = {}
        for name in self.names:
            for port in range(doors):
                self.held[Door(name, ANY_IPV4, Transport.TCP, 1000 + port)] = self.holder()

    def holder(self) -> dict[str, Fact]:
        """Return the facts of some process; its number is of the moment."""
        program = self.chance.choice(PROGRAMS)
        return {"process": program, "user": "root", "unit": f"{program}.service", "pid": self.chance.randrange(1 << 22)}

    def live_on(self) -> None:
        """Let 1 % of the doors change: half another holder, a quarter another port, a quarter another process number only."""
        for door in self.chance.sample(sorted(self.held), int(len(self.held) * CHURN)):
            fate = self.chance.random()
            if fate < 0.25:
                del self.held[door]
                self.held[Door(door.machine, door.address, door.transport, self.chance.randrange(2000, 65536))] = self.holder()
            elif fate < 0.75:
                self.held[door] = self.holder()
            else:
                self.held[door] = {**self.held[door], "pid": self.chance.randrange(1 << 22)}

    def seen(self, at: datetime.datetime) -> Iterator[Evidence]:
        """Yield what the socket witness says of every door."""
        for door, facts in self.held.items():
            yield Evidence(door, Witness.SOCKET, at, "kernel", "listens", Certainty.MEASURED, "", facts)


def snapshots(connection: sqlite3.Connection, audit: int, world: World) -> None:
    """Write the same as rows of a table of snapshots."""
    rows = (
        (audit, door.machine, str(door.address), door.transport.value, door.port, str(facts["process"]), str(facts["unit"]))
        for door, facts in world.held.items()
    )
    connection.executemany("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    connection.commit()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machines", type=int, default=1000)
    parser.add_argument("--doors", type=int, default=30)
    parser.add_argument("--audits", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        holds = measure(World(asked.machines, asked.doors), asked.audits, Path(folder))
    return 0 if holds else 1


def measure(world: World, audits: int, folder: Path) -> bool:
    """Remember ``audits`` audits of the world both ways, print sizes and times, and return whether intervals keep their promise."""
    clock = ManualClock(START)
    plain = sqlite3.connect(folder / "snapshots.db")
    plain.execute("CREATE TABLE seen (audit INTEGER, machine TEXT, address TEXT, transport TEXT, port INTEGER, process TEXT, unit TEXT)")
    interval_s = snapshot_s = last_s = 0.0
    with Store.open(folder / "intervals.db") as store:
        for audit in range(audits):
            clock.advance(86400)
            begun = time.perf_counter()
            with store.run(verb="audit", machine=FLEET, clock=clock) as run:
                run.add(world.seen(clock.now()))
                for name in world.names:
                    run.covered(Witness.SOCKET, Coverage(name))
            last_s = time.perf_counter() - begun
            interval_s += last_s
            begun = time.perf_counter()
            snapshots(plain, audit, world)
            snapshot_s += time.perf_counter() - begun
            world.live_on()
        changes_s = report(store, world, audits, interval_s, last_s)
    plain.close()
    sizes = [(folder / f"{name}.db").stat().st_size for name in ("intervals", "snapshots")]
    print(f"size on disk                  {sizes[0] / 1e6:8.1f} MB, as snapshots {sizes[1] / 1e6:.1f} MB ({sizes[1] / sizes[0]:.1f} times)")
    print(f"written as snapshots in       {snapshot_s:8.2f} s")
    return changes_s < MOST_CHANGES_S and sizes[0] * LEAST_SAVING < sizes[1]


def report(store: Store, world: World, audits: int, interval_s: float, last_s: float) -> float:
    """Print what questions to the finished memory cost; return the seconds of the slowest comparison."""
    observations = audits * len(world.held)
    print(f"observations                  {observations:8d} ({len(world.names)} machines, {audits} audits)")
    each_us = interval_s / observations * 1e6
    print(f"remembered in                 {interval_s:8.2f} s ({each_us:.1f} µs each), the last audit in {last_s:.2f} s")
    slowest_s = 0.0
    for name, since in (("the last audit", audits - 1), ("the last 7 audits", max(0, audits - 7))):
        begun = time.perf_counter()
        touched = store.touched("", since, audits)
        read_s = time.perf_counter() - begun
        changes = changes_between(touched, since, ())
        total_s = time.perf_counter() - begun
        slowest_s = max(slowest_s, total_s)
        print(f"changes of {name:<18} {total_s * 1e3:8.1f} ms ({read_s * 1e3:.1f} ms of it reading): {len(changes)} doors")
    begun = time.perf_counter()
    past = store.past(world.names[0])
    print(f"the past of one machine       {(time.perf_counter() - begun) * 1e3:8.2f} ms ({len(past.doors)} doors)")
    return slowest_s


if __name__ == "__main__":
    sys.exit(main())
