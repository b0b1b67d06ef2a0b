"""Messages as the standard lays them out, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import opcua
from doorward.identify.probing import Context, Step, Turn

ACK = b"ACKF" + (28).to_bytes(4, "little") + b"".join(number.to_bytes(4, "little") for number in (0, 65536, 65536, 16777216, 5000))
ERROR = b"ERRF" + (25).to_bytes(4, "little") + b"\x00\x00\x83\x80" + (9).to_bytes(4, "little") + b"wrong url"
ANSWERS = [ACK, ERROR]


def test_reads_the_answers() -> None:
    found = opcua.read(ACK, Context())
    assert found is not None
    assert found.facts["protocol_version"] == "0"
    refusal = opcua.read(ERROR, Context())
    assert refusal is not None
    assert refusal.facts["refusal"] == "wrong url"


def test_the_conversation_is_one_message() -> None:
    words = opcua.first_words("::1")
    assert int.from_bytes(words[4:8], "little") == len(words)
    assert words.endswith(b"opc.tcp://[::1]:4840")
    assert b"Evil" not in opcua.first_words("a\nEvil")
    assert opcua.next_words(ACK[:-1], Context()) is Step.WAIT
    assert opcua.next_words(ACK, Context()) is Step.DONE
    assert opcua.next_words(b"HTTP/1.1 400", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", ACK[:-1], opcua.first_words("h"), b"ACKF" + bytes(24), ERROR[:20]])
def test_leaves_others_alone(other: bytes) -> None:
    assert opcua.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="opcua", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = opcua.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "opcua"
