"""A conclusion looked at once more: what installed fingerprints add, and which system all hints together point to. Pure.

The library is opened when a door first says something that a fingerprint could be about, and not before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from doorward.identify.conclusion import Conclusion
from doorward.identify.fingerprints.fingerprint import Recognised
from doorward.identify.fingerprints.joining import hints_of, join_fingerprints
from doorward.identify.fingerprints.texts import texts_of
from doorward.identify.identity import Identity
from doorward.identify.systems import SystemHint, SystemView, family_of, join_hints
from doorward.identify.tcp_behaviour import SynAck, hint_of_syn_ack
from doorward.values.evidence import Fact

if TYPE_CHECKING:
    from doorward.identify.fingerprints.library import Library  # with its matcher: only where fingerprints are installed

__all__ = ["SecondOpinion"]

#: How sure a system is that our own reader took from the answer: stamped with a release, or only named.
_STAMPED: Final = 0.9
_NAMED: Final = 0.75
#: Services whose word about the system is another witness than a program's banner.
_ORIGINS: Final = {"snmp": "snmp", "smb": "smb", "mdns": "mdns", "netbios": "smb", "rdp": "rdp"}


class SecondOpinion:
    """``open_library`` returns the fingerprints installed, or `None`; it is called once at most."""

    def __init__(self, open_library: Callable[[], Library | None]) -> None:
        self._open_library = open_library
        self._opened = False
        self._library: Library | None = None

    def __call__(self, conclusion: Conclusion, syn_ack: SynAck | None = None) -> Conclusion:
        """Return the conclusion with what fingerprints and, where it was seen, the TCP handshake add."""
        identity = conclusion.identity
        if identity is None:
            return conclusion
        found = self._recognised(identity, conclusion)
        joined = join_fingerprints(identity, found)
        hints = [*_own_hint(identity), *hints_of(found)]
        if syn_ack is not None and (hint := hint_of_syn_ack(syn_ack)) is not None:
            hints.append(hint)
        joined = _with_system(joined, join_hints(hints))
        return msgspec.structs.replace(conclusion, identity=joined, why=joined.why)

    def _recognised(self, identity: Identity, conclusion: Conclusion) -> list[Recognised]:
        heard = next((one for one in conclusion.heard if one.claim is not None and one.claim.service == identity.service), None)
        texts = texts_of(identity, heard.received if heard is not None else b"")
        if texts and not self._opened:
            self._opened = True
            self._library = self._open_library()
        found: dict[str, Recognised] = {}
        for field, text in texts:
            # Cookies are several things; elsewhere the first of a field's texts that is known counts.
            key = f"{field} {text}" if field == "http_cookies" else field
            if self._library is not None and key not in found and (one := self._library.recognise(field, text)) is not None:
                found[key] = one
        return list(found.values())


def _own_hint(identity: Identity) -> list[SystemHint]:
    if not identity.system:
        return []
    sure = _STAMPED if any(letter.isdigit() for letter in identity.system) else _NAMED
    origin = _ORIGINS.get(identity.service, "banner")
    return [SystemHint(system=identity.system, origin=origin, sure=sure, why=f"its {'answer' if origin != 'banner' else 'banner'} says so")]


def _with_system(identity: Identity, view: SystemView) -> Identity:
    """Our own word stays, unless all hints together know the same system more exactly."""
    if not view.system:
        return identity
    refines = identity.system == family_of(view.system) and view.system != identity.system
    facts: dict[str, Fact] = {**identity.facts, "system_confidence": view.in_words, "system_why": view.why}
    if view.against:
        facts["system_against"] = list(view.against)
    if view.cpe:
        facts["system_cpe"] = view.cpe
    system = view.system if refines or not identity.system else identity.system
    return msgspec.structs.replace(identity, system=system, facts=facts)
