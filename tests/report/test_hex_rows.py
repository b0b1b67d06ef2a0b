from hypothesis import given
from hypothesis import strategies as st

from doorward.report.hex_rows import hex_rows


def test_rows() -> None:
    assert list(hex_rows(b"HEAD / HTTP/1.0\r\n")) == [
        "0000  48 45 41 44 20 2f 20 48  54 54 50 2f 31 2e 30 0d  HEAD / HTTP/1.0.",
        "0010  0a                                                .",
    ]
    assert list(hex_rows(b"")) == []


@given(st.binary(max_size=200))
def test_any_bytes_fit_and_can_be_read_back(data: bytes) -> None:
    rows = list(hex_rows(data))
    assert all(row.isprintable() and len(row) <= 72 for row in rows)
    assert b"".join(bytes.fromhex(row[6:54]) for row in rows) == data
