"""Two independent readers must agree: our automaton and Python's `re`, on patterns and texts that nobody chose."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.identify.fingerprints.matcher import Matcher, Memory

LETTERS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^b]", r"\d", r"\w", r"\s", "A", r"\.", r"\x61", "[a-c0-9]", "^", "$", r"\A"])
PATTERNS = st.recursive(
    LETTERS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join),
        inner.map("({})".format),
        inner.map("(?:{})".format),
        st.tuples(
            inner.filter(lambda text: text not in ("^", "$", r"\A")),
            st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{,2}", "*?", "+?", "??"]),
        ).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    ),
    max_leaves=8,
)
TEXTS = st.text(alphabet="abcA1 .\n", max_size=24)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, TEXTS, st.booleans(), st.booleans())
def test_it_finds_what_re_finds(pattern: str, text: str, ignore_case: bool, dot_newline: bool) -> None:
    flags = re.MULTILINE | re.ASCII | (re.IGNORECASE if ignore_case else 0) | (re.DOTALL if dot_newline else 0)
    expected = re.search(pattern, text, flags)
    found = Matcher(pattern, ignore_case=ignore_case, dot_newline=dot_newline).search(text)
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert found[0] == expected[0]
    if not _repeats_something_empty(pattern):
        assert [group or "" for group in found[1:]] == [group or "" for group in expected.groups()]


def _repeats_something_empty(pattern: str) -> bool:
    """Where what is repeated may be empty, engines differ in what a group within it remembers; what is matched is the same."""
    return bool(re.search(r"[*+?}]\??\)+[*+?{]|[\^$A|]\)*\)[*+?{]|\(\||\|\)", pattern))


CATASTROPHES = [r"(a+)+$", r"(a|a)*$", r"(a*)*b", r"^(\w+\s?)*$", r".*.*.*.*x$", r"(?:a?){40}a{40}", r"(x+x+)+y", r"^(?:.*,){11}P"]


@pytest.mark.parametrize("pattern", CATASTROPHES)
def test_patterns_that_hold_others_for_years(pattern: str) -> None:
    matcher = Matcher(pattern)
    begun = time.process_time()
    for text in ("a" * 4000 + "!", "x" * 4000, "1," * 2000, "word " * 800 + "!"):
        matcher.search(text)
    assert time.process_time() - begun < 5


def test_time_grows_with_the_text_and_no_faster() -> None:
    def cost(size: int) -> float:
        matcher = Matcher(r"foo.*bar(\d+)$")
        text = "foo bar1" * (size // 8)
        begun = time.process_time()
        for _ in range(5):
            matcher.search(text + "x")
        return time.process_time() - begun

    cost(800)
    assert cost(64_000) < 40 * max(cost(8_000), 0.002)


def test_groups() -> None:
    assert Matcher(r"^OpenSSH_([\d.]+)(p\d)? ?(\S+)?$").search("OpenSSH_9.2p1 Debian-2") == [
        "OpenSSH_9.2p1 Debian-2",
        "9.2",
        "p1",
        "Debian-2",
    ]
    assert Matcher(r"(a)|(b)").search("xb") == ["b", None, "b"]
    assert Matcher("x").search("y") is None
    assert Matcher(r"line\.$").search("a line.\nanother") == ["line."]
    assert Matcher("[^p]+", ignore_case=True).search("Pp4p") == ["4"]


def test_memory_is_bounded_and_what_was_forgotten_is_built_again() -> None:
    memory = Memory(most=3000)
    matchers = [Matcher(rf"([a-z]+){n}(\w+)$", memory=memory) for n in range(5)]
    for number in range(300):
        text = f"{chr(0x100 + number)}abc{number % 5}tail{number}"
        found = matchers[number % 5].search(text)
        assert found is not None
        assert found[1:] == ["abc", f"tail{number}"]
        assert memory.used <= 3000 + 300


def test_what_multiplies_is_refused() -> None:
    with pytest.raises(CallError, match="multiply beyond"):
        Matcher(r"((a{900}){900}){900}")
