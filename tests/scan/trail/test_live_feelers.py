"""One knock at a time on loopback: a door of our own, a closed one, a datagram, and what may not leave."""

from __future__ import annotations

import select
import socket

import pytest

from conftest import Run
from doorward.scan.doorstates import Reason
from doorward.scan.live_names import is_own_address
from doorward.scan.trail.hops import DIRECT, Heard, KnockKind, Means, Sign
from doorward.scan.trail.live_feelers import Feeler, can_ping, require_kernel
from doorward.values.addresses import Address
from listeners import listening

HERE = {4: Address.parse("127.0.0.1"), 6: Address.parse("::1")}


def knock(means: Means, family: int = 4, place: int = DIRECT) -> Heard | None:
    feeler = Feeler(HERE[family], means, place, 1, nonce=77, is_own=is_own_address)
    try:
        heard = feeler.begin()
        if heard is not None:
            return heard
        watch = select.poll()
        watch.register(feeler.descriptor, select.POLLIN | (select.POLLOUT if means.kind is KnockKind.TCP else 0))
        return feeler.look() if watch.poll(2000) else None
    finally:
        feeler.close()


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def test_an_open_door() -> None:
    with listening(1) as (port,):
        heard = knock(Means(KnockKind.TCP, port), place=1)
    assert heard is not None
    assert (heard.sign, heard.reason, heard.sender) == (Sign.ANSWERED, Reason.ACCEPTED, HERE[4])


@pytest.mark.parametrize("family", [4, 6])
def test_closed_doors(family: int, free_port: int) -> None:
    tcp, udp = knock(Means(KnockKind.TCP, free_port), family), knock(Means(KnockKind.UDP, free_port), family)
    assert tcp is not None
    assert udp is not None
    assert (tcp.sign, tcp.reason) == (Sign.ANSWERED, Reason.REFUSED)
    assert (udp.sign, udp.reason) == (Sign.ANSWERED, Reason.PORT_CLOSED)
    assert udp.answer_hops == 64


def test_a_datagram_is_answered_and_recognised() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        feeler = Feeler(HERE[4], Means(KnockKind.UDP, server.getsockname()[1]), DIRECT, 1, nonce=77, is_own=is_own_address)
        assert feeler.begin() is None
        _, sender = server.recvfrom(2000)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.sendto(b"not from the door", sender)
        assert feeler.look() is None
        server.sendto(b"hello", sender)
        heard = feeler.look()
        feeler.close()
    assert heard is not None
    assert (heard.sign, heard.reason) == (Sign.ANSWERED, Reason.ANSWERED)


def test_without_a_route_nothing_leaves(in_namespace: Run) -> None:
    script = """
python - <<'PY'
from doorward.scan.trail.hops import KnockKind, Means
from doorward.scan.trail.live_feelers import Feeler
from doorward.values.addresses import Address
for kind in (KnockKind.TCP, KnockKind.UDP):
    for text in ("10.9.9.9", "fd00::9", "fe80::1%nowhere0"):
        feeler = Feeler(Address.parse(text), Means(kind, 80), 1, 1, nonce=77, is_own=lambda _: False)
        heard = feeler.begin()
        print(heard.sign, heard.reason)
        feeler.close()
PY
"""
    done = in_namespace(script)
    assert done.stdout == "unsent no-route\n" * 6, done.stderr


def test_rights(in_namespace: Run) -> None:
    script = """
sysctl -qw net.ipv4.ping_group_range="0 0"
python -c 'from doorward.scan.trail.live_feelers import can_ping; print(can_ping(4), can_ping(6))'
doorward path 127.0.0.1:9 --transport sctp --json | grep -o '"state": "[a-z]*"' || true
setpriv --bounding-set=-all --inh-caps=-all doorward path 127.0.0.1:9 --transport sctp
"""
    done = in_namespace(script)
    # A kernel with SCTP says of itself that the door is closed; one without has no such doors, and that is said.
    assert done.stdout == 'True True\n"state": "closed"\n' or "its kernel doesn't speak SCTP" in done.stderr
    assert done.returncode == 3
    assert "its knocks need a raw socket" in done.stderr
    assert "CAP_NET_RAW" in done.stderr


def test_what_needs_no_right_is_never_refused() -> None:
    require_kernel(Means(KnockKind.TCP, 1))
    require_kernel(Means(KnockKind.UDP, 1))
    assert can_ping(4) in (True, False)
