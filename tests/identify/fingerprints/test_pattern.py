"""What is read, what is refused, and which texts a pattern demands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, DoorwardError
from doorward.identify.fingerprints.matcher import Matcher
from doorward.identify.fingerprints.pattern import parse_pattern, required_texts

REFUSED = [
    ("(?=a)", "look-around"),
    ("(?<name>a)", "look-around"),
    (r"(a)\1", "isn't regular"),
    (r"\bword", "isn't regular"),
    ("(a", "never closes"),
    ("a)", "never opened"),
    ("*a", "nothing stands before"),
    ("a{2000}", "counts beyond"),
    ("a{3,2}", "backwards"),
    ("[b-a]", "backwards"),
    ("[[:alpha:]]", "named classes"),
    ("[a", "ends too early"),
    ("a\\", "ends too early"),
    (r"\xZZ", "hexadecimal"),
    ("a++", "possessive"),
    ("(?x)a", "flag x"),
    ("(" * 100 + ")" * 100, "too deeply"),
    ("a" * 30_000, "the most"),
]


@pytest.mark.parametrize(("pattern", "why"), REFUSED)
def test_what_is_not_regular_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(CallError, match=why):
        parse_pattern(pattern)


DEMANDS = [
    (r"^OpenSSH_([\d.]+)$", ("openssh_",)),
    (r"^(?:Apache|nginx)/\d", ("apache", "nginx")),
    (r"(?i)^IIS/(\d)", ("iis/",)),
    (r"a.bcd?efg", ("efg",)),
    (r"(?:ab)?x*", ("",)),
    (r"(?:ab|c*)longer", ("longer",)),
    (r"ftp (\S+) ready\.", (" ready.",)),
]


@pytest.mark.parametrize(("pattern", "texts"), DEMANDS)
def test_demands(pattern: str, texts: tuple[str, ...]) -> None:
    assert required_texts(parse_pattern(pattern)[0]) == texts


@given(st.text(alphabet=r"ab|()*+?{}[]^$\.dws-12,:i", max_size=30), st.text(alphabet="ab1 -", max_size=20))
def test_any_pattern_is_read_or_refused_and_demands_no_more_than_matches(pattern: str, text: str) -> None:
    try:
        tree, groups = parse_pattern(pattern)
        found = Matcher(pattern).search(text)
    except DoorwardError:
        return
    if found is not None:
        assert len(found) == groups + 1
        assert any(demanded in text.lower() for demanded in required_texts(tree))
