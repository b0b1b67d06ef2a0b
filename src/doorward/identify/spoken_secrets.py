"""Which words of a line are a secret, by the protocols in which people type them; shows the line without them, and keeps none."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["MASK", "without_secrets"]

#: What stands where a secret stood.
MASK: Final = "••••"

# Everything behind group 1 is the secret. By rows: FTP, POP3 · POP3 · IMAP · IMAP, ManageSieve · NNTP · Redis · SMTP, POP3, NNTP ·
# Redis, and whatever else stands behind AUTH · IRC · IRC · HTTP · HTTP · Redis.
_SECRETS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(\s*(?:PASS|ACCT)\s+)\S.*",
        r"(\s*APOP\s+\S+\s+)\S.*",
        r"(\s*\S{1,32}\s+LOGIN\s+(?:\"[^\"]{0,200}\"|\S{1,200})\s+)\S.*",
        r"(\s*(?:\S{1,32}\s+)?AUTHENTICATE\s+\S+\s+)\S.*",
        r"(\s*AUTHINFO\s+(?:PASS|SASL\s+\S+)\s+)\S.*",
        r"(\s*HELLO\s+\d\s+AUTH\s+\S+\s+)\S.*",
        r"(\s*AUTH\s+(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|EXTERNAL|CRAM-MD5|SCRAM-\S+)\s+)\S.*",
        r"(\s*AUTH\s+)(?!(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|EXTERNAL|CRAM-MD5|SCRAM-\S+|TLS(?:-\w)?|SSL|GSSAPI)\s*$)\S.*",
        r"(\s*OPER\s+\S+\s+)\S.*",
        r"(\s*(?:PRIVMSG\s+)?NickServ\s+:?IDENTIFY\s+)\S.*",
        r"(\s*(?:Proxy-)?Authorization\s*:\s*(?:\w+\s+)?)\S.*",
        r"(\s*(?:Cookie|X-Api-Key|X-Auth-Token)\s*:\s*)\S.*",
        r"(\s*(?:CONFIG\s+SET\s+)?(?:requirepass|masterauth)\s+)\S.*",
    )
)
_LONGEST: Final = 4096


def without_secrets(line: str) -> str:
    """Return the line with a password or token in it replaced by `MASK`; the same line where there is none."""
    shown = line[:_LONGEST]
    found = next((match for pattern in _SECRETS if (match := pattern.fullmatch(shown))), None)
    return f"{found[1]}{MASK}" if found is not None else line
