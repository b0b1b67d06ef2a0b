"""Memberlist, the gossip of Consul, Serf, Nomad and Alertmanager: are you there? A ping that names nobody.

It is padded, since Consul's answer tells where it is. Clusters that encrypt their gossip keep silent.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "memberlist"
TITLE: Final = "Members of a cluster (Consul, Serf, Nomad, Alertmanager)"
SOURCE: Final = (
    "HashiCorp's source of memberlist, net.go: ping (0), ackResp (2), compoundMsg (7), hasCrcMsg (12); MessagePack specification"
)
PORTS: Final = (8301, 8302, 7946, 4648, 9094)
SAFE: Final = Safety.ANY_PORT
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = 9  # SeqNo
ANSWER_BYTES: Final = 180

_PING: Final = b"\0"
_ACK: Final = b"\x02"
_COMPOUND: Final = b"\x07"  # how many, the length of each in two bytes, then the messages
_CHECKSUM: Final = b"\x0c"  # then four bytes of CRC-32
_SEQUENCE: Final = b"\xa5SeqNo"
_INTEGERS: Final = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}


def payload(nonce: int) -> bytes:
    """A map of two: our number, and no name; what follows the map isn't read."""
    return _PING + b"\x82" + _SEQUENCE + b"\xce" + nonce_bytes(nonce, NONCE_SIZE) + b"\xa4Node\xa0" + bytes(48)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is an acknowledgment of our number, alone or first in a packet with gossip, behind a checksum or not."""
    said = data[5:] if data[:1] == _CHECKSUM else data
    if said[:1] == _COMPOUND and len(said) >= 4:
        said = said[2 + 2 * said[1] :][: int.from_bytes(said[2:4])]
    if not 9 <= len(said) <= 1500 or said[:1] != _ACK or said[1] not in range(0x81, 0x90):
        return False
    place = said.find(_SEQUENCE, 2, 1400) + len(_SEQUENCE)
    return place >= 2 + len(_SEQUENCE) and _integer(said, place) == int.from_bytes(nonce_bytes(nonce, NONCE_SIZE))


def _integer(data: bytes, place: int) -> int | None:
    """An integer in MessagePack's shortest or any other form."""
    first = data[place] if place < len(data) else 0xC0
    size = _INTEGERS.get(first, 0)
    if size and place + 1 + size <= len(data):
        return int.from_bytes(data[place + 1 : place + 1 + size])
    return first if first < 0x80 else None
