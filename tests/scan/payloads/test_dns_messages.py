"""DNS messages: read beside dnspython, which must agree on every message that it writes and on none that it refuses."""

import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.payloads.dns_messages import encode_name, question, sections

QUERY = dns.message.make_query("version.bind.", "TXT", "CH", id=0x7081, flags=0)


def test_our_question_is_dnspython_s() -> None:
    assert question(0x7081, encode_name(b"version", b"bind"), 16, 3) == QUERY.to_wire()


def test_sections_are_dnspython_s() -> None:
    response = dns.message.make_response(QUERY)
    response.answer.append(dns.rrset.from_text("version.bind.", 0, "CH", "TXT", '"9.18"', '"b"'))
    response.additional.append(dns.rrset.from_text("ns.lab.example.", 60, "IN", "A", "192.0.2.1"))
    read = sections(response.to_wire(), 0x7081)
    assert read is not None
    assert (read.answers, read.rcode, read.question) == (2, 0, QUERY.to_wire()[12:])
    assert sections(response.to_wire(), 0x7082) is None
    assert sections(response.to_wire()[:-1], 0x7081) is None


@pytest.mark.parametrize(
    "body",
    [
        "0100 0000 0000 0000 0000",
        "a800 0000 0000 0000 0000",
        "8000 0002 0000 0000 0000",
        "8000 0000 0041 0000 0000",
        "8000 0001 0000 0000 0000 40",
    ],
    ids=["a question", "opcode 5", "two questions", "65 records", "a label of no kind"],
)
def test_what_is_no_response(body: str) -> None:
    assert sections(bytes.fromhex("7081" + body), 0x7081) is None


def test_a_cut_answer_may_end_anywhere() -> None:
    assert sections(bytes.fromhex("7081 8200 0000 0005 0000 0000"), 0x7081) is not None


@given(st.binary(max_size=600))
def test_what_dnspython_reads_we_read(rest: bytes) -> None:
    data = b"\x70\x81\x80\x00" + rest
    read = sections(data, 0x7081)
    try:
        message = dns.message.from_wire(data)
    except (dns.exception.DNSException, ValueError, IndexError):
        return
    if len(message.question) <= 1 and sum(map(len, message.sections[1:])) <= 60 and not message.opt and not message.tsig:
        assert read is not None or int.from_bytes(data[4:6]) > 1 or max(data[6:12]) > 60
