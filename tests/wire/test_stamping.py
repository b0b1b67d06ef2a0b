from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from doorward.errors import CallError
from doorward.wire.checksums import internet_checksum, internet_sum
from doorward.wire.crc32c import crc32c
from doorward.wire.stamping import Checksum, Crc, Place, Template
from wire_values import patient

# Bytes 0-1 checksum; 2-3, 5-6, 8-11 and 13 numbers at even and odd places; 14-17 an address.
BODY = bytes.fromhex("0000aabb11ccdd2200010203ee040a0b0c0d")
FIELDS = {
    "destination_ports": [Place(2, 2, (0,))],
    "source_ports": [Place(5, 2, (0,))],
    "sequences": [Place(8, 4, (0,))],
    "hop_limits": [Place(13, 1, (0,))],
    "destinations": [Place(14, 4, (0,))],
}
MADE = Template("test", BODY, FIELDS, [Checksum(0, internet_sum(BODY))])


@patient
@given(st.integers(1, 6), st.data(), st.sets(st.sampled_from(sorted(FIELDS))))
def test_every_row_is_what_summing_anew_would_give(rows: int, draw: st.DataObject, fields: set[str]) -> None:
    random = np.random.default_rng(draw.draw(st.integers(0, 1000)))
    values: dict[str, NDArray[Any]] = {}
    for field in fields - {"destinations"}:
        values[field] = random.integers(0, 256 ** FIELDS[field][0].size, rows).astype(np.uint32)
    texts = {"destinations": random.integers(0, 256, (rows, 4)).astype(np.uint8)} if "destinations" in fields else {}
    out = np.full((rows, 24), 0x77, np.uint8)
    lengths = MADE.stamp(out, **values, **texts)
    assert lengths.tolist() == [len(BODY)] * rows
    assert (out[:, len(BODY) :] == 0x77).all()
    for row in range(rows):
        want = bytearray(BODY)
        for field in fields:
            place = FIELDS[field][0]
            held = texts[field][row].tobytes() if field in texts else int(values[field][row]).to_bytes(place.size, "big")
            want[place.offset : place.offset + place.size] = held
        want[0:2] = internet_checksum(bytes(want)).to_bytes(2, "big")
        assert out[row, : len(BODY)].tobytes() == bytes(want)


def test_one_value_serves_all_rows_and_numbers_wrap() -> None:
    one, other = np.zeros((3, 18), np.uint8), np.zeros((3, 18), np.uint8)
    MADE.stamp(one, destination_ports=65536 + 7, destinations=np.array([1, 2, 3, 4], np.uint8))
    MADE.stamp(other, destination_ports=np.array([7, 7, 7]), destinations=np.array([[0] * 10 + [255, 255, 1, 2, 3, 4]] * 3, np.uint8))
    assert np.array_equal(one, other)
    assert one[0, 2:4].tolist() == [0, 7]


def test_rows_apart_in_a_ring_are_written_in_place() -> None:
    ring = np.full((10, 64), 0x55, np.uint8)
    MADE.stamp(ring[1::3, 8:40], destination_ports=np.array([1, 2, 3]))
    assert ring[[1, 4, 7], 10:12].tolist() == [[0, 1], [0, 2], [0, 3]]
    assert (np.delete(ring, [1, 4, 7], axis=0) == 0x55).all()
    assert (ring[:, :8] == 0x55).all()
    assert (ring[:, 8 + len(BODY) :] == 0x55).all()


def test_more_rows_than_are_stamped_together() -> None:
    out = np.zeros((10_000, 18), np.uint8)
    MADE.stamp(out, sequences=np.arange(10_000))
    assert out[9_999, 8:12].tobytes() == (9_999).to_bytes(4, "big")
    assert all(internet_sum(out[row].tobytes()) == 0xFFFF for row in range(0, 10_000, 999))


def test_zero_is_sent_as_ones_where_asked() -> None:
    data = bytes.fromhex("00000000fffe")
    made = Template("test", data, {"source_ports": [Place(2, 2, (0,))]}, [Checksum(0, internet_sum(data), zero_is_sent_as_ones=True)])
    out = np.zeros((2, 6), np.uint8)
    made.stamp(out, source_ports=np.array([1, 2]))
    assert out[:, :2].tolist() == [[0xFF, 0xFF], [0xFF, 0xFE]]


def test_a_crc_is_that_of_the_row() -> None:
    data = b"link" + bytes.fromhex("0102030405060708") + bytes(4) + b"tail"
    made = Template("test", data, {"sequences": [Place(6, 4)], "destination_macs": [Place(0, 4)]}, crc=Crc(12, 4))
    out = np.zeros((50, 20), np.uint8)
    made.stamp(out, sequences=np.arange(50) * 123_456_789, destination_macs=np.full((50, 4), 9, np.uint8))
    for row in out:
        body = row[4:].tobytes()
        assert int.from_bytes(body[8:12], "little") == crc32c(body[:8] + bytes(4) + body[12:])


def test_faults_of_the_caller() -> None:
    out = np.zeros((3, 18), np.uint8)
    rows: list[NDArray[Any]] = [out[:, :17], out[:, ::2], out.astype(np.uint16), out[0]]
    for wrong in rows:
        with pytest.raises(CallError, match="rows of at least 18 bytes"):
            MADE.stamp(wrong)
    with pytest.raises(CallError, match="no such field"):
        MADE.stamp(out, timestamps=1)
    with pytest.raises(CallError, match="neither one value nor one for each of 3 rows"):
        MADE.stamp(out, sequences=np.arange(2))
    texts: list[NDArray[Any]] = [np.zeros((3, 5), np.uint8), np.zeros((3, 4), np.uint16), np.zeros((2, 4), np.uint8)]
    for wrong in texts:
        with pytest.raises(CallError):
            MADE.stamp(out, destinations=wrong)


def test_no_rows_are_no_work() -> None:
    assert len(MADE.stamp(np.zeros((0, 64), np.uint8), sequences=np.zeros(0, np.uint32))) == 0
