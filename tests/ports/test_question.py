"""Understanding what was asked."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.ports.answer import Asked
from doorward.ports.live_list import port_list
from doorward.ports.question import understand
from doorward.values.portsets import PortSet


@pytest.mark.parametrize(
    ("text", "asked", "ports"),
    [
        ("", Asked.NOTHING, ""),
        ("  ", Asked.NOTHING, ""),
        ("443", Asked.NUMBERS, "T:443,U:443,S:443,D:443"),
        ("22 53", Asked.NUMBERS, "T:22,53,U:22,53,S:22,53,D:22,53"),
        ("T:22,U:53", Asked.NUMBERS, "T:22,U:53"),
        ("t:22, u:53", Asked.NUMBERS, "T:22,U:53"),
        ("T:6000-6063", Asked.NUMBERS, "T:6000-6063"),
        ("T:65530-", Asked.NUMBERS, "T:65530-65535"),
        ("U:-5", Asked.NUMBERS, "U:1-5"),
        ("T:ssh,U:domain", Asked.NUMBERS, "T:22,U:53"),
        ("ssh", Asked.NAME, "T:22,U:22,S:22"),
        ("PostgreSQL", Asked.NAME, "T:5432,U:5432"),
        ("mail", Asked.WORDS, ""),
        ("remote desktop", Asked.WORDS, ""),
        ("office 365", Asked.WORDS, ""),
    ],
)
def test_questions(text: str, asked: Asked, ports: str) -> None:
    question = understand(text, port_list())
    assert question.asked is asked
    assert question.ports == (PortSet.parse(ports) if ports else PortSet())


def test_names_beside_numbers() -> None:
    for text in ("ssh 80", "ssh,http", "ssh http"):
        assert understand(text, port_list()).asked is Asked.NUMBERS


def test_a_name_can_be_searched_for() -> None:
    assert understand("ssh", port_list(), search=True).asked is Asked.WORDS


@pytest.mark.parametrize("text", ["70000", "22-11", "22,,", "T:ssh,U:nonsense", "T:", ","])
def test_nonsense_in_a_list_is_named(text: str) -> None:
    with pytest.raises(CallError, match="cannot read the ports"):
        understand(text, port_list())


@given(st.text(alphabet="TUSDtu:0123456789-, ssh", max_size=20))
def test_any_text_is_understood_or_refused(text: str) -> None:
    with contextlib.suppress(CallError):
        understand(text, port_list())
