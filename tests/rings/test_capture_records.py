from __future__ import annotations

from doorward.rings.capture_records import LINK_TYPES, MAX_RECORD_BYTES, Found, broken
from doorward.wire.frames import LinkType


def test_records_are_taken_in_order_and_once() -> None:
    found = Found()
    for number in range(5):
        found.add(number * 10, number, number)
    assert found.fitting(3, 1000) == 3
    assert [column.tolist() for column in found.pop(3)] == [[0, 10, 20], [0, 1, 2], [0, 1, 2]]
    assert found.fitting(10, 1000) == 2
    assert [column.tolist() for column in found.pop(9)] == [[30, 40], [3, 4], [3, 4]]
    assert found.fitting(10, 1000) == 0


def test_a_table_is_bounded_but_never_empty() -> None:
    found = Found()
    for _ in range(10):
        found.add(0, 100, 0)
    assert found.fitting(10, 350) == 3
    assert found.fitting(10, 5) == 1


def test_a_used_buffer_is_dropped_up_to_what_is_needed() -> None:
    found = Found()
    found.add(2, 3, 0)
    found.add(6, 2, 0)
    found.used = 9
    found.pop(1)
    assert found.drop_used(b"0123456789") == b"6789"
    assert found.used == 3
    assert found.before == 6
    assert found.pop(1)[0].tolist() == [0]
    assert found.drop_used(b"6789") == b"9"
    assert found.before == 9


def test_what_does_not_fit_the_columns_is_bounded() -> None:
    found = Found()
    found.add(0, 1 << 40, 1 << 90)
    assert [column.tolist() for column in found.pop(1)] == [[0], [65535], [0]]


def test_words() -> None:
    assert "it is odd" in str(broken("it is odd"))
    assert LINK_TYPES[1] is LinkType.ETHERNET
    assert MAX_RECORD_BYTES > 65535
