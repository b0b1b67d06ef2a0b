from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.fingerprints.letters import ANYTHING, NOT_NEWLINE, CharSet, named_class, of_letter

SETS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda pair: (min(pair), max(pair))), max_size=5).map(CharSet)


@given(SETS, st.integers(0, 500).map(chr))
def test_the_laws_of_sets(letters: CharSet, character: str) -> None:
    assert (character in letters) != (character in letters.inverted())
    assert letters.inverted().inverted() == letters
    assert letters.low_mask == sum(1 << code for code in range(256) if chr(code) in letters)
    if character in letters:
        assert character in letters.with_both_cases()


def test_classes_are_ascii_as_ruby_has_them() -> None:
    digit, space = named_class("d"), named_class("s")
    assert digit is not None
    assert space is not None
    assert ("7" in digit, "٣" in digit) == (True, False)
    assert ("\v" in space, "\xa0" in space) == (True, False)
    assert named_class("q") is None
    assert "\n" in ANYTHING
    assert "\n" not in NOT_NEWLINE


def test_one_letter_in_one_or_both_cases() -> None:
    assert of_letter("a").letter == "a"
    assert of_letter("A").with_both_cases().letter == "a"
    assert CharSet([(97, 99)]).letter == ""
    assert of_letter("ü").letter == ""  # what varies with the language isn't told apart
    assert hash(of_letter("a")) == hash(CharSet([(97, 97)]))
