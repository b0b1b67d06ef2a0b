from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.rings.captures import CaptureDecoder
from doorward.rings.pcapng_blocks import Sections
from doorward.wire.frames import LinkType


def block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack(f"{order}II", kind, len(body) + 12) + body + struct.pack(f"{order}I", len(body) + 12)


def section(order: str = "<") -> bytes:
    return block(order, 0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(order: str = "<", link: int = 1, options: bytes = b"", snap: int = 0) -> bytes:
    return block(order, 1, struct.pack(f"{order}HHI", link, 0, snap) + options)


def packet(order: str, content: bytes, units: int, number: int = 0) -> bytes:
    return block(order, 6, struct.pack(f"{order}5I", number, units >> 32, units & 0xFFFFFFFF, len(content), len(content)) + content)


def read(data: bytes, piece: int = 1 << 20) -> tuple[list[bytes], list[int], CaptureDecoder]:
    decoder = CaptureDecoder()
    content: list[bytes] = []
    times: list[int] = []
    for start in range(0, len(data), piece):
        decoder.feed(data[start : start + piece])
        while len(frames := decoder.take()):
            content += [row[:length].tobytes() for row, length in zip(frames.data, frames.lengths, strict=True)]
            times += frames.times_ns.tolist()
    return content, times, decoder


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("piece", [1, 13, 1 << 20])
def test_packets_of_both_byte_orders(order: str, piece: int) -> None:
    data = section(order) + block(order, 0xBAD, b"unknown") + interface(order) + packet(order, b"abcde", 7_000_001) + packet(order, b"f", 8)
    content, times, decoder = read(data, piece)
    assert content == [b"abcde", b"f"]
    assert times == [7_000_001_000, 8_000]
    assert decoder.link is LinkType.ETHERNET
    decoder.finish()


@pytest.mark.parametrize(
    ("option", "units", "time_ns"),
    [
        (struct.pack("<HHB3x", 9, 1, 9), 123, 123),
        (struct.pack("<HHB3x", 9, 1, 0x80 | 10), 1024, 1_000_000_000),
        (struct.pack("<HHB3x", 9, 1, 9) + struct.pack("<HHq", 14, 8, 5), 123, 5_000_000_123),
        (struct.pack("<HHB3x", 2, 1, 65) + struct.pack("<HH", 0, 0) + struct.pack("<HHB3x", 9, 1, 9), 1, 1000),
        (struct.pack("<HH", 9, 60000), 1, 1000),
        (struct.pack("<HHB3x", 9, 1, 127), 1 << 63, 0),
    ],
)
def test_the_resolution_and_offset_of_times(option: bytes, units: int, time_ns: int) -> None:
    assert read(section() + interface(options=option) + packet("<", b"x", units))[1] == [time_ns]


def test_several_interfaces_sections_and_old_packets() -> None:
    nano = struct.pack("<HHB3x", 9, 1, 9)
    data = section() + interface() + interface(options=nano) + packet("<", b"a", 1) + packet("<", b"b", 1, 1)
    data += block("<", 2, struct.pack("<HHIIII", 1, 0, 0, 5, 1, 1) + b"c")
    data += section(">") + interface(">", snap=2) + block(">", 3, struct.pack(">I", 90) + b"de")
    content, times, decoder = read(data)
    assert content == [b"a", b"b", b"c", b"de"]
    assert times == [1000, 1, 5, 0]
    decoder.finish()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (section() + packet("<", b"a", 1), "never described"),
        (section() + interface(link=113), "link type 113"),
        (section() + interface() + interface(link=101), "different kinds"),
        (section() + struct.pack("<III", 6, 8, 8), "claims 8 bytes"),
        (section() + struct.pack("<III", 6, 0xFFFFFFFC, 8), "claims 4294967292 bytes"),
        (section() + struct.pack("<IIII", 7, 16, 0, 20), "tells two lengths"),
        (section() + interface() + block("<", 6, struct.pack("<5I", 0, 0, 0, 50, 50) + b"a"), "claims 50 bytes"),
        (section() + interface() + block("<", 6, b"tiny"), "too short"),
        (struct.pack("<III", 0x0A0D0D0A, 28, 7) + bytes(16), "byte order"),
        (section() + interface() + packet("<", b"a", 1)[:-4], "cut off"),
    ],
)
def test_what_breaks_the_format(data: bytes, why: str) -> None:
    decoder = read(data)[2]
    with pytest.raises(PeerError, match=why):
        decoder.finish()


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200).map(lambda data: section() + data),
        st.binary(max_size=60).map(lambda data: section() + interface(options=data) + packet("<", b"a", 1 << 60)),
        st.lists(st.tuples(st.integers(0, 7), st.binary(max_size=40)), max_size=8).map(
            lambda blocks: section() + interface() + b"".join(block("<", kind, body) for kind, body in blocks)
        ),
    ),
    st.integers(1, 100),
)
def test_any_bytes_give_frames_or_the_files_fault(data: bytes, piece: int) -> None:
    content, _, decoder = read(data, piece)
    assert sum(map(len, content)) <= len(data)
    with contextlib.suppress(PeerError):
        decoder.finish()


def test_a_reader_starts_without_a_link() -> None:
    assert Sections().link is None
