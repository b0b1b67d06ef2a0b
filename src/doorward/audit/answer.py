"""What an audit answers: the record that every face draws and ``--json`` prints."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

from doorward.values.addresses import Address
from doorward.values.evidence import Witness
from doorward.values.verdicts import Attention, Verdict

__all__ = ["AuditAnswer", "WitnessReport"]


class WitnessReport(msgspec.Struct, frozen=True):
    """Whether a witness was asked, and what it could not see; what was not asked is unknown, never "no"."""

    witness: Witness
    asked: bool
    saw: str  #: what it looked at, in words
    missing: list[str] = []  #: what it could not see, and which right would show it


class AuditAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One machine's doors, judged."""

    schema: Literal["doorward/audit/1"] = "doorward/audit/1"
    machine: str
    at: datetime.datetime  #: when it began, UTC
    seconds: float  #: how long it took
    own_addresses: list[Address]
    witnesses: list[WitnessReport]
    verdicts: list[Verdict]  #: what needs you first
    nobody_home: int  #: knocks at own addresses that found a closed door nobody claims
    new: list[str] = []  #: doors that the audit before this one did not see, as ``transport/address:port``
    gone: list[str] = []  #: doors that the audit before this one saw and this one did not
    limits: list[str] = []  #: what this audit does not claim
    remembered_in: str = ""  #: the database it was written to; empty when it was not
    earlier_audits: int = 0

    def count(self, attention: Attention) -> int:
        """Return how many doors have this attention."""
        return sum(verdict.attention is attention for verdict in self.verdicts)
