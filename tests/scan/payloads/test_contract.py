"""A nonce's bytes, and that what is stated of every payload holds for every file: a new one is held to it by being there."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.scan.payloads.catalogue import EMPTY, all_payloads
from doorward.scan.payloads.contract import AMPLIFICATION_CAP, Payload, Safety, nonce_bytes
from udp_answers import NONCE, answer_to

PAYLOADS = list(all_payloads().values())
each_payload = pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.NAME)
nonces = st.integers(min_value=0, max_value=2**64 - 1)

#: Answers of these look alike: what answers is told by the port. A quote may be any text.
ALIKE = {"rpcbind", "nfs", "nfs_mount", "onc_rpc_any", "vxworks_wdb"}


def test_a_nonce_s_lowest_bytes_count() -> None:
    assert nonce_bytes(0x1122334455667788, 2) == b"\x77\x88"
    assert nonce_bytes(5, 8) == bytes(7) + b"\5"
    assert nonce_bytes(2**80 + 1, 8) == bytes(7) + b"\1"


def test_there_are_enough() -> None:
    assert len(PAYLOADS) >= 50


@each_payload
def test_it_declares_itself(payload: Payload) -> None:
    assert all_payloads()[payload.NAME] is payload
    assert re.fullmatch(r"[a-z][a-z0-9_]*", payload.NAME)
    assert payload.TITLE
    assert len(payload.SOURCE) > 6
    assert payload.SAFE in Safety
    assert len(set(payload.PORTS)) == len(payload.PORTS)
    assert all(0 < port < 65536 for port in payload.PORTS)
    assert payload.NONCE_SIZE in range(9)
    assert len(payload.payload(NONCE)) <= 1232, "fits the least IPv6 path: 1280 less 48 (RFC 8200 §5)"


@each_payload
def test_it_asks_for_no_more_than_it_may(payload: Payload) -> None:
    if payload.NAME != EMPTY:
        assert AMPLIFICATION_CAP * len(payload.payload(NONCE)) >= payload.ANSWER_BYTES
        assert len(answer_to(payload.NAME)) <= payload.ANSWER_BYTES


@each_payload
@given(nonce=nonces)
@settings(max_examples=10)
def test_the_nonce_stands_where_it_says(payload: Payload, nonce: int) -> None:
    question, nought = payload.payload(nonce), payload.payload(0)
    assert len(question) == len(nought)
    assert payload.payload(nonce) == question
    offset, size = payload.NONCE_OFFSET, payload.NONCE_SIZE
    if offset is not None:
        assert question == nought[:offset] + nonce_bytes(nonce, size) + nought[offset + size :]
        assert nought[offset : offset + size] == bytes(size)
    elif size == 0:
        assert question == nought


@each_payload
@given(nonce=nonces.filter(lambda nonce: nonce & 0xFFFFFFFF))
@settings(max_examples=10)
def test_an_answer_to_another_nonce_is_no_answer(payload: Payload, nonce: int) -> None:
    answer = answer_to(payload.NAME, nonce)
    assert payload.is_answer(answer, nonce)
    for bit in range(min(8 * payload.NONCE_SIZE, 4)):
        assert not payload.is_answer(answer, nonce ^ 1 << bit)


@each_payload
@given(data=st.binary(max_size=2000), nonce=nonces)
@settings(max_examples=20)
def test_any_bytes_are_yes_or_no(payload: Payload, data: bytes, nonce: int) -> None:
    assert payload.is_answer(data, nonce) in (True, False)


@each_payload
@given(data=st.data())
@settings(max_examples=40)
def test_a_damaged_answer_is_yes_or_no(payload: Payload, data: st.DataObject) -> None:
    """Cut, lengthened and with some bytes changed, so that random bytes get behind the first comparison."""
    damaged = bytearray(answer_to(payload.NAME))
    for _ in range(data.draw(st.integers(0, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    assert payload.is_answer(cut + data.draw(st.binary(max_size=8)), NONCE) in (True, False)


@each_payload
def test_every_cut_is_yes_or_no(payload: Payload) -> None:
    answer = answer_to(payload.NAME)
    for end in range(len(answer)):
        assert payload.is_answer(answer[:end], NONCE) in (True, False)


@each_payload
def test_huge_answers_take_no_time(payload: Payload) -> None:
    answer = answer_to(payload.NAME)
    for filling in (b"\0", b" <", b"A", b"0"):
        payload.is_answer(answer + filling * 65000, NONCE)
        payload.is_answer(filling * 65507, NONCE)


@each_payload
def test_it_does_not_take_its_own_question_for_an_answer(payload: Payload) -> None:
    reflected = payload.payload(NONCE)
    assert payload.is_answer(reflected, NONCE) == (payload.NAME in ("echo", "samp"))


@each_payload
def test_it_leaves_other_protocols_alone(payload: Payload) -> None:
    if payload.NAME in (EMPTY, "qotd"):
        return
    taken = {other.NAME for other in PAYLOADS if payload.is_answer(answer_to(other.NAME), NONCE)}
    assert taken == (ALIKE if payload.NAME in ALIKE else {payload.NAME})
