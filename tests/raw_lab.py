"""A script's beginning that makes a neighbour in a namespace of its own, joined to ours by a veth pair; for `in_namespace`."""

from __future__ import annotations

#: After this, 10.99.0.2 (fd99::2) and 10.99.1.1 (behind it) listen on TCP 22 and 8080 and answer on UDP 53; 10.99.0.1 is ours.
NEIGHBOUR = """
sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 2>/dev/null || true
unshare -n sleep 60 & there=$!
for turn in $(seq 100); do [ "$(readlink /proc/$there/ns/net)" != "$(readlink /proc/self/ns/net)" ] && break; sleep 0.02; done
ip link add here type veth peer name there netns $there
ip addr add 10.99.0.1/24 dev here; ip -6 addr add fd99::1/64 dev here nodad; ip link set here up
nsenter -t $there -n sh -c 'ip link set lo up; ip addr add 10.99.0.2/24 dev there; ip -6 addr add fd99::2/64 dev there nodad'
nsenter -t $there -n sh -c 'ip link set there up; ip addr add 10.99.1.1/32 dev lo'
ip route add 10.99.1.0/24 via 10.99.0.2
cat > listen.py <<'PY'
import selectors, socket
chooser = selectors.DefaultSelector()
for port in (22, 8080):
    chooser.register(socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True), 1, 0)
datagrams = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
datagrams.bind(("::", 53))
chooser.register(datagrams, 1, 1)
open("listening", "w").close()
while True:
    for key, _ in chooser.select():
        if key.data:
            data, sender = key.fileobj.recvfrom(2048)
            key.fileobj.sendto(data[:2] + b"\\x80" + data[3:], sender)
        else:
            key.fileobj.accept()[0].close()
PY
nsenter -t $there -n python listen.py &
for turn in $(seq 200); do [ -e listening ] && break; sleep 0.02; done
for turn in $(seq 100); do (exec 3<>/dev/tcp/fd99::2/22) 2>/dev/null && break; sleep 0.05; done
for turn in $(seq 100); do (exec 3<>/dev/tcp/10.99.0.2/22) 2>/dev/null && break; sleep 0.05; done
"""
