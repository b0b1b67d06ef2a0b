from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doorward.errors import PeerError, WorldError
from doorward.rings.filters import compile_filter, protocol
from doorward.rings.pcap_ring import PcapRing, open_pcap_ring
from doorward.values.clocks import ManualClock
from doorward.wire.frames import LinkType

NOON = datetime.datetime(2026, 5, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def opened() -> Iterator[Callable[..., PcapRing]]:
    """Open rings that are closed at the test's end."""
    with contextlib.ExitStack() as stack:

        def open_one(*arguments: Any, **more: Any) -> PcapRing:
            ring = open_pcap_ring(*arguments, **more)
            stack.callback(ring.close)
            return ring

        yield open_one


Opened = Callable[..., PcapRing]


def written(target: Path, count: int, link: LinkType = LinkType.ETHERNET) -> Path:
    ring = open_pcap_ring(target=target, link=link, clock=ManualClock(NOON))
    data = np.full((count, 64), 8, np.uint8)
    data[:, 40:44] = np.arange(count, dtype=">u4").view(np.uint8).reshape(count, 4)
    assert ring.send(data, np.full(count, 60, np.uint16)) == count
    ring.close()
    return target


def test_a_large_file_streams(opened: Opened, tmp_path: Path) -> None:
    ring = opened(written(tmp_path / "many.pcap", 100_000))
    seen: list[int] = []
    while not ring.finished:
        frames = ring.receive(0)
        assert len(frames) <= 16384
        seen += np.ascontiguousarray(frames.data[:, 40:44]).view(">u4").ravel().tolist() if len(frames) else []
    assert seen == list(range(100_000))
    assert ring.counters().received == 100_000
    assert len(ring.receive(5)) == 0


def test_times_are_the_files(opened: Opened, tmp_path: Path) -> None:
    ring = opened(written(tmp_path / "one.pcap", 1))
    assert ring.receive(0).times_ns.tolist() == [int(NOON.timestamp()) * 10**9]


def test_the_link_is_the_files(opened: Opened, tmp_path: Path) -> None:
    ring = opened(written(tmp_path / "raw.pcap", 1, LinkType.RAW), tmp_path / "copy.pcap")
    assert ring.link.type is LinkType.RAW
    frames = ring.receive(0)
    assert ring.send(frames.data, frames.lengths) == 1
    ring.close()
    assert opened(tmp_path / "copy.pcap").link.type is LinkType.RAW


def test_without_a_target_nothing_is_sent(opened: Opened, tmp_path: Path) -> None:
    ring = opened(written(tmp_path / "one.pcap", 1))
    assert ring.send(np.zeros((3, 60), np.uint8), np.full(3, 60, np.uint16)) == 0
    assert ring.counters().send_failures == 3


def test_a_filter_that_wants_nothing_ends_with_nothing(opened: Opened, tmp_path: Path) -> None:
    ring = opened(written(tmp_path / "many.pcap", 100), program=compile_filter(protocol("arp")))
    assert len(ring.receive(0)) == 0
    assert ring.finished


def test_a_file_cut_off_gives_its_frames_and_then_the_fault_once(opened: Opened, tmp_path: Path) -> None:
    whole = written(tmp_path / "whole.pcap", 10).read_bytes()
    (tmp_path / "cut.pcap").write_bytes(whole[:-5])
    ring = opened(tmp_path / "cut.pcap")
    assert len(ring.receive(0)) == 9
    with pytest.raises(PeerError, match=r"cut\.pcap.*cut off"):
        ring.receive(0)
    assert len(ring.receive(0)) == 0
    assert ring.finished


def test_what_is_no_capture_is_said_at_once(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\x1b[31mnot a capture")
    with pytest.raises(PeerError, match="neither pcap nor pcapng"):
        opened(tmp_path / "x")
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(PeerError, match="ends before"):
        opened(tmp_path / "empty")


@pytest.mark.parametrize("name", ["missing/x.pcap", "."])
def test_files_that_cannot_be_opened(opened: Opened, tmp_path: Path, name: str) -> None:
    with pytest.raises(WorldError, match="open the capture"):
        opened(tmp_path / name)
    with pytest.raises(WorldError, match="open the capture"):
        opened(target=tmp_path / name)


def test_a_full_disk_is_said(opened: Opened) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("/dev/full is Linux's")
    with pytest.raises(WorldError, match="No space left"):
        opened(target=Path("/dev/full")).send(np.zeros((1, 60), np.uint8), np.full(1, 60, np.uint16))
