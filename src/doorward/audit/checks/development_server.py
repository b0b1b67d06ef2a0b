"""A server made for trying things out on one's own desk, reachable by others."""

from __future__ import annotations

from typing import Final

from doorward.audit.case import Case
from doorward.audit.fixes import bind_to_loopback
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding

__all__ = ["check"]

#: What such servers call themselves, or how they are started → what their makers say of them.
_PRODUCTS: Final = {
    "simplehttp": 'Python\'s http.server "is not recommended for production" (its manual), and shows whole folders',
    "http.server": 'Python\'s http.server "is not recommended for production" (its manual), and shows whole folders',
    "werkzeug": "Flask's development server can run code from its debugger",
    "wsgiserver": "Django's and Python's own WSGI servers are not made for production (their manuals)",
    "runserver": "Django's runserver has gone through no security audit (its manual)",
    "development server": "its own name says what it is for",
    "webpack-dev-server": "it serves the source code while it is being written",
    "vite": "it serves the source code while it is being written",
}


def check(case: Case) -> Finding | None:
    """Fire when the name of what answers, or the command that holds the door, is one of a development server."""
    if not (case.is_exposed and case.takes_callers):
        return None
    said = case.testimony
    product = " ".join(said.text(Witness.IDENTITY, name) for name in ("product", "banner")).lower()
    command = said.text(Witness.SOCKET, "command").lower()
    found = next((name for name in _PRODUCTS if name in product or f" {name}" in command or f"/{name}" in command), None)
    if found is None:
        return None
    return Finding(
        name="development-server",
        title=f"a development server is open {case.where}",
        attention=Attention.NEEDS_YOU,
        certainty=Certainty.MEASURED if found in product else Certainty.INFERRED,
        why_it_matters=f"It guards nothing: {_PRODUCTS[found]}.",
        from_what=f"what answers calls itself {case.what}" if found in product else f"the command that holds it: {command[:120]}",
        fix=bind_to_loopback(said),
        wrong_when="it is meant for others for the moment, and you will stop it",
        sources=["Python manual, http.server"] if "http" in found else [],
    )
