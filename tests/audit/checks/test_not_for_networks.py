from __future__ import annotations

from doorward.values.evidence import Certainty
from witnesses import identity, probe, socket, verdict

NAME = "not-for-networks"


def test_a_database_open_to_a_network_fires() -> None:
    said = verdict(
        socket("tcp/0.0.0.0:6379"), probe("tcp/10.0.0.1:6379"), identity("tcp/10.0.0.1:6379", "redis", authentication="required")
    )
    finding = next(f for f in said.findings if f.name == NAME)
    assert finding.certainty is Certainty.MEASURED


def test_what_answers_counts_more_than_the_number() -> None:
    said = verdict(socket("tcp/0.0.0.0:6379"), probe("tcp/10.0.0.1:6379"), identity("tcp/10.0.0.1:6379", "ssh", encrypted=True))
    assert NAME not in {f.name for f in said.findings}


def test_the_number_alone_is_only_inferred() -> None:
    said = verdict(socket("tcp/0.0.0.0:6379"), probe("tcp/10.0.0.1:6379"))
    assert next(f for f in said.findings if f.name == NAME).certainty is Certainty.INFERRED


def test_loopback_and_doors_made_for_all_are_left_alone() -> None:
    for where in ("tcp/127.0.0.1:6379", "tcp/0.0.0.0:22", "tcp/0.0.0.0:443"):
        assert NAME not in {f.name for f in verdict(socket(where), probe(where)).findings}
