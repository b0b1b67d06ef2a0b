"""Ways through real routers, with the filters that people meet: what the walk says must be what was built."""

from __future__ import annotations

import json
import shlex
from typing import Any

from conftest import Run
from doorward.scan.live_names import is_own_address
from doorward.scan.trail.hops import KnockKind, Means, Sign
from doorward.scan.trail.live_trail import TrailWalk
from doorward.scan.trail.plan import TrailPlan
from doorward.values.addresses import Address
from doorward.values.clocks import SystemClock
from listeners import listening
from routers import ROUTERS, needs_nftables

RULES = """
rule r2 forward tcp dport 8001 drop
rule r2 forward tcp dport 8002 reject with icmpx type admin-prohibited
rule r2 forward tcp dport 8003 reject with tcp reset
rule host input tcp dport 8004 drop
rule host input tcp dport 8005 reject
rule r1 prerouting tcp dport 8006 drop
rule r2 forward udp dport 8007 drop
at r3 nft 'add table ip n; add chain ip n c { type nat hook prerouting priority -100; }'
at r3 nft add rule ip n c ip daddr 10.0.3.2 tcp dport 80 dnat to 10.0.4.9
"""

#: Door → (ending, state, stops after, distance, who answers next to other knocks).
V4: dict[str, tuple[str, str, str | None, int | None, str | None]] = {
    "10.0.4.9:80": ("door", "open", "10.0.3.2", 4, None),
    "10.0.4.9:81": ("door", "closed", "10.0.3.2", 4, None),
    "10.0.4.9:8001": ("filtered", "filtered", "10.0.2.2", 4, "10.0.3.2"),
    "10.0.4.9:8002": ("refused", "filtered", "10.0.2.2", 2, None),
    "10.0.4.9:8003": ("stand-in", "closed", "10.0.2.2", 3, "10.0.3.2"),
    "10.0.4.9:8004": ("filtered", "filtered", "10.0.3.2", 4, "10.0.4.9"),
    "10.0.4.9:8005": ("refused", "filtered", "10.0.3.2", 4, None),
    "10.0.4.9:8006": ("filtered", "filtered", None, 4, "10.0.1.1"),
    "10.0.3.2:80": ("forwarded", "open", "10.0.3.2", 4, None),
    "udp:10.0.4.9:123": ("door", "open", "10.0.3.2", 4, None),
    "udp:10.0.4.9:124": ("door", "closed", "10.0.3.2", 4, None),
    "udp:10.0.4.9:8007": ("filtered", "open|filtered", "10.0.2.2", 4, "10.0.3.2"),
    "udp:10.0.4.9:9999": ("silent", "open|filtered", "10.0.3.2", 4, "10.0.4.9"),
    "10.0.4.77:80": ("no-host", "filtered", "10.0.3.2", 3, None),
    "10.0.1.77:80": ("no-host", "unknown", None, None, None),
    "10.9.9.9:80": ("unsent", "unknown", None, None, None),
}
V6: dict[str, tuple[str, str, str | None, int | None, str | None]] = {
    "[fd00:4::9]:80": ("door", "open", "fd00:3::2", 4, None),
    "[fd00:4::9]:8001": ("filtered", "filtered", "fd00:2::2", 4, "fd00:3::2"),
    "[fd00:4::9]:8002": ("refused", "filtered", "fd00:2::2", 2, None),
    "[fd00:4::9]:8005": ("refused", "filtered", "fd00:3::2", 4, None),
    "udp:[fd00:4::9]:123": ("door", "open", "fd00:3::2", 4, None),
    "[fd00:9::9]:80": ("no-way", "filtered", None, 1, None),
}


#: Follows all doors at the same time, one thread each.
FOLLOW = """
import concurrent.futures, sys
from doorward.values.clocks import SystemClock
from doorward.values.records import encode_json
from doorward.verbs.path import PathRequest, path
def follow(door):
    return path(PathRequest(door=door), clock=SystemClock(), nonce=lambda: 0x123456789ABCDEF)
with concurrent.futures.ThreadPoolExecutor(32) as pool:
    for answer in pool.map(follow, sys.argv[1:]):
        print(encode_json(answer))
"""


def walked(done_text: str) -> list[dict[str, Any]]:
    decoder, found, place = json.JSONDecoder(), [], 0
    while place < len(done_text.rstrip()):
        value, place = decoder.raw_decode(done_text, place)
        found.append(value)
        while place < len(done_text) and done_text[place].isspace():
            place += 1
    return found


def follow(run: Run, doors: dict[str, tuple[str, str, str | None, int | None, str | None]]) -> None:
    needs_nftables()
    done = run(f"{ROUTERS}{RULES}python - {' '.join(shlex.quote(door) for door in doors)} <<'PY'\n{FOLLOW}PY\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(doors), done.stderr
    found = {
        door: (one["ending"], one["state"], one["stops_after"], one["distance"], one["next_hop"])
        for door, one in zip(doors, answers, strict=True)
    }
    assert found == doors
    for one in answers:
        assert one["knocks"] <= 80
        assert all(hop["rtts_ms"] for hop in one["path"]["hops"] if hop["sign"] == "passed")


def test_ways_over_ipv4(in_namespace: Run) -> None:
    follow(in_namespace, V4)


def test_ways_over_ipv6(in_namespace: Run) -> None:
    follow(in_namespace, V6)


def test_an_open_door_is_met_no_more_often_than_it_must(in_namespace: Run) -> None:
    counting = """
rule host input tcp flags syn tcp dport 80 counter
doorward path 10.0.4.9:80 --json > answer
at host nft list ruleset | grep -o 'packets [0-9]*'
"""
    needs_nftables()
    done = in_namespace(ROUTERS + counting)
    assert int(done.stdout.removeprefix("packets ")) <= 4, done.stderr  # all the way, at its distance, and what was on its way then


def test_routers_that_send_packets_in_circles(in_namespace: Run) -> None:
    done = in_namespace(f"{ROUTERS}ip -n r2 route replace 10.0.4.0/24 via 10.0.2.1\ndoorward path 10.0.4.9:80 --json")
    (answer,) = walked(done.stdout)
    assert answer["ending"] == "circle", done.stderr
    assert "10.0.1.1 → 10.0.2.2" in answer["sentence"]
    assert answer["knocks"] < 15


def test_a_link_local_door_and_a_silent_router(in_namespace: Run) -> None:
    needs_nftables()
    done = in_namespace(f"""{ROUTERS}
rule r2 output icmp type time-exceeded drop
far=$(ip -n r1 -6 -o addr show dev f1 scope link | awk '{{print $4}}' | cut -d/ -f1)
doorward path "[$far%n1]:81" --json
doorward path 10.0.4.9:80 --json
doorward path 10.0.4.9:80 --max-hops 1 --json
doorward path 10.0.4.9:80 --transport sctp --json
""")
    near, far, cut, sctp = walked(done.stdout)
    assert (near["ending"], near["distance"]) == ("door", 1)
    assert near["address"].endswith("%n1")
    assert [hop["sign"] for hop in far["path"]["hops"]] == ["passed", "silence", "passed", "answered"]
    assert any("Hop 2 passes knocks on without a word" in note for note in far["notes"])
    assert (cut["ending"], cut["state"], cut["distance"]) == ("door", "open", None)
    # The host's kernel may or may not speak SCTP; either way it is the host, four hops away, that says so.
    assert (sctp["ending"], sctp["distance"]) in (("no-service", 4), ("door", 4))


def test_this_machine_itself() -> None:
    here = Address.parse("127.0.0.1")
    with listening(1) as (port,):
        walk = TrailWalk(here, clock=SystemClock(), nonce=lambda: 12345, is_own=is_own_address)
        (trail,) = walk.walk([TrailPlan(Means(KnockKind.TCP, port), direct_knocks=1)])
    assert trail.direct.sign is Sign.ANSWERED
    assert [hop.sign for hop in trail.hops] == [Sign.ANSWERED]


def test_a_wish_to_stop_is_heard() -> None:
    walk = TrailWalk(Address.parse("127.0.0.1"), clock=SystemClock(), nonce=lambda: 1, is_own=is_own_address, stop=lambda: True)
    (trail,) = walk.walk([TrailPlan(Means(KnockKind.TCP, 9))])
    assert trail.knocks == 0
