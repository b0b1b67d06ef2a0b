from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import Run
from doorward.scan.doorstates import Reason
from doorward.scan.live_connect import ConnectScan, connect_scan
from doorward.scan.plan import Speed
from doorward.scan.results import DoorResult
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock
from listeners import V4, V6, closed_port, listening

CLOCK = SystemClock()
needs_nft = pytest.mark.skipif(shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin:/bin") is None, reason="nft (nftables) is not installed")


def scan(*doors: tuple[Address, int], speed: Speed | None = None) -> dict[tuple[str, int], DoorResult]:
    return {(str(one.address), one.port): one for one in connect_scan(doors, clock=CLOCK, speed=speed)}


def test_open_and_closed_doors_of_both_families() -> None:
    with listening(3) as four, listening(2, "::1") as six, closed_port() as nobody, closed_port("::1") as nobody6:
        doors = [*((V4, port) for port in [*four, nobody]), *((V6, port) for port in [*six, nobody6])]
        found = scan(*doors)
    assert {door for door, one in found.items() if one.reason is Reason.ACCEPTED} == {
        *(("127.0.0.1", port) for port in four),
        *(("::1", port) for port in six),
    }
    assert found["127.0.0.1", nobody].reason is Reason.REFUSED
    assert found["::1", nobody6].reason is Reason.REFUSED
    assert all(one.rtt_ns is not None and 0 < one.rtt_ns < 10**9 and one.knocks == 1 for one in found.values())


def test_a_dual_stack_socket_is_found_over_both_families() -> None:
    with listening(1, "::", dual_stack=True) as (port,):
        found = scan((V4, port), (V6, port))
    assert [one.reason for one in found.values()] == [Reason.ACCEPTED] * 2


def test_the_same_door_may_be_asked_for_twice() -> None:
    with listening(1) as (port,):
        assert len(list(connect_scan([(V4, port), (V4, port)], clock=CLOCK))) == 2


def test_results_come_while_doors_are_still_being_drawn() -> None:
    drawn = 0

    def doors() -> Iterator[tuple[Address, int]]:
        nonlocal drawn
        for _ in range(1000):
            drawn += 1
            yield V4, port

    with closed_port() as port:
        first = next(connect_scan(doors(), clock=CLOCK))
        assert first.port == port
        assert drawn < 1000


def test_nothing_asked_nothing_answered() -> None:
    assert list(connect_scan([], clock=CLOCK)) == []


def test_a_wish_to_stop_ends_the_scan_between_two_results() -> None:
    seen: list[DoorResult] = []
    with closed_port() as port:
        running = ConnectScan(((V4, port) for _ in range(100_000)), clock=CLOCK, stop=lambda: len(seen) > 10)
        seen.extend(iter(running))
    assert 10 < running.tally.done < 100_000


def test_the_tally_counts_what_was_sent_and_what_came_back() -> None:
    with listening(2) as ports, closed_port() as nobody:
        running = ConnectScan([(V4, port) for port in [*ports, nobody]], clock=CLOCK)
        results = list(running)
    assert len(results) == running.tally.done == running.tally.knocks == running.tally.answers == 3
    assert running.tally.waiting == 0


def test_a_rate_is_kept() -> None:
    with closed_port() as port:
        began = CLOCK.monotonic_ns()
        list(connect_scan([(V4, port)] * 60, clock=CLOCK, speed=Speed(rate=200.0)))
        total = CLOCK.monotonic_ns() - began
        began = CLOCK.monotonic_ns()
        list(connect_scan([(V4, port)] * 60, clock=CLOCK, speed=Speed(host_rate=200.0)))
        each = CLOCK.monotonic_ns() - began
    assert total >= 57 / 200 * 1e9
    assert each >= 57 / 200 * 1e9


def test_an_interface_that_is_not_there_is_said_so() -> None:
    found = scan((Address.parse("fe80::1%nowhere0"), 80))
    assert [(one.reason, one.knocks) for one in found.values()] == [(Reason.NO_ROUTE, 0)]


#: Scans in a namespace of its own and prints what it saw: {"address port": [reason, knocks, who said so]} and the tally.
_SCAN = """
import json, sys
from doorward.scan.live_connect import ConnectScan
from doorward.scan.plan import Speed
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock

doors = [(Address.parse(host), int(port)) for host, port in (word.split("/") for word in sys.argv[3:])]
scan = ConnectScan(doors * int(sys.argv[1]), clock=SystemClock(), speed=Speed(timeout_s=float(sys.argv[2])), batch=500)
results = list(scan)
seen = {f"{one.address} {one.port}": [one.reason, one.knocks, str(one.told_by or "")] for one in results}
tally = {name: getattr(scan.tally, name) for name in scan.tally.__slots__}
print(json.dumps({"seen": seen, "results": len(results), "tally": tally}))
"""


class Sight(NamedTuple):
    """What a scan in a namespace saw."""

    seen: dict[str, list[object]]
    results: int
    tally: dict[str, int]


@pytest.fixture
def scanned(in_namespace: Run, tmp_path: Path) -> Callable[..., Sight]:
    """Prepare a namespace with a shell script, then scan doors written address/port in it, all of them ``times`` over."""
    (tmp_path / "scan.py").write_text(_SCAN)

    def run(prepare: str, *doors: str, times: int = 1, timeout_s: float = 1.5) -> Sight:
        done = in_namespace(f"{prepare}\npython {tmp_path}/scan.py {times} {timeout_s} {' '.join(doors)}")
        assert done.returncode == 0, done.stderr
        return Sight(**json.loads(done.stdout))

    return run


#: A host next door that has no ears: its neighbour entry is fixed to a MAC that nobody has, so every frame to it vanishes.
_SILENT_HOST = """ip link add a0 type veth peer name b0; ip addr add 10.9.0.1/24 dev a0; ip link set a0 up; ip link set b0 up
ip neigh add 10.9.0.9 lladdr 02:00:00:00:00:99 dev a0 nud permanent"""


@needs_nft
def test_what_a_packet_filter_says_is_told_from_what_the_host_says(scanned: Callable[..., Sight]) -> None:
    prepare = """
    nft -f - <<'RULES'
    add table inet doors
    add chain inet doors in { type filter hook input priority 0; }
    add rule inet doors in tcp dport 1001 drop
    add rule inet doors in tcp dport 1002 reject
    add rule inet doors in tcp dport 1003 reject with icmpx type admin-prohibited
    add rule inet doors in tcp dport 1004 reject with icmpx type no-route
    add rule inet doors in tcp dport 1005 reject with tcp reset
    add rule inet doors in ip protocol tcp tcp dport 1006 reject with icmp type prot-unreachable
RULES
    """
    sight = scanned(prepare, *(f"{host}/{port}" for host in ("127.0.0.1", "::1") for port in range(1001, 1007)))
    assert sight.seen == {
        "127.0.0.1 1001": ["no-answer", 3, ""],
        "127.0.0.1 1002": ["port-unreachable", 1, "127.0.0.1"],
        "127.0.0.1 1003": ["prohibited", 1, "127.0.0.1"],
        "127.0.0.1 1004": ["net-unreachable", 1, "127.0.0.1"],
        "127.0.0.1 1005": ["refused", 1, ""],
        "127.0.0.1 1006": ["protocol-unreachable", 1, "127.0.0.1"],
        "::1 1001": ["no-answer", 3, ""],
        "::1 1002": ["port-unreachable", 1, "::1"],
        "::1 1003": ["prohibited", 1, "::1"],
        "::1 1004": ["net-unreachable", 1, "::1"],
        "::1 1005": ["refused", 1, ""],
        "::1 1006": ["refused", 1, ""],
    }


def test_what_a_router_says_is_reported_with_its_name(scanned: Callable[..., Sight]) -> None:
    prepare = """
    unshare -n sleep 60 & router=$!
    until [ "$(readlink /proc/$router/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
    ip link add a0 type veth peer name b0; ip link set b0 netns $router
    ip addr add 10.9.0.1/24 dev a0; ip link set a0 up
    nsenter -t $router -n sh -ec 'ip link set lo up; ip addr add 10.9.0.2/24 dev b0; ip link set b0 up
        ip route add prohibit 10.10.0.0/16; ip route add unreachable 10.11.0.0/16; sysctl -qw net.ipv4.ip_forward=1'
    ip route add 10.10.0.0/16 via 10.9.0.2; ip route add 10.11.0.0/16 via 10.9.0.2
    """
    sight = scanned(prepare, "10.9.0.2/7", "10.10.0.1/7", "10.11.0.1/7")
    assert sight.seen == {
        "10.9.0.2 7": ["refused", 1, ""],
        "10.10.0.1 7": ["prohibited", 1, "10.9.0.2"],
        "10.11.0.1 7": ["host-unreachable", 1, "10.9.0.2"],
    }


def test_what_this_machine_itself_forbids_is_not_blamed_on_the_host(scanned: Callable[..., Sight]) -> None:
    prepare = "ip route add blackhole 10.1.0.0/16; ip route add unreachable 10.2.0.0/16; ip route add prohibit 10.3.0.0/16"
    sight = scanned(prepare, "10.1.0.1/1", "10.2.0.1/1", "10.3.0.1/1", "10.4.0.1/1")
    assert sight.seen == {
        "10.1.0.1 1": ["discarded-here", 0, ""],
        "10.2.0.1 1": ["no-route", 0, ""],
        "10.3.0.1 1": ["local-prohibition", 0, ""],
        "10.4.0.1 1": ["no-route", 0, ""],
    }


def test_silence_is_believed_only_after_three_knocks_and_absence_is_no_silence(scanned: Callable[..., Sight]) -> None:
    sight = scanned(_SILENT_HOST, "10.9.0.9/22", "10.9.0.2/22", "10.9.0.2/23")
    assert sight.seen.pop("10.9.0.9 22") == ["no-answer", 3, ""]
    assert {reason for reason, _, _ in sight.seen.values()} == {"no-neighbour"}, "nobody on the link has the other address"
    assert sight.tally["again"] >= 2


def test_a_family_that_is_switched_off_is_unknown(scanned: Callable[..., Sight]) -> None:
    sight = scanned("sysctl -qw net.ipv6.conf.all.disable_ipv6=1", *(f"::1/{port}" for port in range(1, 300)))
    assert {reason for reason, _, _ in sight.seen.values()} == {"address-not-available"}


def test_a_socket_that_meets_itself_opens_no_door(scanned: Callable[..., Sight]) -> None:
    """Ten client ports, all of them knocked at a hundred times: every tenth knock is from the port that it knocks at."""
    sight = scanned(
        "sysctl -qw net.ipv4.ip_local_port_range='40000 40009'", *(f"127.0.0.1/{port}" for port in range(40000, 40010)), times=100
    )
    assert sight.results == 1000
    assert {reason for reason, _, _ in sight.seen.values()} == {"refused"}
    assert sight.tally["met_ourselves"] > 0


@needs_nft
def test_a_translated_port_is_open_even_when_both_ends_look_the_same(scanned: Callable[..., Sight]) -> None:
    prepare = """
    sysctl -qw net.ipv4.ip_local_port_range='40000 40009'
    nft 'add table ip n; add chain ip n o { type nat hook output priority -100; }
        add rule ip n o ip daddr 127.0.0.1 tcp dport 40000-40009 redirect to :80'
    python -c "
import pathlib, socket
server = socket.create_server(('127.0.0.1', 80), backlog=512); pathlib.Path('/tmp/doorward-' + str(__import__('os').getppid())).touch()
while True: server.accept()[0].close()" &
    until [ -e /tmp/doorward-$$ ]; do :; done; rm /tmp/doorward-$$
    """
    sight = scanned(prepare, *(f"127.0.0.1/{port}" for port in range(40000, 40010)))
    assert {reason for reason, _, _ in sight.seen.values()} == {"accepted"}


def test_descriptors_that_run_out_are_waited_for(scanned: Callable[..., Sight]) -> None:
    """A batch of 500 is asked for, and there are descriptors for a dozen."""
    silent = [f"10.9.0.9/{port}" for port in range(1, 21)]
    answering = [f"127.0.0.1/{port}" for port in range(1, 41)]
    sight = scanned(f"{_SILENT_HOST}; ulimit -n 16", *silent, *answering, timeout_s=0.3)
    assert Counter(str(reason) for reason, _, _ in sight.seen.values()) == {"no-answer": 20, "refused": 40}
    assert sight.tally["held_up"] > 0


def test_client_ports_that_run_out_are_waited_for(scanned: Callable[..., Sight]) -> None:
    """Four client ports for six knocks at one silent door: no two connections may have the same ends."""
    prepare = f"{_SILENT_HOST}; sysctl -qw net.ipv4.ip_local_port_range='40000 40003'"
    sight = scanned(prepare, "10.9.0.1/10", "10.9.0.9/9", times=6, timeout_s=0.3)
    assert sight.results == 12
    assert sight.seen == {"10.9.0.9 9": ["no-answer", 3, ""], "10.9.0.1 10": ["refused", 1, ""]}
    assert sight.tally["held_up"] > 0
