from __future__ import annotations

import json

from conftest import Run

_ASK = """
ip link add a0 type veth peer name b0
ip addr add 192.168.7.5/24 dev a0; ip addr add fd00:7::5/120 dev a0; ip link set a0 up; ip link set b0 up
python -c '
import json
from doorward.scan.live_networks import interface_networks
print(json.dumps([[one.interface, str(one.address), one.bits, one.is_up] for one in interface_networks()]))'
ip -j addr show dev a0 >&2
"""


def test_the_interfaces_are_those_that_ip_shows(in_namespace: Run) -> None:
    done = in_namespace(_ASK)
    ours = {(one[1].partition("%")[0], one[2]) for one in json.loads(done.stdout) if one[0] == "a0"}
    theirs = {(one["local"], one["prefixlen"]) for one in json.loads(done.stderr)[0]["addr_info"]}
    assert ours == theirs >= {("192.168.7.5", 24), ("fd00:7::5", 120)}
    assert ["lo", "127.0.0.1", 8, True] in json.loads(done.stdout)


def test_the_local_networks_are_planned(in_namespace: Run) -> None:
    done = in_namespace(
        "ip link add a0 type veth peer name b0; ip addr add 192.168.7.5/29 dev a0; ip link set a0 up; ip link set b0 up\n"
        "doorward scan --local -p 80 --dry-run --json"
    )
    plan = json.loads(done.stdout)
    assert plan["targets"] == [{"first": "192.168.7.0", "last": "192.168.7.7", "count": 8}]
