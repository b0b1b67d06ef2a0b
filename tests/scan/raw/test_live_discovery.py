from __future__ import annotations

import json
from pathlib import Path

from conftest import Run
from raw_lab import NEIGHBOUR

SEARCH = """
cat > search.py <<'PY'
import json, os, sys
from doorward.scan.raw.live_discovery import Discovery
from doorward.scan.spans import network_span
from doorward.values.clocks import SystemClock
search = Discovery([network_span(word) for word in sys.argv[1:]], secret=os.urandom(16), clock=SystemClock())
print(json.dumps([[str(one.address), one.way, bool(one.mac)] for one in search.hosts()] + [search.asked, search.unreachable]))
PY
"""


def test_neighbours_hosts_behind_a_router_and_this_machine_are_found(in_namespace: Run, tmp_path: Path) -> None:
    words = "10.99.0.0/29 10.99.1.0/30 fd99::0/125 10.77.0.1/32"
    done = in_namespace(f"cd {tmp_path}\n{NEIGHBOUR}\n{SEARCH}\npython search.py {words}")
    assert done.returncode == 0, done.stderr
    *hosts, asked, unreachable = json.loads(done.stdout.splitlines()[-1])
    assert sorted(hosts) == [
        ["10.99.0.1", "echo", False],
        ["10.99.0.2", "neighbour", True],
        ["10.99.1.1", "echo", False],
        ["fd99::1", "echo", False],
        ["fd99::2", "neighbour", True],
    ]
    assert asked == 8 + 4 + 8 + 1
    assert unreachable >= 1
