"""An audit as one HTML file that needs nothing else: no script, no font, no picture from outside; it opens offline.

Everything that is filled in passes two guards: the sanitiser makes it printable, and the template engine escapes it for HTML. The page's
own policy forbids scripts and any connection, so that even a mistake here could not run a banner's code.
"""

from __future__ import annotations

import jinja2

from doorward import __version__
from doorward.audit.answer import AuditAnswer
from doorward.report.audit_view import arrange
from doorward.report.door_map import anchor, draw_map
from doorward.values.clocks import format_moment
from doorward.values.printable import printable
from doorward.values.verdicts import Attention

__all__ = ["audit_page"]

_KINDS = {Attention.NEEDS_YOU: "needs-you", Attention.UNKNOWN: "unknown", Attention.FINE: "fine"}


def audit_page(answer: AuditAnswer) -> str:
    """Return the whole page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("doorward.report", "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    view = arrange(answer)
    return environment.get_template("audit.html").render(
        view=view, answer=answer, map=draw_map(view), anchor=anchor, moment=format_moment(answer.at), kinds=_KINDS, version=__version__
    )


def _harmless(value: object) -> object:
    """Make every text that is filled in printable; numbers and already escaped markup of our own pass."""
    return printable(value) if type(value) is str else value
