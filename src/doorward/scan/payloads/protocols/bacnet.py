"""BACnet: whose make are you? One property of the device object, asked of this host alone, in 17 bytes; the answer repeats our number.

Who-Is, the usual search, is answered to everybody on the link and repeats nothing.
"""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety, nonce_bytes

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "bacnet"
TITLE: Final = "Heating, air and light of buildings (BACnet/IP)"
SOURCE: Final = "ASHRAE 135 Annex J (BVLL), §6 (NPDU), §20.1 (APDU), §15.5 (ReadProperty; instance 4194303 means whichever device this is)"
PORTS: Final = (47808,)
SAFE: Final = Safety.ONLY_ASKED
NONCE_SIZE: Final = 1
NONCE_OFFSET: Final = 8  # invoke id
ANSWER_BYTES: Final = 24

_HEAD: Final = bytes.fromhex("810a001101040005")  # unicast, 17 bytes; answer wanted; confirmed request, up to 1476 bytes
_ASKED: Final = bytes.fromhex("0c0c023fffff1978")  # ReadProperty, device 4194303, vendor-identifier


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return _HEAD + nonce_bytes(nonce, NONCE_SIZE) + _ASKED


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it is an answer, an error, a reject or an abort to our number, in a message as long as it says."""
    if len(data) < 9 or data[:2] != b"\x81\x0a" or int.from_bytes(data[2:4]) != len(data) or data[4] != 1 or data[5] & 0xA8:
        return False  # a message of the network layer, or one that came through a router, isn't for us
    return data[6] >> 4 in (3, 5, 6, 7) and data[7:8] == nonce_bytes(nonce, NONCE_SIZE)
