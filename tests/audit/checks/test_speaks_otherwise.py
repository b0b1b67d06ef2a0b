from __future__ import annotations

from typing import Any

import pytest

from doorward.values.verdicts import Attention, Finding
from witnesses import identity, probe, socket, verdict


def finding(port: int, service: str, **facts: Any) -> Finding | None:
    where = f"tcp/0.0.0.0:{port}"
    said = verdict(socket(where), probe(where), identity(where, service, **facts))
    return next((f for f in said.findings if f.name == "speaks-otherwise"), None)


@pytest.mark.parametrize(
    ("port", "service", "facts"),
    [
        (22, "ssh", {}),
        (80, "http", {}),
        (443, "http", {"tls": True}),
        (443, "tls", {"tls": True}),
        (993, "imap", {"tls": True}),
        (8443, "ssh", {}),
        (80, "", {}),
    ],
)
def test_kept_promises_and_numbers_without_one_are_silent(port: int, service: str, facts: dict[str, Any]) -> None:
    assert finding(port, service, **facts) is None


def test_another_protocol_is_noted() -> None:
    noted = finding(443, "ssh", tls=False)
    assert noted is not None
    assert noted.title.startswith("port 443 promises")


def test_no_encryption_where_the_number_stands_for_it_needs_a_person() -> None:
    noted = finding(443, "http", tls=False)
    assert noted is not None
    assert noted.attention is Attention.NEEDS_YOU
    assert noted.title.endswith("without encryption")
    other = finding(80, "ssh")
    assert other is not None
    assert other.attention is Attention.FINE
