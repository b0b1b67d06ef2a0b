"""Runs the benchmarks of this folder in turn and writes what each printed to bench/RESULTS.md, with its day and the machine.

Without names all are run; a named one replaces its own section, and the others stay as they were measured.

    python bench/run.py [NAME…]
"""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE / "RESULTS.md"
HEAD = "# What was measured\n\nWritten by `make bench`; each peer ran beside it in the same run. A section is as old as its own date.\n"


def machine() -> str:
    """Say on what it was measured."""
    model = "unknown processor"
    memory = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
        kib = int(Path("/proc/meminfo").read_text().split()[1])
        memory = f", {kib / 1048576:.0f} GiB"
    return f"{os.cpu_count()} × {model}{memory}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def sections() -> dict[str, str]:
    """Read the sections that were written before, by name."""
    text = TARGET.read_text() if TARGET.exists() else ""
    parts = re.split(r"^## (\S+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def measured(name: str) -> tuple[str, bool]:
    """Run one benchmark; return its section and whether its bounds held."""
    print(f"== {name}", flush=True)
    done = subprocess.run([sys.executable, str(HERE / f"{name}.py")], capture_output=True, text=True, check=False, timeout=3600)
    text = done.stdout.rstrip() or done.stderr.rstrip()
    print(text, flush=True)
    load = f"load {os.getloadavg()[0]:.1f} at its end"
    return f"\n{datetime.date.today()}, {machine()}, {load}\n\n```text\n{text}\n```\n\n", done.returncode == 0


def main(words: list[str]) -> int:
    """Run all, or those named, and write after each, so that an interruption loses none; return 1 when one broke its bound."""
    found = sections()
    held = True
    for name in words or sorted(path.stem for path in HERE.glob("*.py") if path.stem != "run"):
        found[name], ok = measured(name)
        held = held and ok
        body = "".join(f"## {known}\n{found[known]}" for known in sorted(found))
        TARGET.write_text(f"{HEAD}\n{body.rstrip()}\n")
    return int(not held)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
