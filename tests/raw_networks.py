"""A network for raw scans of real kernels: shell that joins the namespace of a test to another one, and what programs inside begin with."""

from __future__ import annotations

import json
from typing import Any

from conftest import Run

__all__ = ["NEIGHBOUR", "run_inside"]

#: 198.18.7.0/24 and 2001:db8:7::/64 on a veth pair: here .1, there .2; behind there, by way of it, 198.18.64.0/24, of which .5 is real.
#: ``on COMMAND`` runs there. Nobody has .99, and 203.0.113.0/24 has no route.
NEIGHBOUR = """
unshare -n sleep 60 & there=$!
while [ "$(readlink /proc/$there/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
on() { nsenter -t $there -n "$@"; }
echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
on sh -c 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit'
ip link add dw-here address 02:00:00:00:00:01 type veth peer name dw-there address 02:00:00:00:00:02
ip link set dw-there netns $there
ip -batch - <<'BATCH'
addr add 198.18.7.1/24 dev dw-here
addr add 2001:db8:7::1/64 dev dw-here nodad
link set dw-here up
route add 198.18.64.0/24 via 198.18.7.2
route add 198.18.65.0/24 via 198.18.7.99
BATCH
on ip -batch - <<'BATCH'
link set lo up
addr add 198.18.7.2/24 dev dw-there
addr add 2001:db8:7::2/64 dev dw-there nodad
addr add 198.18.64.5/32 dev lo
link set dw-there up
BATCH
"""

_BEGIN = """
import json
import numpy as np
from doorward.scan.spans import Span, network_span
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock

def one(text):
    return Span.of(Address.parse(text))
"""


def run_inside(run: Run, shell: str, program: str, *, expect: int = 0) -> Any:
    """Run a Python program after ``shell`` in the test's namespace; returns what it prints last, a JSON document."""
    done = run(f"{shell}\npython - <<'END'\n{_BEGIN}\n{program}\nEND\n")
    assert done.returncode == expect, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])
