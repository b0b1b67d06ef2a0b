"""Answers of HTTP as protocols that stand on it read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes._web_answers import parse_web_answer, text_of, wait_for_answer, web_request
from doorward.identify.probing import Context, Step

WHOLE = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nA: b\r\n\r\n{"a":"b\x1b"}\n'
CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n5;x=y\r\n:"c"}\r\n0\r\n\r\n'


def test_reads_status_fields_and_body() -> None:
    answer = parse_web_answer(WHOLE)
    assert answer is not None
    assert (answer.status, answer.fields["a"], answer.json()) == (200, "b", {})  # JSON has no raw ESC
    chunked = parse_web_answer(CHUNKED)
    assert chunked is not None
    assert chunked.json() == {"a": "c"}
    assert text_of(chunked.json(), "a") == "c"
    assert text_of({"a": 1}, "a") == ""
    assert text_of({"a": "\x1b"}, "a") == "\\x1b"


def test_waits_for_the_whole() -> None:
    for answer in (WHOLE, CHUNKED):
        assert all(wait_for_answer(answer[:end], Context()) is Step.WAIT for end in range(len(answer)))
        assert wait_for_answer(answer, Context()) is Step.DONE
    assert wait_for_answer(b"-ERR", Context()) is Step.DONE
    assert wait_for_answer(WHOLE[:30], Context(closed=True)) is Step.DONE


def test_the_request_holds_nothing_hostile() -> None:
    assert b"\r\nHost: [::1]\r\n" in web_request("::1", "/v2/")
    assert b"Evil" not in web_request("a\r\nEvil: 1", "/")


@given(st.binary(max_size=400), st.sampled_from([b"", WHOLE, CHUNKED, CHUNKED[:60], WHOLE[:50]]))
def test_any_bytes_are_survived(noise: bytes, start: bytes) -> None:
    answer = parse_web_answer(start + noise)
    if answer is not None:
        assert isinstance(answer.json(), dict)
        assert len(answer.body) <= len(start + noise)
    assert wait_for_answer(start + noise, Context()) in (Step.WAIT, Step.DONE)


@pytest.mark.parametrize("other", [b"", b"HTTP/1.1 200 OK\r\n", b"SIP/2.0 200 OK\r\n\r\n", b"HTTP/2 200\r\n\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert parse_web_answer(other) is None
