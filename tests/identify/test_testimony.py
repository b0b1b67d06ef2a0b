from conclusions import AT, HOSTILE, identified, unidentified
from doorward.identify import testimony
from doorward.identify.conclusion import Outcome
from doorward.values.evidence import Certainty, Witness
from doorward.values.records import encode_json


def test_an_identity_becomes_evidence() -> None:
    (said,) = testimony.testify([identified()], machine="laptop")
    assert str(said.door) == "laptop/tcp/127.0.0.1:25"
    assert (said.witness, said.says, said.certainty, said.at) == (Witness.IDENTITY, "Exim 4.96", Certainty.MEASURED, AT)
    assert said.facts["service"] == "smtp"
    assert said.facts["starttls"] is True
    assert said.facts["cpe"] == "cpe:2.3:a:exim:exim:4.96:*:*:*:*:*:*:*"
    assert "host_name" not in said.facts


def test_silence_is_unknown_and_never_no() -> None:
    silent, odd = testimony.testify(
        [unidentified(Outcome.SILENT), unidentified(Outcome.UNRECOGNISED, b"OK\x1b\r\n")], machine="laptop", vantage="there"
    )
    assert (silent.says, silent.certainty, silent.facts) == ("silent", Certainty.UNKNOWN, {})
    assert (odd.says, odd.vantage) == ("unrecognised", "there")
    assert odd.facts["banner"] == "OK\\x1b\\x0d\\x0a"


def test_hostile_texts_are_harmless() -> None:
    (said,) = testimony.testify([identified(product=HOSTILE, version=HOSTILE, system=HOSTILE, sentence=HOSTILE)], machine="laptop")
    document = encode_json(said)
    assert document.isprintable()
    assert "\\u001b" not in document
    assert said.says.isprintable()
