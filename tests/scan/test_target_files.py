from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.target_files import parse_target_text
from doorward.scan.targets import TargetWord


def test_words_and_their_places() -> None:
    text = "\ufeff10.0.0.1 nas.lan\r\n\n# a comment 10.9.9.9\n\t10.0.0.2#behind\rfe80::1%eth0"
    assert list(parse_target_text(text, "hosts.txt")) == [
        TargetWord("10.0.0.1", "hosts.txt:1:1"),
        TargetWord("nas.lan", "hosts.txt:1:10"),
        TargetWord("10.0.0.2", "hosts.txt:4:2"),
        TargetWord("fe80::1%eth0", "hosts.txt:5:1"),
    ]


@given(st.text())
def test_any_text_is_words_without_blanks(text: str) -> None:
    for word in parse_target_text(text, "f"):
        assert word.text
        assert not any(character.isspace() for character in word.text)
        assert word.place.startswith("f:")
