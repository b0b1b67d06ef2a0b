from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.identify.conclusion import Endpoint
from doorward.identify.found_doors import MOST_LINE_BYTES, parse_found
from doorward.scan.answer import DoorLine
from doorward.values.addresses import Address
from doorward.values.records import encode_json
from doorward.values.transports import Transport
from scan_lines import DOOR, SUMMARY, door


def endpoint(line: DoorLine) -> Endpoint:
    return Endpoint(line.transport, line.address, line.port, line.host)


@pytest.mark.parametrize("line", [DOOR, door(address="fe80::1%eth0"), door(transport=Transport.UDP, host="")])
def test_what_a_scan_prints_is_read(line: DoorLine) -> None:
    assert parse_found(encode_json(line).encode() + b"\n", 1) == endpoint(line)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"  \r\n",
        b"# a comment\n",
        encode_json(SUMMARY).encode(),
        encode_json(door(state="closed")).encode(),
        encode_json(door(transport=Transport.SCTP)).encode(),
        b'{"kind":"plan"}',
    ],
)
def test_what_names_no_door_to_ask_is_passed_over(line: bytes) -> None:
    assert parse_found(line, 1) is None


def test_words_are_left_to_the_grammar_of_doors() -> None:
    assert parse_found(b"nas.lan:22 udp:10.0.0.1:53  # both\n", 1) == ["nas.lan:22", "udp:10.0.0.1:53"]


def test_the_least_object_is_an_address_and_a_port() -> None:
    assert parse_found(b'{"address":"10.0.0.1","port":22,"more":[1]}', 1) == Endpoint(Transport.TCP, Address.parse("10.0.0.1"), 22)


@pytest.mark.parametrize("line", [b"{", b'{"port":22}', b'{"address":"10.0.0.1","port":0}', b'{"address":"x","port":1}', b'{"port":"22"}'])
def test_anything_else_is_an_error_with_its_line(line: bytes) -> None:
    with pytest.raises(CallError) as error:
        parse_found(line, 17)
    assert error.value.target == "standard input, line 17"


def test_a_name_that_is_none_is_not_said_to_anybody() -> None:
    found = parse_found(b'{"address":"10.0.0.1","port":22,"host":"a\\u001bb"}', 1)
    assert isinstance(found, Endpoint)
    assert found.host == ""


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(CallError, match="longer than"):
        parse_found(b"{" * (MOST_LINE_BYTES + 1), 1)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_door_words_nothing_or_the_callers_error(line: bytes) -> None:
    try:
        found = parse_found(line, 1)
    except CallError:
        return
    assert found is None or isinstance(found, Endpoint | list)
