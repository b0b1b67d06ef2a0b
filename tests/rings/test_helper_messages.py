from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.rings.helper_messages import (
    MAX_MESSAGE_BYTES,
    Granted,
    Question,
    Refused,
    decode_answer,
    decode_question,
    encode_message,
    own_addresses,
)

ASKED = Question(interface="eth0", addresses=["192.0.2.1", "2001:db8::1"], first_port=61000, last_port=61999)


def test_a_question_comes_back_as_it_was() -> None:
    assert decode_question(encode_message(ASKED)) == ASKED
    assert len(encode_message(ASKED)) < MAX_MESSAGE_BYTES
    assert [str(address) for address in own_addresses(ASKED)] == ASKED.addresses


@pytest.mark.parametrize("answer", [Granted(snap_bytes=256), Refused(why="because")])
def test_answers_come_back_as_they_were(answer: Granted | Refused) -> None:
    assert decode_answer(encode_message(answer)) == answer


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"type":"open"}',
        encode_message(ASKED).replace(b"61999", b"70000"),
        encode_message(ASKED).replace(b"61999", b"1"),
        encode_message(ASKED).replace(b"61000", b"0"),
        encode_message(ASKED).replace(b'"version":1', b'"version":2'),
        encode_message(ASKED).replace(b"256", b"10"),
        encode_message(ASKED).replace(b'"interface"', b'"more":1,"interface"'),
        encode_message(ASKED).replace(b'["192.0.2.1","2001:db8::1"]', b"[]"),
        b"[" * 5000,
    ],
)
def test_what_is_no_question(data: bytes) -> None:
    with pytest.raises(PeerError):
        decode_question(data)


def test_what_is_no_address() -> None:
    with pytest.raises(CallError):
        own_addresses(Question(interface="eth0", addresses=["localhost"], first_port=1, last_port=2))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_message_or_the_peers_error(data: bytes) -> None:
    for decode in (decode_question, decode_answer):
        try:
            decode(data)
        except PeerError as error:
            assert str(error).isprintable()  # noqa: PT017
