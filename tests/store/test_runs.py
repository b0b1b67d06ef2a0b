"""A run as a value."""

from __future__ import annotations

from doorward.store.runs import RunRecord
from doorward.values.records import decode_json, encode_json
from memories import START, look


def test_a_run_survives_json_with_its_looks() -> None:
    run = RunRecord(id=1, verb="audit", machine="laptop", vantage="this machine", started=START, looks=[look("socket")])
    assert decode_json(encode_json(run), RunRecord) == run
    assert not run.finished
    assert run.entry == 0
