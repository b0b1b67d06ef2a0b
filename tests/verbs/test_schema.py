from __future__ import annotations

import jsonschema
import pytest

from doorward.errors import CallError
from doorward.verbs.schema import ANSWERS, schema


@pytest.mark.parametrize("verb", ANSWERS)
def test_every_answer_has_a_valid_schema_that_names_its_version(verb: str) -> None:
    answer = schema(verb)
    jsonschema.Draft202012Validator.check_schema(answer)
    assert f"doorward/{verb}/1" in str(answer)


def test_an_unknown_verb_is_the_callers_error() -> None:
    with pytest.raises(CallError, match="There are: audit"):
        schema("dance")
