from __future__ import annotations

import numpy as np
import pytest

from conftest import Run
from doorward.errors import CallError, WorldError
from doorward.rings.packet_ring import RingSettings
from doorward.rings.send_ring import SendSettings
from doorward.rings.xdp_send import XdpSendRing, open_xdp_socket
from ring_places import shared_places

SMALL = RingSettings(SendSettings(slots=64, way="xdp"))


def test_a_ring_of_few_slots_goes_round_many_times() -> None:
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(settings=SMALL), there.packet_ring()
        for number in range(100):
            slots = sender.reserve(50)
            assert 1 <= len(slots) <= 50
            slots[:, :100] = number
            assert sender.commit(np.full(len(slots), 100, np.uint16)) == len(slots)
        sent = sender.counters().sent
        seen: list[int] = []
        while len(seen) < sent and len(frames := listener.receive(0.5)):
            assert (frames.data[:, :100] == frames.data[:, :1]).all()
            seen += frames.data[:, 0].tolist()
        assert len(seen) == sent
        assert seen == sorted(seen)
        for wrong in (13, 1523):
            with pytest.raises(CallError, match="14 to 1522"):
                sender.send(np.zeros((1, 2000), np.uint8), np.array([wrong], np.uint16))
        sender.close()
        listener.close()


def test_a_queue_that_somebody_has_is_said() -> None:
    with shared_places() as (here, _):
        first = here.packet_ring(settings=SMALL)
        with pytest.raises(WorldError, match="busy"):
            here.packet_ring(settings=SMALL)
        first.close()


def test_no_right_is_said_with_its_name(in_namespace: Run) -> None:
    program = "import doorward.rings.xdp_send as x; x.open_xdp_socket('lo')"
    done = in_namespace(f'setpriv --bounding-set -all --inh-caps -all --no-new-privs python -c "{program}" 2>&1 || true')
    assert "PermissionMissing" in done.stdout
    assert XdpSendRing.__doc__
    assert open_xdp_socket.__doc__
