"""What goes wrong during a raw scan, on real links between namespaces, with the kernel as the host that answers."""

from __future__ import annotations

import shutil

import pytest

from conftest import Run
from raw_networks import NEIGHBOUR, run_inside

#: Doors 22, 80, 443 and 2999 are open on there.
SERVED = (
    NEIGHBOUR
    + """
cat > /tmp/serve-$$.py <<'PY'
import socket, sys, time
doors = [socket.create_server(("198.18.7.2", port)) for port in (22, 80, 443, 2999)]
print(len(doors), flush=True)
time.sleep(60)
PY
exec 9< <(exec nsenter -t $there -n python /tmp/serve-$$.py)
read -u 9 count; rm /tmp/serve-$$.py
[ "$count" = 4 ]
"""
)
SCAN = """
import os, subprocess
from collections import Counter
from doorward.scan.raw.kinds import CODES, Kind
from doorward.scan.raw.live_raw_scan import RawScan, RawSettings

def scan(*networks, ports=range(1, 3001), amid=lambda: None, after=300, **settings):
    spans = [network_span(network) for network in networks]
    one = RawScan(spans, ports, RawSettings(**settings), key=5, secret=os.urandom(16), clock=SystemClock())
    found, reasons, beyond = [], Counter(), Counter()
    did = False
    for batch in one.batches():
        if batch is not None and batch.found is not None:
            width, own = batch.stretch.space.width, batch.stretch.space.ports
            found += [int(own[door % width]) for door in batch.found[0].doors.tolist()]
        if batch is not None and batch.settled is not None:
            (reasons if batch.is_in_order else beyond).update(CODES[code].value for code in batch.settled.codes.tolist())
        if not did and sum(counts.received for counts in one.counts) >= after:
            did = True
            amid()
    return {
        "found": sorted(found), "reasons": reasons, "beyond": beyond, "ended": one.ended_by.why if one.ended_by else "",
        "count": one.count, "missed": sum(cells.missed_in_all() for _, cells in one.cells),
    }
"""
OPEN = [22, 80, 443, 2999]


def test_all_is_found_where_nothing_goes_wrong(in_namespace: Run) -> None:
    told = run_inside(in_namespace, SERVED, SCAN + "print(json.dumps(scan('198.18.7.2/32')))")
    assert told["found"] == OPEN
    assert told["reasons"] == {"syn-ack": 4, "refused": 2996}
    assert told["ended"] == ""


@pytest.mark.parametrize("how", ["ip link del dw-here", "ip link set dw-here down"])
def test_an_interface_that_goes_away_ends_the_scan_with_what_is_known(in_namespace: Run, how: str) -> None:
    program = SCAN + f"print(json.dumps(scan('198.18.7.2/32', rate=20000.0, amid=lambda: subprocess.run({how.split()}, check=True))))"
    told = run_inside(in_namespace, SERVED, program)
    assert "gone" in told["ended"] or "down" in told["ended"]
    assert set(told["found"]) <= set(OPEN)
    assert set(told["reasons"]) <= {"syn-ack", "refused", "interface-gone"}
    assert told["reasons"]["refused"] >= 290


def test_our_address_taken_away_amid_the_scan_makes_no_closed_door_open(in_namespace: Run) -> None:
    words = ["ip", "addr", "del", "198.18.7.1/24", "dev", "dw-here"]
    program = SCAN + f"print(json.dumps(scan('198.18.7.2/32', rate=20000.0, amid=lambda: subprocess.run({words}, check=True))))"
    told = run_inside(in_namespace, SERVED, program)
    assert set(told["found"]) <= set(OPEN)
    assert sum(told["reasons"].values()) == 3000 or told["ended"]


@pytest.mark.parametrize(
    ("network", "reason"),
    [
        ("198.18.7.96/29", "no-neighbour"),  # nobody answers ARP
        ("198.18.65.0/29", "no-neighbour"),  # the router to it doesn't
        ("203.0.113.0/29", "no-route"),
        ("2001:db8:7::100/125", "no-neighbour"),
        ("2001:db8:9::/125", "no-route"),
    ],
)
def test_where_no_knock_can_arrive_doors_are_unknown(in_namespace: Run, network: str, reason: str) -> None:
    told = run_inside(in_namespace, NEIGHBOUR, SCAN + f"print(json.dumps(scan('{network}', ports=[22, 80])))")
    assert told["reasons"] == {reason: 16}


def test_targets_of_all_ways_are_scanned_in_one(in_namespace: Run) -> None:
    program = SCAN + "print(json.dumps(scan('127.0.0.1/32', '198.18.7.2/32', '198.18.64.5/32', '203.0.113.1/32', ports=[22, 23])))"
    told = run_inside(in_namespace, SERVED, program)
    assert told["found"] == [22]
    assert told["reasons"] == {"syn-ack": 1, "refused": 5, "no-route": 2}


def test_shards_together_are_the_whole(in_namespace: Run) -> None:
    program = SCAN + "print(json.dumps([scan('198.18.7.2/32', shard=shard, shards=3) for shard in range(3)]))"
    parts = run_inside(in_namespace, SERVED, program)
    assert sorted(port for part in parts for port in part["found"]) == OPEN
    assert [sum(part["reasons"].values()) for part in parts] == [1000] * 3


def test_a_network_of_neighbours_that_nobody_could_ask_is_refused_at_once(in_namespace: Run) -> None:
    program = (
        SCAN
        + """
from doorward.errors import CallError
try:
    scan("2001:db8:7::/64", ports=[22])
except CallError as error:
    print(json.dumps(error.why))
"""
    )
    assert "more than could be asked" in run_inside(in_namespace, NEIGHBOUR, program)


def test_the_whole_internet_behind_a_router_that_is_not_there_takes_no_memory(in_namespace: Run) -> None:
    program = """
import os, resource
from doorward.scan.raw.live_way import legs_in_portions, open_way
from doorward.scan.raw.space import Space
(leg,) = [leg for leg in legs_in_portions([network_span("128.0.0.0/2")]) if leg.way.interface]
space = Space(leg.spans, range(1, 101))
way = open_way(leg, space, secret=os.urandom(16), groups=1, clock=SystemClock())
print(json.dumps([bool(way.absent[2**30 - 1]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""
    absent, kilobytes = run_inside(in_namespace, NEIGHBOUR + "ip route add default via 198.18.7.98\n", program)
    assert absent
    assert kilobytes < 400_000


FILTER = """
on nft -f - <<'NFT'
table inet faults {
  chain in { type filter hook input priority 0; %s; }
  chain out { type filter hook output priority 0; %s; }
}
NFT
"""


@pytest.fixture
def needs_nft() -> None:
    """Skip, with the reason, where the kernel's filter can't be told what to lose."""
    if shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin") is None:
        pytest.skip("nft (nftables) is not installed: it loses frames for the test")


@pytest.mark.usefixtures("needs_nft")
def test_a_tenth_of_all_frames_lost_each_way_hides_no_door(in_namespace: Run) -> None:
    lossy = "numgen random mod 10 0 drop"
    told = run_inside(in_namespace, SERVED + FILTER % (lossy, lossy), SCAN + "print(json.dumps(scan('198.18.7.2/32')))")
    assert told["found"] == OPEN
    assert told["reasons"].get("refused", 0) >= 2994


@pytest.mark.usefixtures("needs_nft")
def test_a_host_that_limits_refusals_leaves_doors_unknown_and_open_ones_found(in_namespace: Run) -> None:
    limit = "tcp flags & rst == rst limit rate over 200/second burst 20 packets drop"
    told = run_inside(in_namespace, SERVED + FILTER % ("accept", limit), SCAN + "print(json.dumps(scan('198.18.7.2/32')))")
    assert told["found"] == OPEN
    assert told["reasons"].get("resets-limited", 0) > 1000
    assert "no-answer" not in told["reasons"]


@pytest.mark.usefixtures("needs_nft")
def test_a_filter_that_drops_and_one_that_rejects_are_told_apart(in_namespace: Run) -> None:
    rules = "tcp dport 100-109 drop; tcp dport 200-209 reject with icmp type admin-prohibited"
    told = run_inside(
        in_namespace, SERVED + FILTER % (rules, "accept"), SCAN + "print(json.dumps(scan('198.18.7.2/32', ports=range(1, 300))))"
    )
    assert told["found"] == [22, 80]
    assert told["reasons"] == {"syn-ack": 2, "refused": 277, "no-answer": 10, "prohibited": 10}
