"""How servers name themselves in a greeting: the first fitting pattern of a table gives product, version, makers. Knows no protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from doorward.identify.cpe import cpe_name

__all__ = ["NO_SERVER", "NamedServer", "ServerPattern", "name_server", "pattern"]


class NamedServer(msgspec.Struct, frozen=True):
    """What a greeting tells of the program behind it; empty texts are unknown."""

    product: str = ""
    version: str = ""
    vendor: str = ""
    cpe: str = ""


class ServerPattern(msgspec.Struct, frozen=True):
    """A text that only one product sends; its first group, where it has one, is the version."""

    expression: re.Pattern[str]
    product: str
    vendor: str
    cpe_vendor: str
    cpe_product: str


NO_SERVER = NamedServer()
_MOST_CHARACTERS = 2000


def pattern(expression: str, product: str, vendor: str = "", cpe: str = "") -> ServerPattern:
    """Make a line of a table; ``cpe`` is ``vendor:product`` or empty."""
    cpe_vendor, _, cpe_product = cpe.partition(":")
    return ServerPattern(re.compile(expression, re.IGNORECASE), product, vendor, cpe_vendor, cpe_product)


def name_server(text: str, table: Iterable[ServerPattern]) -> NamedServer:
    """Return what the first fitting line of ``table`` says of ``text``."""
    shown = text[:_MOST_CHARACTERS]
    for line in table:
        if found := line.expression.search(shown):
            version = (found[1] or "").rstrip(".,") if line.expression.groups else ""
            cpe = cpe_name(line.cpe_vendor, line.cpe_product, version) if line.cpe_vendor else ""
            return NamedServer(line.product, version, line.vendor, cpe)
    return NO_SERVER
