"""ONVIF: is there a camera? Asked with WS-Discovery for the kind of device that all network cameras call themselves."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.ws_probe import ANSWER, is_match, probe

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "onvif"
TITLE: Final = "Network cameras (ONVIF)"
SOURCE: Final = "ONVIF Core Specification §7.3; Web Services Dynamic Discovery (April 2005) §5.2, §5.3"
PORTS: Final = (3702,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = None  # eight hexadecimal digits of the message's UUID
ANSWER_BYTES: Final = ANSWER

_GROUP: Final = "6f6e"
_CAMERA: Final = ("http://www.onvif.org/ver10/network/wsdl", "dn:NetworkVideoTransmitter")


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return probe(nonce, _GROUP, *_CAMERA)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it relates to our message."""
    return is_match(data, nonce, _GROUP)
