"""Answers of finger servers, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import finger
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# fingerd 0.17 with finger 0.17 (Debian 12), asked for doorward, for everybody, and with GET / HTTP/1.0.
NOBODY = b"finger: doorward: no such user.\r\n"
NO_ONE = b"No one logged on.\r\n"
WEB = b"finger: GET: no such user.\r\nfinger: /: no such user.\r\nfinger: HTTP/1.0: no such user.\r\n"
LIST = b"Login     Name       Tty      Idle  Login Time   Office     Office Phone\r\nroot      root       tty1       2d  Nov 21 17:02\r\n"
USER = b"Login: root           \t\t\tName: root\r\nDirectory: /root               \tShell: /bin/bash\r\n"


def asked(words: bytes, spoke: str = "finger") -> Context:
    return Context(spoke=spoke, port=79, turns=(Turn(words, b""),), closed=True)


@pytest.mark.parametrize(
    ("received", "words", "spoke", "lists"),
    [
        (NOBODY, b"doorward\r\n", "finger", False),
        (WEB, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", "http", False),
        (NO_ONE, b"\r\n", "", True),
        (LIST, b"\r\n", "", True),
        (USER, b"root\r\n", "", True),
        (b"Login name: doorward  \t\t\tIn real life: ???\r\n".replace(b"  \t\t\tIn real life:", b":"), b"doorward\r\n", "finger", False),
    ],
)
def test_reads_the_answer(received: bytes, words: bytes, spoke: str, lists: bool) -> None:
    found = finger.read(received, asked(words, spoke))
    assert found is not None
    assert found.certainty is Certainty.MEASURED
    assert found.facts["lists_users"] is lists


def test_a_refusal_is_a_guess() -> None:
    found = finger.read(b"Finger online user list denied.\r\n", asked(b"doorward\r\n"))
    assert found is not None
    assert found.certainty is Certainty.INFERRED


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"550 5.1.1 <doorward>: no such user here\r\n",
        b"finger: somebody: no such user.\r\n",  # not the name that we sent
        b"HTTP/1.1 404 Not Found\r\n\r\nno such user",
        b"login: ",
        b"-ERR unknown command\r\n",
    ],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert finger.read(other, asked(b"doorward\r\n")) is None


def test_it_asks_for_nobody_and_waits_for_the_end() -> None:
    assert finger.first_words("h") == b"doorward\r\n"
    assert finger.next_words(NOBODY, Context()) is Step.WAIT
    assert finger.next_words(NOBODY, Context(closed=True)) is Step.DONE


@given(st.sampled_from([NOBODY, LIST, USER, WEB]), st.integers(0, 150), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(answer: bytes, cut: int, tail: bytes) -> None:
    found = finger.read(answer[:cut] + tail, asked(b"doorward\r\n"))
    assert found is None or found.service == "finger"
