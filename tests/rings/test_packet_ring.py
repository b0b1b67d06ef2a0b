from __future__ import annotations

import numpy as np
import pytest

from conftest import Run
from doorward.errors import PermissionMissing, WorldError
from doorward.rings.contract import Ring
from doorward.rings.filters import protocol
from doorward.rings.packet_ring import RingSettings, open_packet_ring, open_packet_socket
from doorward.rings.privileges import CAP_NET_RAW, has_capability
from doorward.rings.receive_ring import ReceiveSettings
from doorward.rings.send_ring import SendSettings
from ring_places import EVERYTHING, shared_places, two_places

SYN = """
import numpy as np
from doorward.rings.filters import answers
from doorward.rings.packet_ring import open_packet_ring
from doorward.values.addresses import Address
from doorward.wire.frames import decode_frames
from doorward.wire.templates import Envelope, tcp_template
"""


def test_a_hundred_thousand_frames_none_lost() -> None:
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(), there.packet_ring(snap_bytes=96)
        ring: Ring = sender
        data = np.zeros((1000, 60), np.uint8)
        data[:, 12] = 8
        received = 0
        for number in range(100):
            data[:, 20:24] = (np.arange(1000, dtype=">u4") + number * 1000).view(np.uint8).reshape(1000, 4)
            assert ring.send(data, np.full(1000, 60, np.uint16)) == 1000
            frames = listener.receive(0)
            received += len(frames)
        while len(frames := listener.receive(0.2)):
            received += len(frames)
        assert received == 100_000
        assert listener.counters().dropped_by_kernel == 0
        sender.close()
        listener.close()


def test_a_small_ring_that_nobody_reads_counts_what_it_drops() -> None:
    small = RingSettings(SendSettings(slots=64), ReceiveSettings(blocks=2, block_bytes=4096, block_timeout_ms=1))
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(), there.packet_ring(settings=small)
        data = np.zeros((5000, 200), np.uint8)
        assert sender.send(data, np.full(5000, 200, np.uint16)) == 5000
        received = 0
        while len(frames := listener.receive(0.2)):
            received += len(frames)
        counted = listener.counters()
        assert received < 5000
        assert counted.received == received
        assert received + counted.dropped_by_kernel == 5000
        assert counted.lost() == counted.dropped_by_kernel
        sender.close()
        listener.close()


def test_the_kernel_answers_a_syn_and_the_filter_lets_its_answer_in(in_namespace: Run) -> None:
    """From loopback's neighbour: a SYN from a ring, the answer of a real kernel, open and closed, none of them ours to decide."""
    program = (
        SYN
        + """
import socket
ring = open_packet_ring("dw-here", answers([Address.parse("198.18.7.1")], 61000, 61999), snap_bytes=128)
template = tcp_template(Envelope(source=Address.parse("198.18.7.1"), source_mac=ring.link.mac,
                                 destination=Address.parse("198.18.7.2"), destination_mac=bytes.fromhex("020000000002")))
slots = ring.reserve(3)
lengths = template.stamp(slots, destination_ports=np.array([80, 81, 82]), source_ports=61000, sequences=np.array([1, 2, 3]))
assert ring.commit(lengths) == 3
found = {}
for _ in range(50):
    told = decode_frames(ring.receive(0.05), ring.link.type)
    found |= dict(zip(told.source_port.tolist(), told.tcp_flags.tolist()))
    if len(found) == 3:
        break
print(sorted(found.items()))
"""
    )
    done = in_namespace(f"""
unshare -n sleep 60 & there=$!
while [ "$(readlink /proc/$there/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
ip link add dw-here address 02:00:00:00:00:01 type veth peer name dw-there address 02:00:00:00:00:02
ip link set dw-there netns $there
ip link set dw-here up
nsenter -t $there -n ip addr add 198.18.7.2/24 dev dw-there
nsenter -t $there -n ip link set dw-there up
nsenter -t $there -n ip neigh add 198.18.7.1 lladdr 02:00:00:00:00:01 dev dw-there
nsenter -t $there -n python -c 'import socket; socket.create_server(("198.18.7.2", 81)).accept()' &
until nsenter -t $there -n ss -Hltn | grep -q :81; do :; done
python - <<'END'
{program}
END
""")
    assert "[(80, 20), (81, 18), (82, 20)]" in done.stdout, done.stdout + done.stderr


def test_no_right_is_said_with_its_name(in_namespace: Run) -> None:
    program = (
        "from doorward.rings.filters import protocol; from doorward.rings.packet_ring import open_packet_ring as o; o('lo', protocol('ip'))"
    )
    done = in_namespace(f'setpriv --bounding-set -all --inh-caps -all --no-new-privs python -c "{program}" 2>&1 || true')
    assert "PermissionMissing" in done.stdout, done.stdout + done.stderr
    assert "CAP_NET_RAW" in done.stdout


def test_the_faster_way_is_taken_where_it_can_be_had(in_namespace: Run) -> None:
    program = """
from doorward.rings.filters import protocol
from doorward.rings.packet_ring import RingSettings, open_packet_ring
from doorward.rings.send_ring import SendSettings
few = RingSettings(SendSettings(slots=64))  # AF_XDP locks memory, and a user may lock little of it at a time
rings = [open_packet_ring(name, protocol("arp"), settings=few) for name in ("dw-here", "dw-here", "lo")]
print([ring.way for ring in rings])
"""
    done = in_namespace(f"ip link add dw-here up type veth peer name dw-there; python -c '{program}'")
    assert done.stdout.strip() == "['xdp', 'ring', 'ring']", done.stderr


def test_no_such_interface() -> None:
    with pytest.raises(WorldError, match="no such interface"):
        open_packet_ring("nosuchlink0", protocol("ip"))


def test_a_socket_alone() -> None:
    if not has_capability(CAP_NET_RAW):
        with pytest.raises(PermissionMissing, match="CAP_NET_RAW"):
            open_packet_socket("lo")
    else:
        open_packet_socket("lo").close()


def test_the_filter_can_not_be_taken_off_again() -> None:
    with shared_places() as (here, _):
        _, (sender, listener) = here.sockets(EVERYTHING)
        with pytest.raises(OSError, match="not permitted"):
            listener.setsockopt(1, 27, 0)  # SO_DETACH_FILTER
        sender.close()
        listener.close()


def test_an_interface_that_vanishes() -> None:
    with two_places() as (here, there):
        ring, other = here.packet_ring(), there.packet_ring()
        here.run("ip link del dw-here")
        with pytest.raises(WorldError, match="taken down or is gone"):
            ring.receive(1)
        with pytest.raises(WorldError, match="taken down or is gone"):
            other.send(np.zeros((1, 60), np.uint8), np.full(1, 60, np.uint16))
        ring.close()
        other.close()
