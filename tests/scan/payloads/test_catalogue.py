"""What a port is asked, and by which protocol an answer is recognised."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.scan.payloads.catalogue import (
    ANY_PORT,
    EMPTY,
    all_payloads,
    answers_from_another_port,
    payload_named,
    payloads_for,
    recognise,
    usual_ports,
)
from doorward.scan.payloads.contract import Payload, Safety
from udp_answers import NONCE, answer_to


def names(payloads: tuple[Payload, ...]) -> list[str]:
    return [payload.NAME for payload in payloads]


def test_a_port_is_asked_in_its_own_languages() -> None:
    assert names(payloads_for(53)) == ["dns"]
    assert names(payloads_for(161)) == ["snmp_v1", "snmp_v2c", "snmp_v3"]
    assert names(payloads_for(443)) == ["dtls", "quic"]
    assert names(payloads_for(3702)) == ["onvif", "ws_discovery"]


def test_a_port_of_chance_is_asked_what_lives_anywhere() -> None:
    assert names(payloads_for(40000)) == list(ANY_PORT)
    assert all(payload_named(name).SAFE is Safety.ANY_PORT for name in ANY_PORT)


def test_industry_is_asked_when_it_is_meant() -> None:
    assert names(payloads_for(502)) == [EMPTY]
    assert names(payloads_for(502, also=["modbus"])) == ["modbus"]
    assert names(payloads_for(47808)) == [EMPTY]


def test_what_the_caller_wants_besides() -> None:
    assert names(payloads_for(53, also=["sip", "dns"])) == ["dns", "sip"]


def test_no_port_is_left_without_a_question_and_none_is_endangered() -> None:
    for port in {*usual_ports(), 0, 1, 514, 40000, 65535}:
        asked = payloads_for(port)
        assert asked
        for payload in asked:
            assert payload.SAFE is Safety.ANY_PORT or (payload.SAFE is Safety.OWN_PORTS and port in payload.PORTS)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(CallError, match=r"'gopher'.*There are: a2s, afs"):
        payload_named("gopher")
    with pytest.raises(CallError):
        payloads_for(53, also=["gopher"])


@pytest.mark.parametrize("payload", all_payloads().values(), ids=lambda payload: payload.NAME)
def test_every_answer_is_recognised_at_its_door(payload: Payload) -> None:
    for port in payload.PORTS:
        assert recognise(port, answer_to(payload.NAME), NONCE) == payload.NAME
    if payload.NAME != EMPTY:
        assert recognise(40000, answer_to(payload.NAME), NONCE, also=[payload.NAME]) in {payload.NAME, "onc_rpc_any"}


def test_an_answer_elsewhere_needs_the_question() -> None:
    assert recognise(40000, answer_to("dns"), NONCE) == "dns"
    assert recognise(40000, answer_to("ntp"), NONCE) is None
    assert recognise(40000, answer_to("dns"), NONCE + 1) is None
    assert recognise(40000, b"something else", NONCE) is None


@given(st.binary(max_size=300), st.integers(0, 65535))
def test_any_bytes_are_recognised_or_not(data: bytes, port: int) -> None:
    assert recognise(port, data, NONCE) in {None, *all_payloads()}


def test_tftp_answers_from_elsewhere() -> None:
    assert [payload.NAME for payload in all_payloads().values() if answers_from_another_port(payload)] == ["tftp"]


def test_usual_ports_are_those_of_the_files() -> None:
    assert usual_ports() == tuple(sorted({port for payload in all_payloads().values() for port in payload.PORTS}))


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    program = (
        "import sys, doorward.scan.payloads.catalogue as c; n = sum('payloads.protocols.' in m for m in sys.modules);"
        "c.payloads_for(53); sys.exit(n or not any('payloads.protocols.' in m for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
