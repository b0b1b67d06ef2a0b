"""How long small questions take, paired in one run with Python's own start: ``python bench/ports.py [repetitions]``."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

__all__ = ["main", "median_ms"]

DOORWARD = str(Path(sys.executable).with_name("doorward"))
CALLS = {
    "python3 -c pass": [sys.executable, "-c", "pass"],
    "doorward --help": [DOORWARD, "--help"],
    "doorward ports 443": [DOORWARD, "ports", "443"],
    "doorward ports mail": [DOORWARD, "ports", "mail"],
    "doorward ports 1-65535": [DOORWARD, "ports", "1-65535"],
}
LIMITS_MS = {"doorward --help": 150, "doorward ports 443": 250}


def median_ms(call: list[str], repetitions: int) -> float:
    """Run a call several times and return the median of its wall time in milliseconds."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        subprocess.run(call, stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main(arguments: list[str]) -> int:
    """Print the medians; status 1 where one is over its limit."""
    repetitions = int(arguments[0]) if arguments else 11
    late = False
    for name, call in CALLS.items():
        taken = median_ms(call, repetitions)
        limit = LIMITS_MS.get(name)
        late |= limit is not None and taken > limit
        print(f"{name:<24} {taken:7.1f} ms{f'   (limit {limit} ms)' if limit else ''}")
    return 1 if late else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
