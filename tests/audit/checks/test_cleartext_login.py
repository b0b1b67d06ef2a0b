from __future__ import annotations

from typing import Any

import pytest

from doorward.values.evidence import Certainty, Evidence
from doorward.values.verdicts import Attention
from witnesses import identity, probe, socket, verdict

NAME = "cleartext-login"


def names(*evidence: Evidence) -> dict[str, Certainty]:
    return {f.name: f.certainty for f in verdict(*evidence).findings}


@pytest.mark.parametrize(("service", "port"), [("telnet", 23), ("ftp", 2121), ("pop3", 110), ("imap", 143)])
def test_a_reachable_login_without_encryption_fires_on_any_number(service: str, port: int) -> None:
    said = names(socket(f"tcp/0.0.0.0:{port}"), probe(f"tcp/127.0.0.1:{port}"), identity(f"tcp/127.0.0.1:{port}", service, encrypted=False))
    assert said[NAME] is Certainty.MEASURED


def test_the_number_alone_is_only_inferred() -> None:
    said = verdict(socket("tcp/0.0.0.0:23"), probe("tcp/127.0.0.1:23"))
    finding = next(f for f in said.findings if f.name == NAME)
    assert finding.certainty is Certainty.INFERRED
    assert finding.attention is Attention.NEEDS_YOU


@pytest.mark.parametrize("facts", [{"encrypted": True}, {"tls": True}, {"starttls": True}])
def test_encryption_or_its_offer_is_enough(facts: dict[str, Any]) -> None:
    assert NAME not in names(socket("tcp/0.0.0.0:143"), probe("tcp/127.0.0.1:143"), identity("tcp/127.0.0.1:143", "imap", **facts))


def test_this_machine_alone_may_whisper_to_itself() -> None:
    assert NAME not in names(socket("tcp/127.0.0.1:23"), probe("tcp/127.0.0.1:23"), identity("tcp/127.0.0.1:23", "telnet"))


def test_another_protocol_on_the_number_is_judged_by_what_it_is() -> None:
    assert NAME not in names(socket("tcp/0.0.0.0:23"), probe("tcp/127.0.0.1:23"), identity("tcp/127.0.0.1:23", "ssh", encrypted=True))
