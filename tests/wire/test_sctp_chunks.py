from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.wire.sctp_chunks import (
    ABORT,
    COOKIE_ECHO,
    INIT,
    CausesChunk,
    InitChunk,
    OtherChunk,
    Parameter,
    SctpChunk,
    decode_chunks,
    encode_chunks,
)
from wire_values import chunks, patient

TABLE: list[tuple[str, SctpChunk]] = [
    (
        "0100001a" + "00000001" + "0001a000" + "000a" + "ffff" + "00000001" + "000c00060005" + "0000",
        InitChunk(
            kind=INIT,
            initiate_tag=1,
            window=0x1A000,
            outbound_streams=10,
            inbound_streams=65535,
            initial_tsn=1,
            parameters=(Parameter(12, b"\0\5"),),
        ),
    ),
    ("06010008" + "000c0004", CausesChunk(kind=ABORT, flags=1, causes=(Parameter(12),))),
    ("0a000007" + "61626300", OtherChunk(kind=COOKIE_ECHO, value=b"abc")),
    ("c8ff0004", OtherChunk(kind=200, flags=255)),
]


@pytest.mark.parametrize(("data", "chunk"), TABLE, ids=[row[0][:8] for row in TABLE])
def test_table(data: str, chunk: SctpChunk) -> None:
    assert decode_chunks(bytes.fromhex(data)) == (chunk,)
    assert encode_chunks((chunk,)).hex() == data


@pytest.mark.parametrize(
    "data", ["000000", "00000003", "00000005", "0100000800000000", "0600000600ff", "0600000800010003", "0600000800010008"]
)
def test_nonsense_is_refused(data: str) -> None:
    with pytest.raises(PeerError):
        decode_chunks(bytes.fromhex(data))


def test_what_does_not_fit_is_not_written() -> None:
    with pytest.raises(CallError):
        encode_chunks((OtherChunk(kind=256),))
    with pytest.raises(CallError):
        encode_chunks((OtherChunk(kind=0, value=bytes(65532)),))


@patient
@given(st.lists(chunks, max_size=4).map(tuple))
def test_round_trip(many: tuple[SctpChunk, ...]) -> None:
    assert decode_chunks(encode_chunks(many)) == many


@patient
@given(
    st.one_of(
        st.binary(max_size=60),
        st.tuples(st.sampled_from([1, 2, 6, 9]), st.binary(max_size=56)).map(lambda t: bytes((t[0], 0, 0, len(t[1]) + 4)) + t[1]),
    )
)
def test_any_bytes_give_a_value_or_the_peers_error(data: bytes) -> None:
    try:
        many = decode_chunks(data)
    except PeerError:
        return
    assert decode_chunks(encode_chunks(many)) == many
