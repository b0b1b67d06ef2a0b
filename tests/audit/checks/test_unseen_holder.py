from __future__ import annotations

from doorward.values.verdicts import Attention
from witnesses import probe, socket, verdict

NAME = "unseen-holder"


def test_a_holder_that_we_may_not_see_is_unknown_not_fine() -> None:
    said = verdict(socket("tcp/0.0.0.0:22", process=None, pid=None, user="root"), probe("tcp/127.0.0.1:22"))
    finding = next(f for f in said.findings if f.name == NAME)
    assert said.attention is Attention.UNKNOWN
    assert "root" in finding.from_what


def test_a_unit_or_a_process_is_a_holder() -> None:
    assert NAME not in {f.name for f in verdict(socket("tcp/0.0.0.0:22")).findings}
    assert NAME not in {f.name for f in verdict(socket("tcp/0.0.0.0:22", process=None, pid=None, unit="ssh.service")).findings}


def test_what_nobody_holds_is_another_matter() -> None:
    assert NAME not in {f.name for f in verdict(probe("tcp/127.0.0.1:22")).findings}
