"""One contract, kept by every ring: memory, a veth pair through packet sockets and AF_XDP, loopback through raw sockets, capture files."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from doorward.errors import CallError, DoorwardBug, WorldError
from doorward.rings.contract import Ring
from doorward.rings.filters import Word, compile_filter, protocol
from doorward.rings.memory_ring import join_rings
from doorward.rings.packet_ring import RingSettings
from doorward.rings.pcap_ring import open_pcap_ring
from doorward.rings.send_ring import SendSettings
from doorward.values.clocks import ManualClock, SystemClock
from doorward.wire.frames import LinkType
from ring_places import EVERYTHING, Place, shared_places

NOON = datetime.datetime(2026, 5, 1, 12, 0, tzinfo=datetime.UTC)
EXPERIMENTAL = 253  # IANA's protocol number for experiments (RFC 3692)
KINDS = ["memory", "veth", "xdp", "loopback", "file"]


@dataclass
class Pair:
    """What is sent ``here`` comes out of ``there``."""

    kind: str
    here: Ring
    open_there: Callable[[], Ring]
    take_down: Callable[[], object] | None = None
    _there: list[Ring] = field(default_factory=list)

    @property
    def there(self) -> Ring:
        """Of files, opened once the sending is done."""
        if not self._there:
            self._there.append(self.open_there())
        return self._there[0]

    def close(self) -> None:
        self.here.close()
        for ring in self._there:
            ring.close()

    @property
    def raw(self) -> bool:
        return self.here.link.type is LinkType.RAW

    def frame(self, number: int, size: int, ethertype: int = 0x0800) -> bytes:
        """An IPv4 packet of no known protocol with a number in it, framed as the link wants it."""
        header = 0 if self.raw else 14
        total = max(size - header, 20)
        packet = bytearray(
            b"\x45\0" + total.to_bytes(2) + b"\x12\x34\0\0\x40" + bytes([EXPERIMENTAL]) + b"\0\0" + bytes((127, 0, 0, 1)) * 2
        )
        packet += number.to_bytes(4) + bytes(range(256)) * 6
        ethernet = b"" if self.raw else b"\2\0\0\0\0\2\2\0\0\0\0\1" + ethertype.to_bytes(2)
        return (ethernet + bytes(packet[:total]))[:size]

    def arrived(self, count: int, *, tries: int = 200) -> list[tuple[bytes, int]]:
        """Receive until ``count`` frames are there or nothing has come for a while; each with its time."""
        found: list[tuple[bytes, int]] = []
        for _ in range(tries):
            if len(found) >= count:
                break
            frames = self.there.receive(0.02)
            for row, length, time_ns in zip(frames.data, frames.lengths, frames.times_ns, strict=True):
                found.append((row[:length].tobytes(), int(time_ns)))
        return found


def bare(frame: bytes, pair: Pair) -> bytes:
    """Without the header checksum, which the kernel fills into what goes through a raw socket."""
    return frame[:10] + b"\0\0" + frame[12:] if pair.raw else frame


def rows(frames: Sequence[bytes], width: int = 2048) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    data = np.full((len(frames), width), 0xEE, np.uint8)
    for place, frame in enumerate(frames):
        data[place, : len(frame)] = np.frombuffer(frame, np.uint8)
    return data, np.array([len(frame) for frame in frames], np.uint16)


@pytest.fixture(scope="module")
def places() -> Iterator[tuple[Place, Place]]:
    with shared_places() as both:
        yield both


@contextlib.contextmanager
def opened(kind: str, request: pytest.FixtureRequest, tmp_path: Path, words: Word = EVERYTHING, snap_bytes: int = 65535) -> Iterator[Pair]:
    if kind == "memory":
        program = compile_filter(words, snap_bytes=snap_bytes)
        there, here = join_rings(ManualClock(NOON), program=program)
        pair = Pair(kind, here, lambda: there, here.take_down)
    elif kind == "file":
        target = tmp_path / "frames.pcap"
        program = compile_filter(words, snap_bytes=snap_bytes)
        pair = Pair(kind, open_pcap_ring(target=target), lambda: open_pcap_ring(target, program=program))
    else:
        first, second = request.getfixturevalue("places")
        if kind in ("veth", "xdp"):
            other: Ring = second.packet_ring(words, snap_bytes)
            settings = RingSettings(SendSettings(slots=256, way="xdp") if kind == "xdp" else SendSettings())
            pair = Pair(kind, first.packet_ring(settings=settings), lambda: other, lambda: first.run("ip link set dw-here down"))
        else:
            other = first.raw_ring(words & ~protocol("icmp"), snap_bytes)  # the kernel answers there: protocol unreachable
            pair = Pair(kind, first.raw_ring(protocol("arp")), lambda: other, lambda: first.run("ip link set lo down"))
        _ = pair.there
    try:
        yield pair
    finally:
        pair.close()
        if kind not in ("memory", "file"):
            first.run("ip link set dw-here up; ip link set lo up")


@pytest.fixture(params=KINDS)
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    with opened(request.param, request, tmp_path) as one:
        yield one


def test_what_is_sent_arrives_whole_and_in_order(pair: Pair) -> None:
    sent = [pair.frame(number, 34 + number % 1400) for number in range(3000)]
    data, lengths = rows(sent)
    assert pair.here.send(data, lengths) == len(sent)
    arrived = [frame for frame, _ in pair.arrived(len(sent))]
    assert [bare(frame, pair) for frame in arrived] == [bare(frame, pair) for frame in sent]


def test_frames_of_one_size_arrive_whole_and_in_order(pair: Pair) -> None:
    sent = [pair.frame(number, 60) for number in range(5000)]
    data, lengths = rows(sent, 64)
    assert pair.here.send(data, lengths) == len(sent)
    assert [bare(frame, pair) for frame, _ in pair.arrived(len(sent))] == [bare(frame, pair) for frame in sent]


def test_slots_reserved_are_sent_from_the_first_on(pair: Pair) -> None:
    sent: list[bytes] = []
    while len(sent) < 4000:  # more than there are slots
        slots = pair.here.reserve(300)
        assert 0 < len(slots) <= 300
        batch = [pair.frame(len(sent) + place, 40 + place) for place in range(max(1, len(slots) - 7))]
        data, lengths = rows(batch, 400)
        slots[: len(batch), :400] = data
        assert pair.here.commit(lengths) == len(batch)
        sent += batch
    assert [bare(frame, pair) for frame, _ in pair.arrived(len(sent))] == [bare(frame, pair) for frame in sent]


def test_reserving_again_gives_the_same_slots(pair: Pair) -> None:
    first = pair.here.reserve(4)
    first[:] = 7
    again = pair.here.reserve(4)
    assert again.shape == first.shape
    assert (again == 7).all()


def test_more_than_reserved_is_a_bug(pair: Pair) -> None:
    slots = pair.here.reserve(2)
    with pytest.raises(DoorwardBug, match="reserved"):
        pair.here.commit(np.full(len(slots) + 1, 60, np.uint16))


def test_nothing_to_send_is_fine(pair: Pair) -> None:
    assert pair.here.send(np.zeros((0, 64), np.uint8), np.zeros(0, np.uint16)) == 0
    assert len(pair.here.reserve(0)) == 0
    assert pair.here.commit(np.zeros(0, np.uint16)) == 0
    assert pair.here.counters().sent == 0


def test_a_frame_too_short_is_refused_before_any_is_sent(pair: Pair) -> None:
    data, lengths = rows([pair.frame(0, 60), pair.frame(1, 60)])
    lengths[1] = 9
    with pytest.raises(CallError, match="bytes"):
        pair.here.send(data, lengths)
    assert pair.here.counters().sent == 0


@pytest.mark.parametrize("kind", ["memory", "veth", "xdp", "loopback"])
def test_a_frame_beyond_the_mtu_is_refused(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with opened(kind, request, tmp_path) as pair:
        data = np.zeros((1, 70000), np.uint8)
        most = min(pair.here.link.mtu + 40, 65535)
        if pair.here.link.mtu >= most:
            data[0, 0] = 0x50  # loopback's MTU is beyond what a length can say: a wrong version stands for it
        with pytest.raises(CallError):
            pair.here.send(data, np.array([most], np.uint16))


def test_nothing_comes_and_the_wait_ends(pair: Pair) -> None:
    frames = pair.there.receive(0.0)
    assert len(frames) == 0
    assert frames.data.ndim == 2
    assert len(pair.there.receive(0.01)) == 0


def test_the_counters_tell_what_went_through(pair: Pair) -> None:
    data, lengths = rows([pair.frame(number, 64) for number in range(100)])
    assert pair.here.send(data, lengths) == 100
    pair.here.send(data, lengths)
    assert len(pair.arrived(200)) == 200
    assert pair.here.counters().sent == 200
    assert pair.here.counters().send_failures == 0
    counted = pair.there.counters()
    assert counted.received >= 200
    assert counted.dropped_by_kernel == 0
    assert pair.there.counters() == counted


def test_times_are_of_the_arrival(pair: Pair) -> None:
    data, lengths = rows([pair.frame(number, 64) for number in range(50)])
    before = NOON.timestamp() if pair.kind == "memory" else SystemClock().now().timestamp()
    pair.here.send(data, lengths)
    times = [time_ns / 1e9 for _, time_ns in pair.arrived(50)]
    assert times == sorted(times)
    assert before - 1e-3 <= times[0] <= times[-1] <= before + 10


def test_views_last_until_the_next_receive(pair: Pair) -> None:
    data, lengths = rows([pair.frame(number, 64) for number in range(10)], 64)
    pair.here.send(data, lengths)
    frames = pair.there.receive(1.0)
    kept = frames.data.copy()
    pair.here.send(data, lengths)
    assert (frames.data == kept).all()


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_the_filter_wants_comes_and_no_more_of_it(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with opened(kind, request, tmp_path, words=protocol("udp"), snap_bytes=40) as pair:
        wanted = []
        sent = []
        for number in range(200):
            frame = bytearray(pair.frame(number, 90))
            if number % 3 == 0:
                frame[9 if pair.raw else 23] = 17
                wanted.append(bytes(frame))
            sent.append(bytes(frame))
        data, lengths = rows(sent)
        assert pair.here.send(data, lengths) == 200
        start = 0 if pair.raw else 14
        arrived = []
        for _ in range(50):
            frames = pair.there.receive(0.02)
            arrived += [row[:length].tobytes() for row, length in zip(frames.data, frames.lengths, strict=True)]
            if len(arrived) >= len(wanted):
                break
        assert all(frame[start + 9] == 17 for frame in arrived)
        assert [bare(frame, pair) for frame in arrived] == [bare(frame[:40], pair) for frame in wanted]


@pytest.mark.parametrize("kind", ["memory", "veth", "xdp"])
def test_both_ways_at_once(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with opened(kind, request, tmp_path) as pair:
        there, here = rows([pair.frame(1, 60)]), rows([pair.frame(2, 61)])
        pair.here.send(*there)
        pair.there.send(*here)
        assert [len(frame) for frame, _ in pair.arrived(1)] == [60]
        back = pair.here.receive(1.0)
        assert back.lengths.tolist() == [61]


@pytest.mark.parametrize("kind", ["memory", "veth", "xdp", "loopback"])
def test_an_interface_that_goes_away_ends_the_ring_in_words(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with opened(kind, request, tmp_path) as pair:
        data, lengths = rows([pair.frame(number, 64) for number in range(10)])
        assert pair.here.send(data, lengths) == 10
        assert pair.take_down is not None
        pair.take_down()
        with pytest.raises(WorldError, match="taken down or is gone"):
            pair.here.receive(1.0)
        with pytest.raises(WorldError, match="taken down or is gone"):
            pair.here.send(data, lengths)
        with pytest.raises(WorldError):
            pair.here.receive(0.0)
        assert pair.here.counters().sent == 10


def test_closing_twice_is_fine_and_using_it_then_is_a_bug(pair: Pair) -> None:
    there = pair.there
    pair.here.close()
    pair.here.close()
    assert pair.here.link.mtu >= 1500
    for use in (
        lambda: pair.here.receive(0),
        lambda: pair.here.send(np.zeros((1, 64), np.uint8), np.array([60], np.uint16)),
        lambda: pair.here.reserve(1),
        pair.here.counters,
    ):
        with pytest.raises(DoorwardBug, match="closed"):
            use()
    assert len(there.receive(0)) == 0
