"""Frames out of capture files, for tests that want real traffic: pcap, pcapng, and both inside gzip."""

from __future__ import annotations

import gzip
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

ETHERNET = 1  # LINKTYPE_ETHERNET
RAW = 101  # LINKTYPE_RAW
RAW_ALIASES = (12, 14, 101, 228, 229)  # DLT_RAW of several systems, LINKTYPE_IPV4, LINKTYPE_IPV6


def capture_files() -> list[Path]:
    """Every capture of the outside data; skips where there is none."""
    folder = os.environ.get("DOORWARD_OUTSIDE_DATA")
    if not folder:
        pytest.skip("DOORWARD_OUTSIDE_DATA names no folder with captures")
    suffixes = (".pcap", ".pcapng", ".cap", ".trace", ".gz", ".pcap.gz", ".pcapng.gz")
    return sorted(path for path in (Path(folder) / "pcaps").rglob("*") if path.is_file() and path.name.endswith(suffixes))


def read_capture(path: Path, snap: int = 65535) -> list[tuple[int, bytes]]:
    """Return (link type, captured bytes up to ``snap``) of each frame; a damaged file gives what stands before the damage."""
    return [(link, frame[:snap]) for link, frame in _frames(path.read_bytes())]


def _frames(data: bytes) -> list[tuple[int, bytes]]:
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        return list(_pcapng(data))
    if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        return list(_pcap(data, "<"))
    if data[:4] in (b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d"):
        return list(_pcap(data, ">"))
    return []


def _pcap(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    link = struct.unpack_from(f"{order}I", data, 20)[0] & 0xFFFF
    place = 24
    while place + 16 <= len(data):
        (size,) = struct.unpack_from(f"{order}I", data, place + 8)
        if place + 16 + size > len(data):
            return
        yield link, data[place + 16 : place + 16 + size]
        place += 16 + size


def _pcapng(data: bytes) -> Iterator[tuple[int, bytes]]:
    links: list[int] = []
    order, place = "<", 0
    while place + 12 <= len(data):
        (kind,) = struct.unpack_from(f"{order}I", data, place)
        if kind == 0x0A0D0D0A:
            order = "<" if data[place + 8 : place + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            links = []
        (size,) = struct.unpack_from(f"{order}I", data, place + 4)
        if size < 12 or place + size > len(data):
            return
        if kind == 1:
            links.append(struct.unpack_from(f"{order}H", data, place + 8)[0])
        elif kind == 6:
            interface, _, _, held, _ = struct.unpack_from(f"{order}IIIII", data, place + 8)
            yield links[interface], data[place + 28 : place + 28 + held]
        elif kind == 3 and links:
            (whole,) = struct.unpack_from(f"{order}I", data, place + 8)
            yield links[0], data[place + 12 : place + 12 + min(whole, size - 16)]
        place += size
