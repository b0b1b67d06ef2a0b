from __future__ import annotations

import struct

import pytest

from doorward.errors import CallError, PeerError
from doorward.wire.fields import need, nonsense, pack, unpack

LAYOUT = struct.Struct("!H2sB")


def test_fields_are_unpacked_from_the_front() -> None:
    assert unpack(LAYOUT, b"\x01\x02abc and more", "thing") == (0x0102, b"ab", ord("c"))


def test_too_few_bytes_are_the_peers_fault() -> None:
    with pytest.raises(PeerError, match="cannot read the thing: it has 4 of 5 bytes"):
        unpack(LAYOUT, b"\x01\x02ab", "thing")
    with pytest.raises(PeerError):
        need(b"", 1, "thing")
    assert "because" in str(nonsense("thing", "because"))


@pytest.mark.parametrize("values", [(65536, b"ab", 1), (-1, b"ab", 1), (1, b"a", 1), (1, b"abc", 1), (1, b"ab", 256)])
def test_what_does_not_fit_is_the_callers_fault(values: tuple[int, bytes, int]) -> None:
    with pytest.raises(CallError, match="write the thing"):
        pack(LAYOUT, "thing", *values)


def test_what_fits_is_packed() -> None:
    assert pack(LAYOUT, "thing", 0x0102, b"ab", 99) == b"\x01\x02abc"
