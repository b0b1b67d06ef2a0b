"""Runs every benchmark of this folder in turn and writes what they printed to bench/RESULTS.md, with the machine they ran on."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE / "RESULTS.md"


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


def main(words: list[str]) -> int:
    """Run all, or those named; return 1 when one of them broke its bound."""
    names = words or sorted(path.stem for path in HERE.glob("*.py") if path.stem != "run")
    parts = ["# What was measured", "", "Written by `make bench`; each peer ran beside it in the same run.", ""]
    parts += [f"{datetime.date.today()}, {machine()}", ""]
    broken = 0
    for name in names:
        print(f"== {name}", flush=True)
        done = subprocess.run([sys.executable, str(HERE / f"{name}.py")], capture_output=True, text=True, check=False, timeout=1800)
        text = done.stdout.rstrip() or done.stderr.rstrip()
        print(text, flush=True)
        broken |= done.returncode
        parts += [f"## {name}", "", "```text", text, "```", ""]
    if not words:
        TARGET.write_text("\n".join(parts))
    return int(broken != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
