from __future__ import annotations

import json

import pytest

from conftest import Run
from doorward.scan.raw.live_routes import free_knock_ports

READ = """
python - <<'PY'
import json
from doorward.scan.raw.live_routes import read_legs
from doorward.scan.spans import merged, network_span
spans = merged(network_span(text) for text in ("10.99.0.0/24", "10.98.0.0/16", "127.0.0.1", "10.9.0.0/16"))
print(json.dumps({" ".join(map(str, leg.spans)): [leg.way.interface, str(leg.way.gateway), leg.way.is_local] for leg in read_legs(spans)}))
PY
"""


def test_targets_are_sorted_by_their_way(in_namespace: Run) -> None:
    script = """
ip link add one type veth peer name two; ip addr add 10.99.0.1/24 dev one; ip link set two up; ip link set one up
ip route add 10.98.0.0/16 via 10.99.0.7
ip route add unreachable 10.98.5.0/24
"""
    done = in_namespace(script + READ)
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert read["127.0.0.1"] == ["lo", "None", True]
    assert read["10.99.0.1"] == ["lo", "None", True]
    assert read["10.98.0.0-10.98.4.255 10.98.6.0-10.98.255.255"] == ["one", "10.99.0.7", False]
    assert any("10.98.5.0-10.98.5.255" in spans and way[0] == "" for spans, way in read.items())
    assert any(spans.endswith("10.99.0.2-10.99.0.254") and way[0] == "one" for spans, way in read.items())


@pytest.mark.parametrize("turn", [0, 1, 999_999_999])
def test_knock_ports_lie_where_the_kernel_gives_none(turn: int) -> None:
    first = free_knock_ports(16, turn)
    assert 1024 <= first <= 65535 - 15
