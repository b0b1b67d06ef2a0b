"""ONC RPC: the call as RFC 5531 draws it, and each kind of reply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.payloads.onc_rpc import CALL_BYTES, REPLY_BYTES, is_reply, null_call

XID = 0x64776F72
HEAD = "64776f72 00000001 "
ACCEPTED = HEAD + "00000000 "
NO_VERIFIER = "00000000 00000000 "


def test_the_call() -> None:
    call = null_call(XID, 100000, 2)
    assert call == bytes.fromhex("64776f72 00000000 00000002 000186a0 00000002 00000000 00000000 00000000 00000000 00000000")
    assert len(call) == CALL_BYTES


@pytest.mark.parametrize(
    "reply",
    [
        ACCEPTED + NO_VERIFIER + "00000000",
        ACCEPTED + NO_VERIFIER + "00000001",
        ACCEPTED + NO_VERIFIER + "00000002 00000003 00000004",
        ACCEPTED + "00000001 00000004 01020304 00000000",
        HEAD + "00000001 00000000 00000002 00000002",
        HEAD + "00000001 00000001 00000005",
    ],
    ids=["success", "no such program", "other versions", "with a verifier", "other version of RPC", "who are you?"],
)
def test_every_reply_counts(reply: str) -> None:
    assert is_reply(bytes.fromhex(reply), XID)
    assert len(bytes.fromhex(reply)) <= REPLY_BYTES
    assert not is_reply(bytes.fromhex(reply), XID + 1)
    assert not is_reply(bytes.fromhex(reply) + bytes(4), XID)
    assert not is_reply(bytes.fromhex(reply)[:-4], XID)


@given(st.binary(max_size=100))
def test_any_bytes(rest: bytes) -> None:
    assert is_reply(bytes.fromhex(HEAD) + rest, XID) in (True, False)
