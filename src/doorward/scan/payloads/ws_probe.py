"""WS-Discovery's probe for one kind of device, and the look of its match; knows no kind of device.

The number of the message is a UUID whose last eight digits are the nonce; the answer repeats it in RelatesTo. The prefix of the kind's
name is written as devices compare it: some look at the prefix instead of the namespace behind it.
"""

from __future__ import annotations

import re
from typing import Final

from doorward.scan.payloads.contract import nonce_bytes

__all__ = ["ANSWER", "is_match", "probe"]

ANSWER: Final = 1700  # bytes of a match: one device with its addresses
_LONGEST: Final = 16384
_UUID: Final = "646f6f72-7761-4264-8f6f-{}{}"
_RELATES: Final = re.compile(rb"<(?:[\w.-]{1,32}:)?RelatesTo(?:\s[^<>]{0,200})?>\s{0,8}urn:uuid:([0-9a-fA-F-]{36})\s{0,8}</")


def probe(nonce: int, group: str, namespace: str, kind: str) -> bytes:
    """A SOAP message that searches ``kind``, whose prefix stands for ``namespace``; ``group``: four digits that tell our probes apart."""
    prefix = kind.partition(":")[0]
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
        f' xmlns:{prefix}="{namespace}">'
        "<soap:Header>"
        "<wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To>"
        "<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</wsa:Action>"
        f"<wsa:MessageID>urn:uuid:{_number(nonce, group)}</wsa:MessageID>"
        "</soap:Header>"
        f"<soap:Body><wsd:Probe><wsd:Types>{kind}</wsd:Types></wsd:Probe></soap:Body>"
        "</soap:Envelope>"
    ).encode()


def is_match(data: bytes, nonce: int, group: str) -> bool:
    """Whether it is a SOAP message that relates to ours of that group: a match, or a fault."""
    if len(data) > _LONGEST or b"Envelope" not in data[:1000]:
        return False
    related = _RELATES.search(data)
    return related is not None and related[1].lower() == _number(nonce, group).encode()


def _number(nonce: int, group: str) -> str:
    return _UUID.format(group, nonce_bytes(nonce, 4).hex())
