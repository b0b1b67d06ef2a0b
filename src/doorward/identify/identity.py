"""What answers at a door, as one record; knows no protocol and no wire.

An identity is what a reader concludes from bytes. What it could not read stays empty: an empty ``version`` means that the server
did not tell it, never that there is none.
"""

from __future__ import annotations

import msgspec

from doorward.values.evidence import Certainty, Fact
from doorward.values.printable import printable

__all__ = ["BANNER_LIMIT", "Identity", "banner_fact", "introduce"]

#: Characters of a banner kept as the fact ``banner``; one line of it is enough to recognise the server again.
BANNER_LIMIT = 200


class Identity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What answers: the protocol, and as far as it tells the product, its version, maker and system.

    ``facts`` uses these keys where they apply, each with the type in brackets: ``encrypted`` (bool: what is said here can't be read on
    the way), ``tls`` (bool: it stands inside TLS), ``starttls`` (bool: it offers to go on encrypted), ``authentication`` ("required",
    "none" or "unknown"), ``title`` (str), ``banner`` (str, from `banner_fact`), ``certificate_…`` (set by the engine), and a
    protocol's own: lower case, whole words, joined by underscores (``protocol_version``, ``key_exchange``, ``capabilities``).
    """

    service: str  #: the reader's `NAME`: "ssh", "http"
    product: str = ""  #: as its makers write it: "OpenSSH"
    version: str = ""  #: as the server claims it, without the distribution's revision: "9.2p1"
    revision: str = ""  #: the distribution's own addition: "Debian-2+deb12u10"
    vendor: str = ""  #: who makes it: "OpenBSD project"
    system: str = ""  #: the operating system it hints at: "Debian 12"
    host_name: str = ""  #: the name the server gives itself
    cpe: str = ""  #: CPE 2.3 name, from `cpe_name`
    certainty: Certainty = Certainty.MEASURED  #: measured: its grammar leaves no doubt; inferred: it could be another protocol
    why: str = ""  #: which part of the answer shows it: "its first line begins with SSH-2.0-"
    sentence: str = ""  #: for a person outside the trade, from `introduce` with more behind it
    facts: dict[str, Fact] = {}

    @property
    def label(self) -> str:
        """The shortest words for it: ``OpenSSH 9.2p1``, or the protocol's name in capitals."""
        return f"{self.product} {self.version}".strip() if self.product else self.service.upper()


def introduce(kind: str, product: str = "", version: str = "", system: str = "") -> str:
    """Say what something is: ``This is a mail server: Exim 4.96, on Debian 12.``; ``kind`` has its article."""
    named = f"{product} {version}".strip()
    text = f"This is {kind}: {named}" if named else f"This is {kind}"
    return f"{text}, on {system}." if system else f"{text}."


def banner_fact(received: bytes) -> str:
    """Return the first line that has something in it, printable and at most `BANNER_LIMIT` characters."""
    line = next((line for line in received[:4096].splitlines() if line.strip()), b"")
    return printable(line.decode("utf-8", "surrogateescape").strip()[:BANNER_LIMIT])[:BANNER_LIMIT]
