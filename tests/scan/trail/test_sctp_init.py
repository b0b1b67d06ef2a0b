from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.doorstates import Reason
from doorward.scan.trail.sctp_init import encode_init, read_answer
from doorward.values.addresses import Address
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.sctp import SctpPacket, decode_sctp, encode_sctp
from doorward.wire.sctp_chunks import ABORT, INIT, INIT_ACK, CausesChunk, InitChunk

NONCE = 0x1234_5678_9ABC_DEF1


def answer(chunk: InitChunk | CausesChunk, nonce: int = NONCE, port: int = 36412) -> bytes:
    knock = decode_sctp(encode_init(port, nonce))
    (init,) = knock.chunks
    assert isinstance(init, InitChunk)
    return encode_sctp(
        SctpPacket(source_port=port, destination_port=knock.source_port, verification_tag=init.initiate_tag, chunks=(chunk,))
    )


ACK = InitChunk(kind=INIT_ACK, initiate_tag=7, window=1500, outbound_streams=1, inbound_streams=1, initial_tsn=7)


def test_the_knock_is_an_init_without_a_tag() -> None:
    knock = decode_sctp(encode_init(36412, NONCE))
    assert (knock.destination_port, knock.verification_tag, knock.chunks[0].kind) == (36412, 0, INIT)
    assert knock.source_port >= 49152


@pytest.mark.parametrize(
    ("chunk", "reason"), [(ACK, Reason.INIT_ACK), (CausesChunk(kind=ABORT), Reason.ABORTED), (CausesChunk(kind=9), None)]
)
def test_answers_of_both_families(chunk: InitChunk | CausesChunk, reason: Reason | None) -> None:
    bare = answer(chunk)
    here = Address.parse("10.0.0.1")
    assert read_answer(bare, 36412, NONCE, family=6) is reason
    assert read_answer(encode_ipv4(IPv4(source=here, destination=here, protocol=132, payload=bare)), 36412, NONCE, family=4) is reason


def test_an_answer_to_somebody_else_is_none() -> None:
    assert read_answer(answer(ACK, nonce=99), 36412, NONCE, family=6) is None
    assert read_answer(answer(ACK, port=80), 36412, NONCE, family=6) is None


@given(st.binary(max_size=200), st.sampled_from([4, 6]))
def test_any_bytes_are_no_answer(data: bytes, family: int) -> None:
    assert read_answer(data, 36412, NONCE, family=family) is None


@given(st.integers(0, 2**70), st.integers(1, 65535))
def test_any_nonce_makes_a_knock(nonce: int, port: int) -> None:
    (init,) = decode_sctp(encode_init(port, nonce)).chunks
    assert isinstance(init, InitChunk)
    assert init.initiate_tag
