from __future__ import annotations

import numpy as np
import pytest

from doorward.scan.payloads.table import table
from doorward.scan.raw.engine import Knocks
from doorward.scan.raw.kinds import Kind
from doorward.scan.raw.stamps import make_stamp
from doorward.wire.frames import Frames, decode_frames
from doorward.wire.templates import Envelope
from raw_hosts import SOURCE


def knocks(*ports: int) -> Knocks:
    count = len(ports)
    there = np.zeros((count, 16), dtype=np.uint8)
    there[:, 10:12] = 255
    there[:, 12:] = (10, 0, 0, 2)
    numbers = np.arange(count, dtype=np.int64)
    return Knocks(
        slots=numbers,
        doors=numbers,
        hosts=numbers % 2,
        destinations=there,
        ports=np.array(ports, dtype=np.uint16),
        tries=np.zeros(count, dtype=np.uint8),
        source_ports=np.full(count, 61000, dtype=np.uint16),
        cookies=(numbers * 7 + 3).astype(np.uint32),
    )


@pytest.mark.parametrize("kind", Kind)
def test_what_is_stamped_is_a_sound_frame_to_the_door(kind: Kind) -> None:
    macs = np.array([[2, 0, 0, 0, 0, 5], [2, 0, 0, 0, 0, 6]], dtype=np.uint8)
    stamp = make_stamp(kind, Envelope(source=SOURCE), macs, table() if kind is Kind.UDP else None)
    asked = knocks(53, 443, 161, 5000, 123, 53)
    out = np.zeros((6, 2000), dtype=np.uint8)
    written, lengths = stamp(asked, out)
    decoded = decode_frames(Frames(out, lengths, np.zeros(6, dtype=np.int64)), verify=True)
    assert not (decoded.bad_checksum | decoded.malformed | decoded.truncated).any()
    assert (decoded.protocol == kind.protocol).all()
    assert decoded.destination_port.tolist() == written.ports.tolist()
    assert sorted(written.ports.tolist()) == sorted(asked.ports.tolist())
    assert decoded.destination_mac.tolist() == macs[written.hosts].tolist()
    if kind.transport.value == "tcp":
        assert (decoded.tcp_flags == kind.flags).all()
        carried = decoded.acknowledgment if kind in (Kind.ACK, Kind.WINDOW) else decoded.sequence
        assert carried.tolist() == written.cookies.tolist()
    if kind is Kind.SYN:
        assert (decoded.mss > 0).all()  # hosts drop bare SYNs


def test_a_port_that_may_hold_several_services_is_asked_for_each_in_turn() -> None:
    stamp = make_stamp(Kind.UDP, Envelope(source=SOURCE), None, table())
    asked = knocks(5000, 5000, 5000)
    asked.tries[:] = (0, 1, 2)
    out = np.zeros((3, 2000), dtype=np.uint8)
    _, lengths = stamp(asked, out)
    assert len(set(lengths.tolist())) == 3
