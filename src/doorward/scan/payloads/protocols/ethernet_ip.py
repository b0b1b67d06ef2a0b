"""EtherNet/IP: which services do you have? Every device has to answer, and repeats eight bytes of ours.

ListIdentity, the usual search, is answered after a random wait, and our eight bytes would tell how long.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "ethernet_ip"
TITLE: Final = "Industrial controllers (EtherNet/IP)"
SOURCE: Final = "CIP Networks Library volume 2, §2-3 (encapsulation), §2-4.6 (ListServices)"
PORTS: Final = (44818,)
SAFE: Final = Safety.ONLY_ASKED
NONCE_SIZE: Final = 8
NONCE_OFFSET: Final = 12  # sender context
ANSWER_BYTES: Final = 50

_LIST_SERVICES: Final = b"\x04\0"


def payload(nonce: int) -> bytes:
    """Command, no data, no session, status 0, our context, no options."""
    return _LIST_SERVICES + bytes(10) + nonce_bytes(nonce, NONCE_SIZE) + bytes(4)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether the same command comes back with our context and a count of services, as long as it says (little-endian here)."""
    if len(data) < 26 or data[:2] != _LIST_SERVICES or int.from_bytes(data[2:4], "little") != len(data) - 24:
        return False
    return data[12:20] == nonce_bytes(nonce, NONCE_SIZE)
