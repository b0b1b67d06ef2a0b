"""Fingerprints on their authors' own examples; with Recog's own files where the folder named by DOORWARD_OUTSIDE_DATA has them."""

import os
import time
from pathlib import Path

import pytest

from doorward.identify.fingerprints.live_fingerprints import read_folder
from doorward.identify.fingerprints.matcher import Matcher, Memory
from doorward.identify.fingerprints.proof import example_text, failures, library_of
from doorward.identify.fingerprints.recog import Example, RecogFile, read_recog

DOCUMENT = b"""<fingerprints><fingerprint pattern="^x(.)"><example a.b="Y">xY</example><example a.b="no">xZ</example>
<example>none</example><param pos="1" name="a.b"/></fingerprint>
<fingerprint pattern="(?=x)"><example>left out</example></fingerprint></fingerprints>"""


def test_what_does_not_come_out_is_named() -> None:
    file = read_recog("ssh_banners", DOCUMENT)
    assert file is not None
    assert failures([file], library_of([file])) == ["ssh_banners #1: xZ: a.b", "ssh_banners #1: none: nothing matches"]


def test_texts_that_were_encoded() -> None:
    assert example_text(Example(1, "\n  /w==\n", "base64", {})) == "\xff"
    assert example_text(Example(1, "a", "base64", {})) == "a"
    assert example_text(Example(1, " x", "", {})) == " x"


@pytest.fixture(scope="module")
def recog() -> list[RecogFile]:
    folder = os.environ.get("DOORWARD_OUTSIDE_DATA", "")
    if not folder:
        pytest.skip("DOORWARD_OUTSIDE_DATA is not set: the folder with recog/, fingerprints in XML")
    if not (Path(folder) / "recog").is_dir():
        pytest.skip(f"DOORWARD_OUTSIDE_DATA={folder} holds no folder recog")
    return read_folder(Path(folder) / "recog")


def test_all_that_recog_promises_comes_out(recog: list[RecogFile]) -> None:
    assert sum(len(file.examples) for file in recog) >= 7525
    assert [left for file in recog for left in file.left_out] == []
    library = library_of(recog)
    assert failures(recog, library) == []
    owners = [
        (found := library.recognise(file.field.name, example_text(example))) is not None and found.number == example.number
        for file in recog
        for example in file.examples
    ]
    assert all(owners)


def test_no_pattern_of_recog_can_be_held_up(recog: list[RecogFile]) -> None:
    """What is worst for those who go back and try again: long runs of what patterns repeat, their own words again and again."""
    memory, worst = Memory(), 0.0
    for one in [one for file in recog for one in file.field.fingerprints][::9]:
        matcher = Matcher(one.pattern, ignore_case=one.ignore_case, dot_newline=one.dot_newline, memory=memory)
        for text in ("a" * 4095 + "!", "1." * 2048, " " * 4096, (f"{one.literals[0]} 1" * 4096)[:4095] + "\0"):
            begun = time.process_time()
            matcher.search(text)
            worst = max(worst, time.process_time() - begun)
    assert worst < 1  # 0.1 s where it was measured; others would need years
