"""Which databases are here (Microsoft SQL Server browser): the question byte for byte, and which answers count."""

import pytest

from doorward.scan.payloads.protocols import mssql_browser
from udp_answers import NONCE, answer_to

A = answer_to("mssql_browser")


def test_the_question_stands_as_written() -> None:
    assert mssql_browser.payload(NONCE) == bytes.fromhex("0f014d5353514c53455256455200")


@pytest.mark.parametrize(
    "data",
    [
        A,
        b"\x05\x10\0ServerName;HOST;",
    ],
)
def test_this_counts(data: bytes) -> None:
    assert mssql_browser.is_answer(data, NONCE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(A[:4] + b"\0\0", id="port zero"),
        pytest.param(A[:3] + b"\2" + A[4:], id="another version"),
        pytest.param(A + b"\0", id="with more behind it"),
        pytest.param(mssql_browser.payload(NONCE), id="a question"),
    ],
)
def test_this_does_not_count(data: bytes) -> None:
    assert not mssql_browser.is_answer(data, NONCE)
