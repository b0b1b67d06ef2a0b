"""ONC RPC's calls and replies."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.identify.probes._rpc import Reply, decode_reply, encode_call, record


def words(*numbers: int) -> bytes:
    return b"Door" + b"".join(number.to_bytes(4) for number in numbers)


def test_a_call_is_in_nobodys_name() -> None:
    assert encode_call(100000, 2, 4) == words(0, 2, 100000, 2, 4, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        (words(1, 0, 0, 0, 0) + b"result", Reply(accepted=True, result=b"result")),
        (words(1, 0, 0, 0, 2, 3, 4), Reply(accepted=True, outcome=2, lowest=3, highest=4)),
        (words(1, 0, 0, 0, 1), Reply(accepted=True, outcome=1)),
        (words(1, 1, 1, 2), Reply(accepted=False, outcome=1)),
        (words(1, 0, 0, 5, 0x61626300, 0x64000000, 0), Reply(accepted=True)),
        (words(0, 2, 100000), None),
        (words(1, 0, 0, 9999), None),
        (words(1, 0, 0, 0, 77), None),
        (b"Else" + words(1, 0, 0, 0, 0)[4:], None),
        (b"", None),
    ],
)
def test_what_a_reply_says(message: bytes, reply: Reply | None) -> None:
    assert decode_reply(message, stream=False) == reply
    assert decode_reply(record(message), stream=True) == reply


def test_fragments_are_joined() -> None:
    message = words(1, 0, 0, 0, 0) + b"result"
    split = len(message[:10]).to_bytes(4) + message[:10] + record(message[10:])
    assert decode_reply(split, stream=True) == Reply(accepted=True, result=b"result")
    assert decode_reply(split[:-1], stream=True) is None
    assert decode_reply((4).to_bytes(4) + b"Door" + b"\0\0\0\0" * 5000, stream=True) is None


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=120), st.booleans())
def test_any_bytes_are_survived(data: bytes, stream: bool) -> None:
    reply = decode_reply(b"Door\0\0\0\1" + data, stream=stream)
    assert reply is None or reply.outcome >= 0
