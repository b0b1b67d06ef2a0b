"""One door with everything a check may ask: what was said, the words, what its number and its protocol are known for, and the time."""

from __future__ import annotations

import datetime

import msgspec

from doorward.audit.table import Words
from doorward.audit.testimony import Testimony
from doorward.ports.notes import PortNote
from doorward.values.evidence import Witness
from doorward.values.transports import Transport
from doorward.values.verdicts import VerdictKind

__all__ = ["Case"]


class Case(msgspec.Struct, frozen=True):
    """A door before the judge."""

    testimony: Testimony
    words: Words
    kind: VerdictKind
    now: datetime.datetime
    note: PortNote | None = None  #: what is known of the protocol that answers; of the number, where nothing was identified
    number_note: PortNote | None = None  #: what is known of the number alone

    @property
    def is_exposed(self) -> bool:
        """Whether others can send packets to it, as far as its address tells, and no knock from outside showed otherwise."""
        return self.testimony.is_exposed and self.kind is not VerdictKind.SHIELDED_DOOR

    @property
    def takes_callers(self) -> bool:
        """Whether it is a door at all: somebody listens or answers, and it is not a client's own port."""
        return self.kind not in (VerdictKind.STALE_RULE, VerdictKind.NEEDLESS_RULE, VerdictKind.CONVERSATION)

    @property
    def is_encrypted(self) -> bool:
        """Whether what is said through it can't be read on the way, as measured."""
        said = self.testimony
        return said.fact(Witness.IDENTITY, "encrypted") is True or said.fact(Witness.IDENTITY, "tls") is True

    @property
    def offers_encryption(self) -> bool:
        """Whether a conversation may be upgraded to TLS, as measured."""
        return self.testimony.fact(Witness.IDENTITY, "starttls") is True

    @property
    def what(self) -> str:
        """What answers, in the shortest words: the identity's, else the note's name, else the number."""
        identity = self.testimony.identity
        if identity is not None and self.testimony.service:
            return identity.says
        door = self.testimony.door
        return self.note.name if self.note is not None else f"port {door.port}/{door.transport}"

    @property
    def who(self) -> str:
        """Who holds it: ``nginx (812)``, or ``a process we may not see``."""
        process, pid = self.testimony.process, self.testimony.number(Witness.SOCKET, "pid")
        if self.testimony.socket is None:
            return "nobody on this machine"
        return f"{process or '?'} ({pid})" if pid else (process or "a process we may not see")

    @property
    def where(self) -> str:
        """From where it can be reached, as far as its address tells."""
        address = self.testimony.door.address
        if address.is_loopback:
            return "from this machine only"
        if self.kind is VerdictKind.SHIELDED_DOOR:
            return "from this machine, and not from a neighbour"
        if address.is_any:
            return "on every address of this machine"
        return f"on {address}"

    @property
    def is_udp(self) -> bool:
        """Whether it takes single datagrams, whose senders can be forged."""
        return self.testimony.door.transport is Transport.UDP
