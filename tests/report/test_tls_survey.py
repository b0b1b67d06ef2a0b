"""The drawing of a survey."""

import io

from rich.console import Console

from conclusions import HOSTILE, identified
from doorward.identify.answer import make_answer
from doorward.identify.tls_survey import TlsSurvey, survey_facts
from doorward.report.tls_survey import survey_drawing
from doorward.values.evidence import Fact


def drawn(facts: dict[str, Fact]) -> str:
    console = Console(file=io.StringIO(), width=80, markup=False, emoji=False, highlight=False)
    for part in survey_drawing(make_answer(identified(facts=facts))):
        console.print(part)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_a_person_reads_what_is_offered_and_what_is_weak() -> None:
    survey = TlsSurvey(suites={0x0301: (0x0005,), 0x0303: (0xC02F,)}, protocols=("h2",), jarm="2" * 62, ja3s="c" * 32, connections=51)
    text = drawn({**survey_facts(survey), "tls": True})
    for words in ("51 connections", "TLS 1.0, TLS 1.2", "h2", "TLS_RSA_WITH_RC4_128_SHA", "JARM", "weak: takes the outdated TLS 1.0"):
        assert words in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80


def test_a_door_without_a_survey_says_so() -> None:
    assert "was not surveyed" in drawn({})


def test_hostile_facts_are_harmless() -> None:
    survey = survey_facts(TlsSurvey(suites={0x0304: (0x1301,)}))
    text = drawn({**survey, "jarm": HOSTILE, "tls_protocols": [HOSTILE]})
    assert "\x1b" not in text
    assert "Nothing weak was found." in text
