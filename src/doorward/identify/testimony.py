"""What identification hands to the audit: conclusions become the identity's evidence. Knows the words agreed on, and no network."""

from __future__ import annotations

from collections.abc import Iterable

from doorward.identify.conclusion import Conclusion, Outcome
from doorward.identify.identity import Identity
from doorward.values.doors import Door
from doorward.values.evidence import Certainty, Evidence, Fact, Witness
from doorward.values.printable import printable

__all__ = ["testify"]

_TOLD = ("product", "version", "revision", "vendor", "system", "host_name", "cpe", "sentence")


def testify(
    conclusions: Iterable[Conclusion],
    *,
    machine: str,
    vantage: str = "this machine",  # noqa: PT028  # "testify" is no test
) -> list[Evidence]:
    """Return one piece of evidence per conclusion.

    ``says`` is the identity's label, or the outcome where there is none: "silent", "unrecognised", "closes", "refused", "unreachable".
    Without an identity its certainty is unknown: a door that told nothing may still be anything.
    """
    return [_evidence(conclusion, machine, vantage) for conclusion in conclusions]


def _evidence(conclusion: Conclusion, machine: str, vantage: str) -> Evidence:
    endpoint, identity = conclusion.endpoint, conclusion.identity
    return Evidence(
        door=Door(machine, endpoint.address, endpoint.transport, endpoint.port),
        witness=Witness.IDENTITY,
        at=conclusion.at,
        vantage=vantage,
        says=printable(identity.label) if identity is not None else str(conclusion.outcome),
        certainty=identity.certainty if identity is not None else Certainty.UNKNOWN,
        why=printable(conclusion.why),
        facts=_facts(identity) if identity is not None else _silence(conclusion),
    )


def _facts(identity: Identity) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"service": identity.service}
    for name in _TOLD:
        if text := getattr(identity, name):
            facts[name] = printable(text)
    return {**facts, **identity.facts}


def _silence(conclusion: Conclusion) -> dict[str, Fact]:
    """What an unrecognised door said, so that a later audit can tell whether it says the same."""
    received = b"".join(heard.received for heard in conclusion.heard)
    if conclusion.outcome is not Outcome.UNRECOGNISED:
        return {}
    return {"banner": printable(received[:200].decode("utf-8", "surrogateescape"), 200)[:200]}
