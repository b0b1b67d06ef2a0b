"""SNMP's question with a community, for both versions; each reads its own responses alone."""

from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.payloads.snmp_get import ID_OFFSET, ID_SIZE, get, is_response
from udp_answers import NONCE, answer_to


def test_versions_differ_in_one_byte() -> None:
    first, second = get(0, NONCE), get(1, NONCE)
    assert [place for place in range(len(first)) if first[place] != second[place]] == [4]
    assert first[ID_OFFSET : ID_OFFSET + ID_SIZE] == b"\x70\x81"


def test_an_error_is_a_response_too() -> None:
    assert is_response(answer_to("snmp_v1").replace(b"\x02\x01\x00\x02\x01\x00\x30", b"\x02\x01\x02\x02\x01\x01\x30"), 0, NONCE)


@given(st.binary(max_size=200), st.sampled_from([0, 1]))
def test_any_bytes(data: bytes, version: int) -> None:
    assert not is_response(data, version, NONCE)
