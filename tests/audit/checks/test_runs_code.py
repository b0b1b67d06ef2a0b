from __future__ import annotations

import pytest

from doorward.values.verdicts import Attention
from witnesses import identity, probe, socket, verdict

NAME = "runs-code"


@pytest.mark.parametrize("where", ["tcp/0.0.0.0:2375", "tcp/127.0.0.1:2375"])
def test_an_open_interface_that_starts_programs_needs_a_person_everywhere(where: str) -> None:
    said = verdict(socket(where), probe(where), identity(where, "http", "Docker", runs_code=True, authentication="none"))
    finding = next(f for f in said.findings if f.name == NAME)
    assert finding.attention is Attention.NEEDS_YOU


def test_a_login_is_enough_and_others_run_nothing() -> None:
    where = "tcp/0.0.0.0:2375"
    guarded = verdict(socket(where), probe(where), identity(where, "http", runs_code=True, authentication="required"))
    ordinary = verdict(socket(where), probe(where), identity(where, "http", authentication="none"))
    for said in (guarded, ordinary):
        assert NAME not in {f.name for f in said.findings}


def test_what_is_not_known_is_unknown() -> None:
    where = "tcp/127.0.0.1:8000"
    said = verdict(socket(where), probe(where), identity(where, "jdwp", runs_code=True))
    assert next(f for f in said.findings if f.name == NAME).attention is Attention.UNKNOWN
