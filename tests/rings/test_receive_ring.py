from __future__ import annotations

import numpy as np

from doorward.rings.packet_ring import RingSettings
from doorward.rings.receive_ring import NO_FRAMES, ReceiveSettings
from ring_places import shared_places


def test_frames_of_one_size_are_views_and_mixed_ones_are_gathered() -> None:
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(), there.packet_ring(snap_bytes=128)
        data = np.zeros((200, 300), np.uint8)
        data[:, 12:14] = (0x88, 0xB5)
        data[:, 20] = np.arange(200)
        views = 0
        for _ in range(20):  # on a busy machine a block may be handed over half full, and two are gathered
            sender.send(data, np.full(200, 60, np.uint16))
            same = listener.receive(1)
            views += same.data.strides[0] > same.data.shape[1]  # in the kernel's own block
            assert same.lengths.tolist() == [60] * len(same)
        assert views
        while len(listener.receive(0.1)):
            pass
        sender.send(data, np.arange(60, 260, dtype=np.uint16))
        mixed: list[int] = []
        seen: list[int] = []
        while len(seen) < 200 and len(frames := listener.receive(0.5)):
            mixed += frames.lengths.tolist()
            seen += frames.data[:, 20].tolist()
            assert len(frames) == 1 or frames.data.flags.c_contiguous
        assert mixed == [min(size, 128) for size in range(60, 260)]
        assert seen == list(range(200))
        sender.close()
        listener.close()


def test_several_blocks_come_as_one_batch() -> None:
    settings = RingSettings(receiving=ReceiveSettings(blocks=16, block_bytes=4096, block_timeout_ms=1))
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(), there.packet_ring(settings=settings)
        data = np.zeros((100, 100), np.uint8)
        data[:, 20] = np.arange(100)
        sender.send(data, np.full(100, 100, np.uint16))
        there.run("true")  # by now the last block is old enough
        frames = listener.receive(1)
        assert len(frames) > 4096 // 192  # more than one block holds
        assert frames.data[:, 20].tolist() == list(range(len(frames)))
        sender.close()
        listener.close()


def test_tags_that_the_kernel_took_off_are_put_back() -> None:
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(), there.packet_ring()
        plain = b"\2\0\0\0\0\2\2\0\0\0\0\1\x88\xb5" + bytes(range(46))
        tagged = plain[:12] + b"\x81\x00\x60\x07" + plain[12:]
        service = plain[:12] + b"\x88\xa8\x00\x09" + plain[12:]
        whole = [plain, tagged, service, plain]
        data = np.zeros((4, 64), np.uint8)
        for row, frame in zip(data, whole, strict=True):
            row[: len(frame)] = np.frombuffer(frame, np.uint8)
        sender.send(data, np.array([len(frame) for frame in whole], np.uint16))
        arrived: list[bytes] = []
        while len(arrived) < 4 and len(frames := listener.receive(0.5)):
            arrived += [row[:length].tobytes() for row, length in zip(frames.data, frames.lengths, strict=True)]
        assert arrived == whole
        sender.close()
        listener.close()


def test_no_frames_are_a_table_without_rows() -> None:
    assert len(NO_FRAMES) == 0
    assert NO_FRAMES.data.shape == (0, 0)


def test_sparse_frames_do_not_fill_the_ring() -> None:
    """One frame per block: the ring holds as many as it has blocks, and says what it dropped beyond."""
    settings = RingSettings(receiving=ReceiveSettings(blocks=8, block_bytes=4096, block_timeout_ms=1))
    with shared_places() as (here, there):
        sender, listener = here.packet_ring(), there.packet_ring(settings=settings)
        for _ in range(30):
            sender.send(np.zeros((1, 60), np.uint8), np.full(1, 60, np.uint16))
            sender.receive(0.003)
        received = 0
        while len(frames := listener.receive(0.1)):
            received += len(frames)
        assert received + listener.counters().dropped_by_kernel == 30
        assert received >= 8
        sender.close()
        listener.close()
