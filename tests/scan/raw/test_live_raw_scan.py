from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Run
from raw_lab import NEIGHBOUR

SCAN = """
cat > scan.py <<'PY'
import json, os, sys
import numpy as np
from collections import Counter
from doorward.scan.raw.kinds import CODES, Kind
from doorward.scan.raw.live_raw_scan import RawScan, RawSettings
from doorward.scan.spans import network_span
from doorward.values.clocks import SystemClock
kind, network, first, last = sys.argv[1:]
ports = range(int(first), int(last) + 1)
scan = RawScan([network_span(network)], ports, RawSettings(Kind(kind)), key=7, secret=os.urandom(16), clock=SystemClock())
found, reasons = [], Counter()
for batch in scan.batches():
    if batch is not None and batch.found is not None:
        space = batch.stretch.space
        found += [f"{space.address(door // space.width)} {space.ports[door % space.width]}" for door in batch.found[0].doors.tolist()]
    if batch is not None and batch.settled is not None:
        reasons.update(CODES[code].value for code in batch.settled.codes.tolist())
print(json.dumps([sorted(found), reasons]))
PY
"""


@pytest.mark.parametrize(
    ("words", "found", "reasons"),
    [
        ("syn 10.99.0.2/32 1 9000", ["10.99.0.2 22", "10.99.0.2 8080"], {"syn-ack": 2, "refused": 8998}),
        ("syn 10.99.1.1/32 1 1000", ["10.99.1.1 22"], {"syn-ack": 1, "refused": 999}),
        ("syn fd99::2/128 1 1000", ["fd99::2 22"], {"syn-ack": 1, "refused": 999}),
        ("syn 10.99.0.1/32 1 1000", [], {"refused": 1000}),
        ("syn 127.0.0.1/32 1 1000", [], {"refused": 1000}),
        ("syn 10.99.0.8/30 22 23", [], {"no-neighbour": 8}),
        ("syn 10.77.0.0/30 22 23", [], {"no-route": 8}),
        ("ack 10.99.0.2/32 22 24", [], {"reset": 3}),
        ("fin 10.99.0.2/32 22 24", [], {"no-refusal": 1, "refused": 2}),
        ("null fd99::2/128 22 24", [], {"no-refusal": 1, "refused": 2}),
        ("xmas 10.99.0.2/32 22 24", [], {"no-refusal": 1, "refused": 2}),
        ("window 10.99.0.2/32 22 24", [], {"reset-without-window": 3}),
        ("udp 10.99.0.2/32 53 55", ["10.99.0.2 53"], {"answered": 1, "port-closed": 2}),
    ],
)
def test_the_kernel_answers_as_the_standards_say(
    in_namespace: Run, tmp_path: Path, words: str, found: list[str], reasons: dict[str, int]
) -> None:
    done = in_namespace(f"cd {tmp_path}\n{NEIGHBOUR}\n{SCAN}\npython scan.py {words}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [found, reasons]
