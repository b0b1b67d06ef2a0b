import io

import pytest
from rich.console import Console

from conclusions import HOSTILE, identified, unidentified
from doorward.cli._output import Output
from doorward.identify.answer import IdentifyAnswer, make_answer
from doorward.identify.conclusion import Conclusion, Outcome
from doorward.report.identify import drawing, protocols


def drawn(answer: IdentifyAnswer, *, in_hex: bool = False) -> str:
    console = Console(file=io.StringIO(), width=80, markup=False, emoji=False, highlight=False)
    console.print(*drawing(answer, 80, in_hex=in_hex), sep="\n")
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_a_person_reads_what_it_is_and_why() -> None:
    text = drawn(make_answer(identified()))
    for words in (
        "tcp 127.0.0.1:25  smtp  Exim 4.96  sure",
        "This is a mail server",
        "how we know",
        "made by",
        "can encrypt",
        "1 connection",
    ):
        assert words in text
    assert "← 220 x ESMTP Exim 4.96" in text
    assert "→ EHLO doorward.invalid" in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.IDENTIFIED])
def test_every_outcome_has_words(outcome: Outcome) -> None:
    text = drawn(make_answer(unidentified(outcome, why="it is so")))
    assert "It is so." in text
    assert "handshake" in text


def test_bytes_are_shown_when_asked_for() -> None:
    text = drawn(make_answer(unidentified(Outcome.UNRECOGNISED, bytes(range(256)) * 4)), in_hex=True)
    assert "0000  00 01 02" in text
    assert "512 bytes more" in text
    assert "--hex shows them" in drawn(make_answer(unidentified(Outcome.UNRECOGNISED, bytes(range(32)))))


def test_a_certificates_end_is_told_in_days() -> None:
    ends = {"certificate_not_after": "2026-05-11T12:00:00+00:00", "certificate_names": ["a.example"] * 300}
    assert "2026-05-11 (in 10 days)" in drawn(make_answer(identified(facts=ends)))
    gone = {"certificate_not_after": "2026-04-21T12:00:00+00:00"}
    assert "EXPIRED 10 days ago" in drawn(make_answer(identified(facts=gone)))
    assert "nonsense" in drawn(make_answer(identified(facts={"certificate_not_after": "nonsense"})))


def _hostile() -> list[Conclusion]:
    said = HOSTILE.encode()
    return [
        identified(product=HOSTILE, version=HOSTILE, system=HOSTILE, sentence=HOSTILE, host_name=HOSTILE, facts={"title": HOSTILE}),
        unidentified(Outcome.UNRECOGNISED, said * 1000, why=HOSTILE),
        unidentified(Outcome.UNRECOGNISED, b"A" * 65536),
    ]


@pytest.mark.parametrize("conclusion", _hostile(), ids=["named", "said", "long"])
@pytest.mark.parametrize("in_hex", [False, True])
def test_hostile_texts_are_harmless(conclusion: Conclusion, in_hex: bool) -> None:
    text = drawn(make_answer(conclusion), in_hex=in_hex)
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text) < 20_000


def test_the_list_of_protocols() -> None:
    out = io.StringIO()
    Output(out).show(protocols([("ssh", "Secure Shell", (22, 2222, 3, 4, 5), "RFC 4253")]))
    assert "ssh" in out.getvalue()
    assert "22, 2222, 3, 4…" in out.getvalue()
