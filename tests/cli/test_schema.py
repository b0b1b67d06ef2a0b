from __future__ import annotations

import json

import jsonschema

from conftest import Run


def test_a_schema_is_a_valid_schema(doorward: Run) -> None:
    done = doorward("schema", "ports")
    assert done.returncode == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(done.stdout))
