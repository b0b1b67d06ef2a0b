"""A shell script that builds a small internet in a namespace: here, three routers in a row, and a host behind them, both families.

here (10.0.1.2, fd00:1::2) ─ r1 (10.0.1.1) ─ r2 (10.0.2.2) ─ r3 (10.0.3.2) ─ host (10.0.4.9, fd00:4::9)

The host listens on tcp/80 and answers NTP on udp/123; its udp/9999 is held and silent. `rule NAMESPACE HOOK RULE…` adds an nftables
rule there. Each machine is a network namespace under its name.
"""

from __future__ import annotations

import shutil

import pytest

__all__ = ["ROUTERS", "needs_nftables"]


def needs_nftables() -> None:
    """Skip, with the reason, where there is no nft to make rules with."""
    if shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin:/bin") is None:
        pytest.skip("nft (nftables) is not installed")


ROUTERS = r"""
cd $(mktemp -d)
mount -t tmpfs none /run
quick() { sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0; }
at() { ip netns exec "$@"; }
quick
sysctl -qw net.ipv4.ping_group_range="0 0"
for name in r1 r2 r3 host; do
  ip netns add $name
  at $name sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
  at $name sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0  # many tests knock at once
  at $name sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  ip -n $name link set lo up
done
wire() {  # NETWORK NEAR FAR: .1 and .2 of 10.0.NETWORK.0/24 and fd00:NETWORK::/64
  ip link add n$1 type veth peer name f$1
  ip link set f$1 netns $3; ip link set n$1 netns $2
  ip -n $2 addr add 10.0.$1.1/24 dev n$1; ip -n $2 addr add fd00:$1::1/64 dev n$1 nodad; ip -n $2 link set n$1 up
  ip -n $3 addr add 10.0.$1.$4/24 dev f$1; ip -n $3 addr add fd00:$1::$4/64 dev f$1 nodad; ip -n $3 link set f$1 up
}
ip link add n1 type veth peer name f1; ip link set f1 netns r1
ip addr add 10.0.1.2/24 dev n1; ip addr add fd00:1::2/64 dev n1 nodad; ip link set n1 up
ip -n r1 addr add 10.0.1.1/24 dev f1; ip -n r1 addr add fd00:1::1/64 dev f1 nodad; ip -n r1 link set f1 up
wire 2 r1 r2 2; wire 3 r2 r3 2; wire 4 r3 host 9
ip route add 10.0.0.0/16 via 10.0.1.1; ip route add fd00::/16 via fd00:1::1
for pair in r1/2/2.2/2::2 r2/3/3.2/3::2; do
  IFS=/ read name _ v4 v6 <<< $pair
  for net in 3 4; do
    ip -n $name route add 10.0.$net.0/24 via 10.0.$v4 2>/dev/null || true
    ip -n $name route add fd00:$net::/64 via fd00:$v6 2>/dev/null || true
  done
done
ip -n r2 route add default via 10.0.2.1; ip -n r2 route add default via fd00:2::1
ip -n r3 route add default via 10.0.3.1; ip -n r3 route add default via fd00:3::1
ip -n host route add default via 10.0.4.1; ip -n host route add default via fd00:4::1
rule() {
  name=$1; hook=$2; shift 2
  at $name nft "add table inet t; add chain inet t $hook { type filter hook $hook priority 0; }; add rule inet t $hook $*"
}
cat > serve.py <<'PY'
import pathlib, socket
door = socket.create_server(("::", 80), family=socket.AF_INET6, dualstack_ipv6=True)
clock, silent = (socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for _ in range(2))
clock.bind(("::", 123)); silent.bind(("::", 9999))
pathlib.Path("ready").touch()
while True:
    data, sender = clock.recvfrom(999)
    if len(data) >= 48:
        clock.sendto(b"\x24\x01" + data[2:24] + data[40:48] + bytes(16), sender)
PY
at host python serve.py &
until [ -e ready ]; do :; done
"""
