import jsonschema
import pytest

from conclusions import HOSTILE, identified, unidentified
from doorward.identify.answer import IdentifyAnswer, make_answer
from doorward.identify.conclusion import Conclusion, Outcome
from doorward.values.records import decode_json, encode_json, json_schema, to_builtins

ALL = [identified(), *(unidentified(outcome, b"OK\r\n") for outcome in Outcome if outcome is not Outcome.IDENTIFIED)]


@pytest.mark.parametrize("conclusion", ALL, ids=lambda one: str(one.outcome))
def test_it_is_as_its_schema_says_and_comes_back(conclusion: Conclusion) -> None:
    answer = make_answer(conclusion)
    jsonschema.validate(to_builtins(answer), json_schema(IdentifyAnswer))
    assert decode_json(encode_json(answer), IdentifyAnswer) == answer


def test_it_tells_what_was_said() -> None:
    answer = make_answer(identified())
    assert (answer.service, answer.confidence, answer.tls, answer.sent_bytes, answer.received_bytes) == ("smtp", "measured", False, 23, 40)
    (attempt,) = answer.evidence
    assert attempt.exchanges[0].received == "220 x ESMTP Exim 4.96\\r\\n"
    assert bytes.fromhex(attempt.exchanges[1].sent_hex) == b"EHLO doorward.invalid\r\n"


def test_hostile_texts_are_harmless_and_long_ones_cut() -> None:
    hostile = make_answer(identified(product=HOSTILE, host_name=HOSTILE, facts={"title": HOSTILE, "names": [HOSTILE]}))
    assert hostile.product.isprintable()
    assert str(hostile.facts["title"]).isprintable()
    assert "".join(hostile.facts["names"] or []).isprintable()  # type: ignore[arg-type]
    flood = make_answer(unidentified(Outcome.UNRECOGNISED, b"A" * 65536))
    assert len(encode_json(flood)) < 20_000
    assert flood.received_bytes == 65536
