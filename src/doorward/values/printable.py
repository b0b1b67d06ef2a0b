"""The one place where text from outside becomes harmless; knows characters, not where they are shown.

Banners, host names, process names, rule comments and file contents are hostile: an ESC sequence moves the cursor or sets the
title, a C1 code does the same in one byte, a bidirectional override swaps what is read, and ten megabytes without a newline stop
a terminal. Asked for no judgement of each case, we keep what Unicode calls printable and show everything else by its number,
so that a reader sees that something was there. The same function serves the terminal, JSON and HTML.
"""

from __future__ import annotations

import re

__all__ = ["MAX_SHOWN", "escape_json_text", "printable", "printable_bytes", "spreadsheet_safe"]

#: Characters shown of one foreign text before it is cut; a screen of 80 columns and 50 lines holds 4,000.
MAX_SHOWN = 4096

# str.isprintable() is false for the categories Cc, Cf, Cs, Co, Cn, Zl, Zp and Zs but the space: controls (C0 and C1), format characters
# (bidi overrides and isolates, zero-width joiners), surrogates, private use, unassigned, and every odd space.
_ODD_IN_JSON = re.compile("[^\x20-\x7e\n]")


def printable(text: str, limit: int = MAX_SHOWN) -> str:
    r"""Return ``text`` on one line with every unprintable character as ``\xNN``, ``\uNNNN`` or ``\UNNNNNNNN``.

    Cut after ``limit`` characters of the source with a note of how many are missing. Idempotent; a backslash stays as it is, for
    the result is for eyes and not to be decoded.
    """
    shown = text[:limit]
    if not (shown.isascii() and shown.isprintable()):
        shown = "".join(c if c.isprintable() else _escape(c) for c in shown)
    if len(text) > limit:
        shown += f"…(+{len(text) - limit} characters)"
    return shown


def printable_bytes(data: bytes, limit: int = MAX_SHOWN) -> str:
    r"""Return bytes as text a person can read: UTF-8 where it is, ``\xNN`` where it isn't, line ends as ``\r`` and ``\n``."""
    text = data[:limit].decode("utf-8", "surrogateescape")
    shown = "".join(c if c.isprintable() else _ESCAPES.get(c) or _escape(c) for c in text)
    if len(data) > limit:
        shown += f"…(+{len(data) - limit} bytes)"
    return shown


def escape_json_text(document: str) -> str:
    r"""Return a JSON document with everything outside printable ASCII as ``\uNNNN``, which JSON readers turn back.

    Newlines between JSON Lines stay. Valid for any JSON text, because characters outside ASCII stand only inside its strings.
    """
    if document.isascii() and document.isprintable():
        return document
    return _ODD_IN_JSON.sub(_escape_json, document)


def spreadsheet_safe(cell: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula: ``=``, ``+``, ``-``, ``@`` at the start get an apostrophe before them.

    Source: OWASP, CSV Injection.
    """
    shown = printable(cell)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown


_ESCAPES = {"\r": "\\r", "\n": "\\n", "\t": "\\t"}


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was not UTF-8, carried by surrogateescape (PEP 383)
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _escape_json(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code > 0xFFFF:  # JSON speaks UTF-16: a pair of surrogates (RFC 8259 §7)
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
