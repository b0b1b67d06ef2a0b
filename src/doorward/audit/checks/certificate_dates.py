"""A TLS certificate that has run out, is about to, or is not valid yet."""

from __future__ import annotations

import datetime
from typing import Final

from doorward.audit.case import Case
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding, Fix

__all__ = ["WARNING_DAYS", "check"]

#: Days before the end at which a renewal that should have happened by itself has failed: certificates of 90 days are renewed 30 days
#: before their end (RFC 8739 §1 and common clients), so half of that leaves two weeks to act.
WARNING_DAYS: Final = 14


def check(case: Case) -> Finding | None:
    """Fire for an expired certificate, and two weeks before."""
    end = _moment(case.testimony.text(Witness.IDENTITY, "certificate_not_after"))
    if end is None:
        return None
    days = (end - case.now).total_seconds() / 86400
    if days > WARNING_DAYS:
        return None
    subject = case.testimony.text(Witness.IDENTITY, "certificate_subject") or "its certificate"
    title = (
        f"the certificate of {case.what} ran out {-days:.0f} days ago"
        if days < 0
        else f"the certificate of {case.what} ends in {days:.0f} days"
    )
    return Finding(
        name="certificate-dates",
        title=title,
        attention=Attention.NEEDS_YOU if case.is_exposed else Attention.FINE,
        certainty=Certainty.MEASURED,
        why_it_matters="Clients refuse an expired certificate, or teach their users to click the warning away.",
        from_what=f"the certificate it showed ({subject}) is valid until {end:%Y-%m-%d %H:%M} UTC",
        fix=Fix("Renew it, and find out why that did not happen by itself (a certbot timer, an ACME client's log)."),
        wrong_when="this machine's clock is wrong",
        sources=["RFC 5280 §4.1.2.5"],
    )


def _moment(text: str) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.UTC)
