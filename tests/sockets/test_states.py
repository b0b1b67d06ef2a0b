"""Every state has a name, words and sentences, and is found by each of its names."""

import pytest

from doorward.errors import CallError
from doorward.sockets.kernel_states import KernelState
from doorward.sockets.states import CONNECTED_STATES, STATE_NAMES, explain_state, parse_state, state_label, state_words
from doorward.values.transports import Transport


@pytest.mark.parametrize("state", list(KernelState))
@pytest.mark.parametrize("transport", [Transport.TCP, Transport.UDP])
def test_each_state_is_told_in_three_forms(state: KernelState, transport: Transport) -> None:
    assert state_label(state, transport).isupper()
    assert 1 <= len(state_words(state, transport)) <= 13
    assert explain_state(state, transport).endswith(".")


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("LISTEN", {KernelState.LISTEN}),
        ("listening", {KernelState.LISTEN}),
        ("estab", {KernelState.ESTABLISHED}),
        ("talking", {KernelState.ESTABLISHED}),
        ("time-wait", {KernelState.TIME_WAIT}),
        ("Time_Wait", {KernelState.TIME_WAIT}),
        ("fin-wait-2", {KernelState.FIN_WAIT2}),
        ("syn-recv", {KernelState.SYN_RECV, KernelState.NEW_SYN_RECV}),
        ("hanging up", {KernelState.FIN_WAIT1, KernelState.LAST_ACK, KernelState.CLOSING}),
        ("unconn", {KernelState.CLOSE}),
        ("receiving", {KernelState.CLOSE}),
    ],
)
def test_a_state_is_found_by_any_of_its_names(text: str, states: set[KernelState]) -> None:
    assert parse_state(text) == states


def test_the_names_that_are_told_are_read() -> None:
    for name in STATE_NAMES:
        assert parse_state(name)


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    with pytest.raises(CallError, match="listen, established"):
        parse_state("estabished")


def test_udp_has_its_own_words() -> None:
    assert (state_label(KernelState.CLOSE), state_label(KernelState.CLOSE, Transport.UDP)) == ("CLOSE", "UNCONN")
    assert "no conversations" in explain_state(KernelState.CLOSE, Transport.UDP)


def test_what_counts_as_connected() -> None:
    assert {KernelState.ESTABLISHED, KernelState.TIME_WAIT, KernelState.SYN_SENT} <= CONNECTED_STATES
    assert not {KernelState.LISTEN, KernelState.CLOSE} & CONNECTED_STATES
