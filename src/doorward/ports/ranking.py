"""Which ports are met most often, as a ranking with its sources; knows its file's shape, not how it came to be.

Written by ``tools/build_ranking.py``: a number's rank is how many lists of services, kept by independent teams, name it.
"""

from __future__ import annotations

import msgspec

from doorward.errors import CallError, DoorwardBug
from doorward.values.records import decode_json
from doorward.values.transports import Transport

__all__ = ["Ranking", "RankingSource", "decode_ranking"]


class RankingSource(msgspec.Struct, frozen=True):
    """One list that was counted."""

    package: str  #: the Debian package that holds it
    version: str
    list: str  #: what it is, in words
    ports: int  #: how many numbers it names


class Ranking(msgspec.Struct, frozen=True):
    """The numbers of each transport, the one that most lists name first, each with its votes."""

    sources: list[RankingSource]
    tcp: list[tuple[int, int]]
    udp: list[tuple[int, int]]
    sctp: list[tuple[int, int]] = []
    dccp: list[tuple[int, int]] = []

    def top(self, transport: Transport, count: int) -> list[int]:
        """Return the first ``count`` numbers, best first; raises `CallError` for a count that there isn't."""
        ranked = self._ranked(transport)
        if not 1 <= count <= len(ranked):
            why = f"{len(ranked)} {transport.upper()} ports are ranked"
            raise CallError("choose the top ports", str(count), why=why, remedy=f"Give 1 to {len(ranked)}, or name ports with -p.")
        return [port for port, _ in ranked[:count]]

    @property
    def source(self) -> str:
        """In one sentence, where the order comes from."""
        lists = ", ".join(f"{one.package} {one.version}" for one in self.sources)
        return f"ranked by how many independent lists of services name the port ({lists}), and by Doorward's own notes"

    def _ranked(self, transport: Transport) -> list[tuple[int, int]]:
        return {Transport.TCP: self.tcp, Transport.UDP: self.udp, Transport.SCTP: self.sctp, Transport.DCCP: self.dccp}[transport]


def decode_ranking(text: bytes) -> Ranking:
    """Read the file that ships; raises `DoorwardBug` for one that is not ours."""
    try:
        return decode_json(text, Ranking)
    except CallError as error:
        raise DoorwardBug("read the shipped ranking of ports", why=error.why, remedy="Install Doorward again.") from None
