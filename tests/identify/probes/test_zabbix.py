"""Answers of a real Zabbix agent, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import zabbix
from doorward.identify.probing import Context, Step, Turn

# zabbix-agent 6.0.14 (Debian 12).
TOLD = b"ZBXD\x01\x06\x00\x00\x00\x00\x00\x00\x006.0.14"
UNSUPPORTED = b"ZBXD\x01\x10\x00\x00\x00\x00\x00\x00\x00ZBX_NOTSUPPORTED"
ANSWERS = [TOLD, UNSUPPORTED]


@pytest.mark.parametrize(
    ("answer", "product", "version"),
    [(TOLD, "Zabbix agent", "6.0.14"), (UNSUPPORTED, "Zabbix", ""), (b"ZBXD\x03" + TOLD[5:], "Zabbix", "")],
)
def test_reads_the_version(answer: bytes, product: str, version: str) -> None:
    found = zabbix.read(answer, Context())
    assert found is not None
    assert (found.product, found.version) == (product, version)


def test_the_conversation_waits_for_the_length() -> None:
    assert zabbix.first_words("h") == b"ZBXD\x01\x0d\x00\x00\x00\x00\x00\x00\x00agent.version"
    assert all(zabbix.next_words(TOLD[:end], Context()) is Step.WAIT for end in range(len(TOLD)))
    assert zabbix.next_words(TOLD, Context()) is Step.DONE
    assert zabbix.next_words(b"HTTP", Context()) is Step.DONE


@pytest.mark.parametrize("other", [b"", TOLD[:12], b"ZBXD\x00" + TOLD[5:], b"ZBXD\xff" + TOLD[5:], b"BZXD" + TOLD[4:]])
def test_leaves_others_alone(other: bytes) -> None:
    assert zabbix.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="zabbix", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = zabbix.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "zabbix"
