"""How the filter's words are put together, and what is said about wrong ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import FilterError
from doorward.sockets.filter_words import Scene
from doorward.sockets.filters import WORDS, join_words, parse_filter
from doorward.sockets.roles import assign_roles
from doorward.values.transports import Transport
from made_sockets import made, table

TABLE = table(made("0.0.0.0:1"), made("10.0.0.1:2", "10.0.0.2:3"), made("0.0.0.0:2", transport=Transport.UDP))
SCENE = Scene(TABLE, assign_roles(TABLE))


def rows(text: str) -> list[int]:
    return np.flatnonzero(parse_filter(text).mask(SCENE)).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0, 1, 2]),
        ("   ", [0, 1, 2]),
        ("port 2", [1, 2]),
        ("port 2 and tcp", [1]),
        ("port 2 tcp", [1]),
        ("PORT 2 AND TCP", [1]),
        ("port 1 or port 3", [0, 1]),
        ("udp or tcp and port 1", [0, 2]),
        ("(udp or tcp) and port 1", [0]),
        ("not tcp", [2]),
        ("not not tcp", [0, 1]),
        ("not (tcp or udp)", []),
        ("not tcp or port 1", [0, 2]),
        ("port is 1", [0]),
        ("port=1", [0]),
        ("local port 2", [1, 2]),
    ],
)
def test_joints_bind_as_people_read_them(text: str, expected: list[int]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("prot 22", 0, "Did you mean 'port'"),
        ("tcp and lisening", 8, "Did you mean 'listening'"),
        ("established", 0, "Did you mean 'state established'"),
        ("zzzz", 0, "The words are: port, address"),
        ("port", 4, "needs a port"),
        ("port and tcp", 5, "needs a port"),
        ("process", 7, "needs a name"),
        ("state (", 6, "needs a state"),
        ("(tcp", 0, "never closed"),
        ("tcp)", 3, "none is open"),
        ("()", 1, "condition is missing"),
        ("tcp and", 7, "condition is missing"),
        ("or tcp", 0, "condition is missing"),
        ("not", 3, "condition is missing"),
        ("rtt", 3, "rtt over 0"),
        ("rtt over", 8, "needs a number"),
        ("port 1 !", 7, "'!' is no sign"),
        ('process "x', 8, "is no sign"),
        ('process ""', 9, "needs a name"),
        ("local", 99, ""),
    ],
)
def test_a_wrong_filter_names_the_place(text: str, column: int, says: str) -> None:
    if column == 99:
        assert rows(text) == []  # alone it asks where the other end is
        return
    with pytest.raises(FilterError, match="at column") as caught:
        parse_filter(text)
    assert says in str(caught.value)
    assert caught.value.column == column
    assert "\n" not in str(caught.value)


def test_depth_and_length_are_bounded() -> None:
    assert rows("(" * 40 + "tcp" + ")" * 40) == [0, 1]
    with pytest.raises(FilterError, match="inside one another"):
        parse_filter("(" * 5000 + "tcp")
    with pytest.raises(FilterError, match="longer than"):
        parse_filter("tcp " * 100_000)
    assert rows("tcp or " * 1000 + "udp") == [0, 1, 2]


def test_a_word_that_the_shell_kept_together_stays_one_value() -> None:
    assert join_words(["process", "Web Content", "and", "tcp"]) == 'process "Web Content" and tcp'
    assert join_words(["port 2 and tcp"]) == "port 2 and tcp"
    assert join_words([]) == ""


def test_an_empty_filter_knows_it() -> None:
    assert parse_filter("").is_empty
    assert not parse_filter("tcp").is_empty
    assert parse_filter("tcp").text == "tcp"


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*WORDS, "(", ")", "22", ">", "=", "x", '"', "50ms", "listen"]), max_size=12).map(" ".join)
)
def test_any_text_is_a_filter_or_an_error_with_a_place_in_it(text: str) -> None:
    try:
        chosen = parse_filter(text, lambda _name: []).mask(SCENE)
    except FilterError as refusal:
        column = refusal.column
    else:
        column = 0
        assert chosen.dtype == np.bool_
        assert len(chosen) == len(TABLE)
    assert 0 <= column <= len(text)
