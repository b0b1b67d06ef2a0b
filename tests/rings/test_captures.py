from __future__ import annotations

import contextlib
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.rings.captures import CaptureDecoder, encode_capture_header, encode_capture_records
from doorward.wire.frames import Frames, LinkType

CONTENT = [b"", b"\1" * 60, b"\2\3" * 700, b"x"]
TIMES = [0, 1_777_777_777_123_456_789, 1_000, 4_294_967_295_999_999_999]


def frames_of(content: list[bytes], times: list[int]) -> Frames:
    data = np.zeros((len(content), max(map(len, content), default=0)), np.uint8)
    for row, frame in zip(data, content, strict=True):
        row[: len(frame)] = np.frombuffer(frame, np.uint8)
    return Frames(data, np.array([len(one) for one in content], np.uint16), np.array(times, np.int64))


def pcap(order: str, unit_ns: int, content: list[bytes], times: list[int], link: int = 1) -> bytes:
    magic = 0xA1B23C4D if unit_ns == 1 else 0xA1B2C3D4
    parts = [struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, link)]
    for frame, time_ns in zip(content, times, strict=True):
        seconds, rest = divmod(time_ns, 1_000_000_000)
        parts.append(struct.pack(f"{order}4I", seconds, rest // unit_ns, len(frame), len(frame) + 7) + frame)
    return b"".join(parts)


def read_all(data: bytes, piece: int = 1 << 20) -> tuple[list[bytes], list[int], CaptureDecoder]:
    decoder = CaptureDecoder()
    content: list[bytes] = []
    times: list[int] = []
    for start in range(0, len(data), piece):
        decoder.feed(data[start : start + piece])
        while len(frames := decoder.take(3)):
            content += [row[:length].tobytes() for row, length in zip(frames.data, frames.lengths, strict=True)]
            times += frames.times_ns.tolist()
    return content, times, decoder


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("unit_ns", [1, 1000])
@pytest.mark.parametrize("piece", [1, 7, 24, 1 << 20])
def test_all_four_kinds_of_pcap(order: str, unit_ns: int, piece: int) -> None:
    content, times, decoder = read_all(pcap(order, unit_ns, CONTENT, TIMES), piece)
    assert content == CONTENT
    assert times == [time_ns // unit_ns * unit_ns for time_ns in TIMES]
    assert decoder.link is LinkType.ETHERNET
    decoder.finish()


@pytest.mark.parametrize(("number", "link"), [(1, LinkType.ETHERNET), (101, LinkType.RAW), (12, LinkType.RAW), (228, LinkType.RAW)])
def test_link_types(number: int, link: LinkType) -> None:
    assert read_all(pcap("<", 1000, [], [], number))[2].link is link


@settings(deadline=None)
@given(
    content=st.lists(st.binary(max_size=100), max_size=30),
    start=st.integers(0, 4_294_967_295 * 10**9),
    piece=st.integers(1, 400),
    link=st.sampled_from([LinkType.ETHERNET, LinkType.RAW]),
)
def test_what_is_written_reads_back(content: list[bytes], start: int, piece: int, link: LinkType) -> None:
    times = [min(start + number, 4_294_967_295 * 10**9) for number in range(len(content))]
    data = encode_capture_header(link) + encode_capture_records(frames_of(content, times))
    assert read_all(data, piece)[:2] == (content, times)


@pytest.mark.parametrize("cut", [1, 3, 10, 23, 25, 40, 41, 60, 100])
def test_a_file_cut_off_gives_what_is_whole_and_says_so(cut: int) -> None:
    data = pcap("<", 1000, CONTENT, TIMES)[:cut]
    content, _, decoder = read_all(data)
    assert content == CONTENT[: len(content)]
    whole = cut in (24, 40)
    if whole:
        decoder.finish()
    else:
        with pytest.raises(PeerError, match="cut off"):
            decoder.finish()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"GIF89a" + bytes(40), "neither pcap nor pcapng"),
        (pcap("<", 1000, [], [], 147), "link type 147"),
        (pcap("<", 1000, [b"abc"], [5]) + struct.pack("<4I", 1, 1, 0xFFFFFFFF, 5), "claims 4294967295 bytes"),
        (b"", "cut off"),
    ],
)
def test_what_is_no_capture(data: bytes, why: str) -> None:
    _, _, decoder = read_all(data)
    with pytest.raises(PeerError, match=why):
        decoder.finish()


def test_frames_before_the_damage_are_handed_out() -> None:
    content, _, decoder = read_all(pcap("<", 1000, [b"abc"], [5]) + struct.pack("<4I", 1, 1, 0xFFFFFFFF, 5) + b"more")
    assert content == [b"abc"]
    assert decoder.failure is not None
    decoder.feed(b"ignored from here on")
    assert len(decoder.take()) == 0


def test_one_long_frame_does_not_make_all_rows_long() -> None:
    content = [b"s"] * 20000 + [b"l" * 65000] + [b"s"] * 20000
    decoder = CaptureDecoder()
    decoder.feed(pcap("<", 1000, content, [0] * len(content)))
    count = 0
    while len(frames := decoder.take()):
        assert frames.data.size <= 16 << 20
        count += len(frames)
    assert count == len(content)


def test_what_a_length_cannot_tell_is_left_out() -> None:
    content, _, _ = read_all(pcap("<", 1000, [b"a" * 70000, b"b"], [0, 0]))
    assert [len(one) for one in content] == [65535, 1]


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda data: pcap("<", 1000, CONTENT[:2], TIMES[:2]) + data)))
def test_any_bytes_give_frames_or_the_files_fault(data: bytes) -> None:
    content, _, decoder = read_all(data, 50)
    assert sum(map(len, content)) <= len(data)
    with contextlib.suppress(PeerError):
        decoder.finish()


def test_tcpdump_reads_what_is_written(tmp_path: Path) -> None:
    if shutil.which("tcpdump") is None:
        pytest.skip("tcpdump is not installed")
    arp = b"\xff" * 6 + b"\2\0\0\0\0\1\x08\x06\0\1\x08\0\6\4\0\1" + bytes(20)
    (tmp_path / "x.pcap").write_bytes(
        encode_capture_header(LinkType.ETHERNET) + encode_capture_records(frames_of([arp, arp], [1_500_000_001, 2 * 10**9]))
    )
    words = ["tcpdump", "-n", "-tt", "--nano", "-r", str(tmp_path / "x.pcap")]
    lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["1.500000001", "2.000000000"]
    assert all("ARP, Request" in line for line in lines)
