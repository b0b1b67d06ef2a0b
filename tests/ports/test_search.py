"""Finding ports by words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.ports.live_list import port_list
from doorward.ports.search import near_names, search


def firsts(question: str, count: int) -> list[int]:
    return [hit.first for hit in search(port_list(), question)][:count]


@pytest.mark.parametrize(
    ("question", "among", "within"),
    [
        ("mail", {25, 143, 587, 993}, 9),
        ("ssh", {22}, 1),
        ("remote desktop", {3389}, 1),
        ("wireguard", {51820}, 1),
        ("nginx", {80, 443}, 4),
        ("database", {1433, 3306, 5432}, 10),
        ("camera", {554}, 3),
        ("game minecraft", {25565}, 3),
        ("airplay", {5000, 7000}, 2),
        ("SMB", {445}, 1),
        ("airdrop", {-1}, 3),
    ],
)
def test_what_people_mean_comes_first(question: str, among: set[int], within: int) -> None:
    assert among <= set(firsts(question, within))


def test_all_words_must_be_found() -> None:
    assert search(port_list(), "minecraft postgresql") == []
    assert search(port_list(), "") == []


def test_best_first() -> None:
    scores = [hit.score for hit in search(port_list(), "print")]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(("word", "near"), [("postgers", "postgresql"), ("htpps", "https"), ("telent", "telnet"), ("mogodb", "mongodb")])
def test_slips_of_the_finger(word: str, near: str) -> None:
    assert near in near_names(port_list(), word)


def test_nothing_near() -> None:
    assert near_names(port_list(), "qqqqqqqqqqqqqqqq") == []


@given(st.text(max_size=30))
def test_any_text_can_be_searched_for(question: str) -> None:
    search(port_list(), question)
