"""Names of products in the Common Platform Enumeration, the key by which advisories are found; knows no product itself."""

from __future__ import annotations

import re

__all__ = ["cpe_name"]

_PLAIN = re.compile(r"[a-z0-9._-]")


def cpe_name(vendor: str, product: str, version: str = "", update: str = "", *, part: str = "a") -> str:
    """Return a CPE 2.3 formatted string (NISTIR 7695 §6.2); ``part`` is ``a`` application, ``o`` system, ``h`` hardware.

    An empty version or update is ``*`` (any). Blanks become underscores and everything else but letters, digits, ``.``, ``_``, ``-``
    is quoted with a backslash, so that a hostile version can't forge another field.
    """
    fields = [part, *(_quoted(text) for text in (vendor, product, version, update))]
    return ":".join(["cpe:2.3", *fields, *["*"] * 6])


def _quoted(text: str) -> str:
    plain = text.strip().lower().replace(" ", "_")[:100]
    kept = "".join(c if _PLAIN.match(c) else f"\\{c}" for c in plain if "!" <= c <= "~")
    return "\\-" if kept == "-" else kept or "*"  # a lone hyphen means "not applicable"
