"""Passwords that travel readable: a door others can reach, whose protocol asks for a login and encrypts nothing."""

from __future__ import annotations

from typing import Final

from doorward.audit.case import Case
from doorward.audit.fixes import stop
from doorward.ports.notes import Encryption
from doorward.values.evidence import Certainty, Witness
from doorward.values.verdicts import Attention, Finding

__all__ = ["check"]

#: Protocols whose login is part of them, by the names of our readers.
_LOGIN: Final = frozenset({"telnet", "ftp", "pop3", "imap", "rlogin", "rsh", "rexec", "vnc"})


def check(case: Case) -> Finding | None:
    """Fire for a reachable door with a login that was identified, or is known by its number, as unencrypted."""
    if not (case.is_exposed and case.takes_callers) or case.is_encrypted or case.offers_encryption:
        return None
    service = case.testimony.service
    identified = service in _LOGIN
    by_number = not service and case.note is not None and case.note.login and case.note.encryption is Encryption.NONE
    if not (identified or by_number):
        return None
    fix = stop(case.testimony)
    instead = case.note.instead if case.note is not None else ""
    encrypted = case.testimony.fact(Witness.IDENTITY, "encrypted")
    return Finding(
        name="cleartext-login",
        title=f"{case.what} takes passwords unencrypted {case.where}",
        attention=Attention.NEEDS_YOU,
        certainty=Certainty.MEASURED if identified and encrypted is False else Certainty.INFERRED,
        why_it_matters="Whoever sits on the way, in the same wireless network for a start, reads the name and password, and the session.",
        from_what=f"{case.what} answers and offered no encryption" if identified else "the port's number: nothing could be identified",
        fix=type(fix)(f"{instead} {fix.words}".strip(), fix.command),
        wrong_when="the way to it is encrypted by something else, such as a VPN that is the only network on this address",
        sources=["RFC 3552 §3.2"] + (case.note.sources[:2] if case.note is not None else []),
    )
