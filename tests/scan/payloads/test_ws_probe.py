"""WS-Discovery's probe, read by an XML reader; and matches by several makers' spellings."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.payloads.ws_probe import is_match, probe

NONCE = 0x5E6F7081
UUID = "646f6f72-7761-4264-8f6f-6f6e5e6f7081"
NAMES = {"s": "http://www.w3.org/2003/05/soap-envelope", "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing"}
NAMES["d"] = "http://schemas.xmlsoap.org/ws/2005/04/discovery"


def test_the_probe_is_xml_with_our_number() -> None:
    envelope = ElementTree.fromstring(probe(NONCE, "6f6e", "http://example.invalid/ns", "x:Camera"))
    assert envelope.findtext("s:Header/a:MessageID", namespaces=NAMES) == f"urn:uuid:{UUID}"
    assert envelope.findtext("s:Body/d:Probe/d:Types", namespaces=NAMES) == "x:Camera"


@pytest.mark.parametrize(
    "header",
    [
        f"<wsa:RelatesTo>urn:uuid:{UUID}</wsa:RelatesTo>",
        f"<RelatesTo>urn:uuid:{UUID}</RelatesTo>",
        f'<a:RelatesTo RelationshipType="d:Suppression">\n urn:uuid:{UUID.upper()}\n</a:RelatesTo>',
    ],
)
def test_a_match(header: str) -> None:
    data = f"<s:Envelope><s:Header>{header}</s:Header></s:Envelope>".encode()
    assert is_match(data, NONCE, "6f6e")
    assert not is_match(data, NONCE + 1, "6f6e")
    assert not is_match(data, NONCE, "7764")


@given(st.binary(max_size=500))
def test_any_bytes(data: bytes) -> None:
    assert not is_match(b"<Envelope>" + data, NONCE, "6f6e")
