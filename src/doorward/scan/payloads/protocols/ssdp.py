"""SSDP: are you the root of a UPnP device? Asked of one host alone, which answers once, where a search for everything is answered 30 times.

Nothing of ours is repeated. The name of our software pads the question, since the answer tells an address and the maker's name.
"""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import Safety

__all__ = ["ANSWER_BYTES", "NAME", "NONCE_OFFSET", "NONCE_SIZE", "PORTS", "SAFE", "SOURCE", "TITLE", "is_answer", "payload"]

NAME: Final = "ssdp"
TITLE: Final = "Devices that announce themselves (UPnP)"
SOURCE: Final = "UPnP Device Architecture 2.0 §1.3.2 (search of one host), §1.3.3 (response)"
PORTS: Final = (1900,)
SAFE: Final = Safety.OWN_PORTS
NONCE_SIZE: Final = 0
NONCE_OFFSET: Final = None
ANSWER_BYTES: Final = 450

_QUESTION: Final = (
    b"M-SEARCH * HTTP/1.1\r\n"
    b"HOST: 239.255.255.250:1900\r\n"
    b'MAN: "ssdp:discover"\r\n'
    b"MX: 1\r\n"  # seconds to spread the answers over; version 1.0 wants it, for one host it means nothing
    b"ST: upnp:rootdevice\r\n"
    b"USER-AGENT: doorward/1 UPnP/2.0 doorward/1 (asks one host which doors it has, and wants no more than this)\r\n\r\n"
)
_STATUS: Final = re.compile(rb"HTTP/1\.[01] 200[ \r]")
_TYPE: Final = re.compile(rb"(?i)\nst[ \t]{0,4}:")
_NAME: Final = re.compile(rb"(?i)\nusn[ \t]{0,4}:")


def payload(nonce: int) -> bytes:  # noqa: ARG001
    """The question, as the first lines of this file explain it."""
    return _QUESTION


def is_answer(data: bytes, nonce: int) -> bool:  # noqa: ARG001
    """Whether it is a 200 that tells a search target and a unique name."""
    return len(data) <= 4096 and _STATUS.match(data) is not None and bool(_TYPE.search(data)) and bool(_NAME.search(data))
