from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from captures import ETHERNET, RAW_ALIASES, capture_files, read_capture
from doorward.wire import frames as frames_module
from doorward.wire.columns import COLUMNS
from doorward.wire.frames import Frames, LinkType, decode_frames
from wire_batches import batch, disagreements, told
from wire_values import any_frames, whole_frames

SLOW = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@SLOW
@given(st.lists(any_frames, min_size=1, max_size=8), st.booleans())
def test_any_frames_are_decoded_as_single_values_are(frames: list[bytes], raw: bool) -> None:
    decoded = decode_frames(batch(frames), LinkType.RAW if raw else LinkType.ETHERNET, verify=True)
    assert not disagreements(frames, decoded, raw=raw)


@SLOW
@given(st.lists(any_frames, min_size=1, max_size=5), st.integers(0, 255), st.integers(0, 9))
def test_nothing_behind_a_frames_end_is_looked_at(frames: list[bytes], garbage: int, more: int) -> None:
    slot = max(len(frame) for frame in frames) + more
    one, other = decode_frames(batch(frames, slot or 1, 0), verify=True), decode_frames(batch(frames, slot or 1, garbage), verify=True)
    for name in COLUMNS:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@SLOW
@given(st.lists(whole_frames(), min_size=1, max_size=4), st.integers(0, 140))
def test_a_short_capture_tells_the_truth_or_nothing(frames: list[bytes], snap: int) -> None:
    """A frame cut anywhere: what is told at all is what is told of the whole frame, or the row is flagged."""
    whole, cut = decode_frames(batch(frames)), decode_frames(batch([frame[:snap] for frame in frames], 200))
    names = [
        "ethertype",
        "family",
        "protocol",
        "source_port",
        "destination_port",
        "tcp_flags",
        "sequence",
        "icmp_type",
        "quoted_source_port",
        "mss",
    ]
    for row in range(len(frames)):
        full, part = told(whole, row, names), told(cut, row, names)
        if not (cut.truncated[row] or cut.malformed[row]):
            assert part == full
        nothing = {name: COLUMNS[name][2] for name in names}
        assert all(part[name] in (full[name], nothing[name]) for name in names)


def test_a_batch_is_decoded_alike_in_whatever_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    data = random.integers(0, 256, (500, 90), np.uint8)
    data[:, 12:14] = (8, 0)
    data[:250, 14] = 0x45
    data[:, 23] = random.choice([1, 6, 17, 132], 500)
    frames = Frames(data, random.integers(0, 91, 500).astype(np.uint16), np.zeros(500, np.int64))
    whole = decode_frames(frames, verify=True)
    monkeypatch.setattr(frames_module, "_TOGETHER", 64)
    parts = decode_frames(frames, verify=True)
    assert len(whole) == len(frames) == 500
    for name in COLUMNS:
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name


def test_a_view_into_a_ring_is_decoded_like_its_copy() -> None:
    random = np.random.default_rng(3)
    ring = random.integers(0, 256, (64, 256), np.uint8)
    ring[:, 60 + 12 : 60 + 14] = (8, 0)
    ring[:, 60 + 14] = 0x45
    view = ring[:, 60:200]
    lengths, times = np.full(64, 140, np.uint16), np.zeros(64, np.int64)
    one, other = decode_frames(Frames(view, lengths, times)), decode_frames(Frames(view.copy(), lengths, times))
    for name in COLUMNS:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
        assert not np.shares_memory(getattr(one, name), ring), name


def test_no_frames_and_empty_frames() -> None:
    assert len(decode_frames(batch([]), verify=True)) == 0
    assert decode_frames(batch([b"", b""]), LinkType.LOOPBACK).truncated.all()
    assert decode_frames(batch([b""]), LinkType.RAW).truncated.all()


def test_real_captures_are_read_alike_by_both_readers() -> None:
    read = 0
    for path in capture_files():
        found = read_capture(path)
        for raw in (False, True):
            frames = [frame for link, frame in found if (link in RAW_ALIASES if raw else link == ETHERNET)]
            if frames:
                decoded = decode_frames(batch(frames), LinkType.RAW if raw else LinkType.ETHERNET)
                assert not disagreements(frames, decoded, raw=raw), path.name
                read += len(frames)
    assert read > 50_000


def test_known_good_and_bad_checksums_are_told_apart() -> None:
    """Packets that take a detour (source routes, home addresses) are not judged: their pseudo-header has another address."""
    judged = []
    for path in capture_files():
        if path.parent.name == "chksums":
            frames = [frame for link, frame in read_capture(path) if link == ETHERNET]
            wrong = decode_frames(batch(frames), verify=True).bad_checksum.any()
            detour = "route0" in path.name or "hoa" in path.name
            assert wrong == ("bad" in path.name and not detour), path.name
            judged.append(bool(wrong))
    assert sum(judged) >= 6
    assert len(judged) - sum(judged) >= 6


def test_a_hundred_thousand_hostile_frames() -> None:
    """Random bytes behind headers that lead deep: every walk (extension headers, options, chunks, quotes) meets nonsense."""
    random = np.random.default_rng(5)
    count = 100_000
    data = random.integers(0, 256, (count, 96), np.uint8)
    data[:, 12:14] = np.array([[8, 0], [0x86, 0xDD]], np.uint8)[random.integers(0, 2, count)]
    data[:, 14] = np.where(data[:, 12] == 8, 0x45, 0x60)
    data[:, 23] = random.choice([1, 6, 17, 132], count)
    data[:, 20] = np.where(data[:, 12] == 8, data[:, 20], random.choice([0, 6, 17, 43, 44, 51, 58, 60], count))
    frames = Frames(data, random.integers(0, 97, count).astype(np.uint16), np.zeros(count, np.int64))
    decoded = decode_frames(frames, verify=True)
    assert (decoded.truncated | decoded.malformed).any()
    some = range(0, count, 97)
    singles = [data[row, : frames.lengths[row]].tobytes() for row in some]
    assert not disagreements(singles, decode_frames(batch(singles)))
