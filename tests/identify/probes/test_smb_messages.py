"""SMB's first questions, and how its messages are split."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.identify.probes._smb_messages import (
    ASK_ANY,
    ASK_DIALECT,
    ASK_SETUP,
    ASK_SETUP_OLD,
    DIALECTS,
    SMB1,
    SMB2,
    split_messages,
)


@pytest.mark.parametrize(("question", "magic"), [(ASK_ANY, SMB1), (ASK_DIALECT, SMB2), (ASK_SETUP, SMB2), (ASK_SETUP_OLD, SMB1)])
def test_each_question_is_one_whole_message(question: bytes, magic: bytes) -> None:
    assert split_messages(question) == [question[4:]]
    assert question[4:8] == magic


def test_the_newest_dialects_contexts_stand_where_it_says() -> None:
    message = ASK_DIALECT[4:]
    assert int.from_bytes(message[66:68], "little") == len(DIALECTS)
    place, count = int.from_bytes(message[92:96], "little"), int.from_bytes(message[96:98], "little")
    assert (place % 8, count) == (0, 2)
    assert message[place : place + 4] == b"\x01\x00\x26\x00"


def test_no_question_holds_a_password() -> None:
    assert b"NTLMSSP\0\x03" not in ASK_SETUP + ASK_SETUP_OLD


def test_a_netbios_session_before_them_is_passed_over() -> None:
    assert split_messages(b"\x82\0\0\0" + ASK_ANY + ASK_SETUP[:-1]) == [ASK_ANY[4:]]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_survived(data: bytes) -> None:
    assert len(split_messages(data)) <= 6
