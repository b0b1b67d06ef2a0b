from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from doorward.errors import CallError
from doorward.rings.packet_ring import RingSettings
from doorward.rings.send_ring import SendRing, SendSettings
from ring_places import shared_places


def test_every_size_from_the_least_to_the_most() -> None:
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(), there.packet_ring()
        sizes = np.arange(14, 1515, dtype=np.uint16)
        data = np.tile(np.arange(1520, dtype=np.uint16).astype(np.uint8), (len(sizes), 1))
        data[:, 12:14] = (0x88, 0xB5)
        assert sender.send(data, sizes) == len(sizes)
        arrived: list[int] = []
        while len(arrived) < len(sizes) and len(frames := listener.receive(0.5)):
            arrived += frames.lengths.tolist()
            for row, length in zip(frames.data, frames.lengths, strict=True):
                assert (row[:length] == data[0, :length]).all()
        assert arrived == sizes.tolist()
        for wrong in (13, 1523):
            with pytest.raises(CallError, match="14 to 1522"):
                sender.send(data, np.array([wrong], np.uint16))
        sender.close()
        listener.close()


def test_a_ring_of_few_slots_goes_round() -> None:
    small = RingSettings(SendSettings(slots=64, slot_bytes=256))
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(settings=small), there.packet_ring()
        for _ in range(20):
            slots = sender.reserve(50)
            assert 1 <= len(slots) <= 50
            assert slots.shape[1] == 214
            slots[:] = 1
            assert sender.commit(np.full(len(slots), 100, np.uint16)) == len(slots)
        with pytest.raises(CallError, match="14 to 214"):
            sender.send(np.zeros((1, 300), np.uint8), np.array([215], np.uint16))
        sent = sender.counters().sent
        received = 0
        while received < sent and len(frames := listener.receive(0.5)):
            received += len(frames)
        assert received == sent
        sender.close()
        listener.close()


def test_the_kernel_copies_so_a_slot_used_again_spoils_nothing() -> None:
    """Frames wait unread at the peer while their slots are written over many times."""
    small = RingSettings(SendSettings(slots=64, slot_bytes=256))
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(settings=small), there.packet_ring()
        for number in range(100):
            slots = sender.reserve(1)
            slots[:, :100] = number
            sender.commit(np.array([100], np.uint16))
        seen: list[int] = []
        while len(seen) < 100 and len(frames := listener.receive(0.5)):
            assert (frames.data[:, :100] == frames.data[:, :1]).all()
            seen += frames.data[:, 0].tolist()
        assert seen == list(range(100))
        sender.close()
        listener.close()


@pytest.mark.parametrize("way", ["ring", "xdp"])
def test_a_link_without_carrier_is_a_failure_told_in_time(way: Literal["ring", "xdp"]) -> None:
    with shared_places() as (here, there):
        sender = here.packet_ring(settings=RingSettings(SendSettings(slots=128, way=way, send_wait_s=0.05)))
        data, lengths = np.zeros((100, 60), np.uint8), np.full(100, 60, np.uint16)
        assert sender.send(data, lengths) == 100
        there.run("ip link set dw-there down")
        sender.send(data, lengths)
        assert sender.counters().sent == 100
        assert sender.counters().send_failures == 100
        there.run("ip link set dw-there up")
        listener = there.packet_ring()
        data[:, 20] = 1
        assert sender.send(data, lengths) == 100
        received = 0
        while received < 100 and len(frames := listener.receive(1)):
            assert (frames.data[:, 20] == 1).all()  # what failed is not sent later
            received += len(frames)
        assert received == 100
        sender.close()
        listener.close()


def test_its_defaults_hold_a_frame_of_ordinary_ethernet() -> None:
    assert SendSettings().slot_bytes - 42 > 1522
    assert SendRing.__doc__
