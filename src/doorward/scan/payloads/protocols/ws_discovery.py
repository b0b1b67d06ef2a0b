"""WS-Discovery: which devices are there? Windows machines, printers and scanners answer, and repeat the number of our message."""

from __future__ import annotations

from typing import Final

from doorward.scan.payloads.contract import Safety
from doorward.scan.payloads.ws_probe import ANSWER, is_match, probe

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "ws_discovery"
TITLE: Final = "Windows machines, printers and scanners on the link (WS-Discovery)"
SOURCE: Final = "Web Services Dynamic Discovery (April 2005) §5.2, §5.3; Devices Profile for Web Services §3.1"
PORTS: Final = (3702,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 4
NONCE_OFFSET: Final = None  # eight hexadecimal digits of the message's UUID
ANSWER_BYTES: Final = ANSWER

_GROUP: Final = "7764"
_DEVICE: Final = ("http://schemas.xmlsoap.org/ws/2006/02/devprof", "wsdp:Device")


def payload(nonce: int) -> bytes:
    """The question, as the first lines of this file explain it."""
    return probe(nonce, _GROUP, *_DEVICE)


def is_answer(data: bytes, nonce: int) -> bool:
    """Whether it relates to our message."""
    return is_match(data, nonce, _GROUP)
