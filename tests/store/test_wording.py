"""Claims in the shortest words."""

from __future__ import annotations

import pytest

from doorward.store.testimony import Passing
from doorward.store.wording import attention_of, holder_words, identity_words, latest, list_words, text_of
from doorward.values.evidence import Fact
from doorward.values.verdicts import Attention
from memories import interval

SSH = "tcp/0.0.0.0:22"


@pytest.mark.parametrize(
    ("facts", "passing", "words"),
    [
        ({"process": "nginx", "user": "www-data", "unit": "nginx.service"}, {"pid": 812}, "nginx (812), user www-data, nginx.service"),
        ({"process": "nginx"}, {}, "nginx"),
        ({"user": "www-data"}, {}, "unknown process, user www-data"),
        ({}, {}, ""),
        ({"process": "node", "container": "web"}, {"pid": 0}, "node (0), web"),
    ],
)
def test_who_holds_a_door(facts: dict[str, Fact], passing: dict[str, Fact], words: str) -> None:
    assert holder_words(interval(SSH, facts=facts, passing=Passing(facts=passing))) == words


def test_nobody_holds_what_nobody_listens_at() -> None:
    assert holder_words(None) == ""
    assert holder_words(interval(SSH, says="nobody")) == ""
    assert identity_words(None) == ""
    assert identity_words(interval(SSH, "identity", says="OpenSSH 9.2p1")) == "OpenSSH 9.2p1"


def test_the_verdict_that_needs_a_person_most_speaks_for_the_door() -> None:
    fine = interval(SSH, "verdict", says="real door", facts={"attention": "fine"})
    bad = interval("tcp/127.0.0.1:22", "verdict", says="something else answers", facts={"attention": "needs you"})
    over = interval(SSH, "verdict", says="silent door", closed=3, facts={"attention": "needs you"})
    assert latest([fine, bad, over], "verdict") is bad
    assert latest([fine, over], "verdict") is fine
    assert latest([over], "verdict") is over
    assert latest([fine], "socket") is None
    assert attention_of(bad) is Attention.NEEDS_YOU
    assert attention_of(None) is None
    assert attention_of(interval(SSH, "verdict", facts={"attention": "a word of a later version"})) is None


def test_the_last_listener_tells_who_held_it() -> None:
    held = interval(SSH, closed=2)
    assert latest([held, interval(SSH, says="nobody", opened=2)], "socket") is held


@pytest.mark.parametrize(("fact", "text"), [(True, "yes"), (False, "no"), (None, ""), (["a", "b"], "a, b"), (7, "7"), ("x", "x")])
def test_facts_as_a_person_would_say_them(fact: Fact, text: str) -> None:
    assert text_of(fact) == text
    assert list_words({"it": fact}, "it") == (fact if isinstance(fact, list) else [])
