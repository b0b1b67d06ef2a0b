"""Answers of real telephone servers, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import sip
from doorward.identify.probing import Context, Step, Tunnel, Turn

# Kamailio 5.6.3 (Debian 12).
KAMAILIO = (
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK.doorward;rport=37042;received=127.0.0.1\r\n"
    b"From: <sip:doorward@invalid>;tag=doorward\r\nTo: <sip:doorward@127.0.0.1>;tag=b5c086063368ff1c8eeba3a593c63d0e.c77e3bc9\r\n"
    b"Call-ID: doorward\r\nCSeq: 1 OPTIONS\r\nServer: kamailio (5.6.3 (x86_64/linux))\r\nContent-Length: 0\r\n\r\n"
)


def answer(server: str, status: str = "200 OK") -> bytes:
    return f"SIP/2.0 {status}\r\nVia: SIP/2.0/UDP h\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nAllow: INVITE, ACK\r\n{server}\r\n\r\n".encode()


ANSWERS = [KAMAILIO, answer("User-Agent: x")]


@pytest.mark.parametrize(
    ("field", "product", "version"),
    [
        ("Server: kamailio (5.6.3 (x86_64/linux))", "Kamailio", "5.6.3"),
        ("Server: Asterisk PBX 18.10.0~dfsg+~cs6", "Asterisk", "18.10.0~dfsg+~cs6"),
        ("Server: FPBX-16.0.40(18.20.0)", "Asterisk", "18.20.0"),
        ("User-Agent: FreeSWITCH-mod_sofia/1.10.9-release", "FreeSWITCH", "1.10.9"),
        ("Server: OpenSIPS (3.2.1 (x86_64/linux))", "OpenSIPS", "3.2.1"),
        ("Server: Something", "", ""),
    ],
)
def test_reads_product_and_version(field: str, product: str, version: str) -> None:
    found = sip.read(answer(field), Context())
    assert found is not None
    assert (found.product, found.version, found.facts["methods"]) == (product, version, ["INVITE", "ACK"])


def test_reads_a_real_answer() -> None:
    found = sip.read(KAMAILIO, Context(tunnel=Tunnel(version="TLSv1.3")))
    assert found is not None
    assert (found.cpe, found.system) == ("cpe:2.3:a:kamailio:kamailio:5.6.3:*:*:*:*:*:*:*", "Linux")
    assert found.facts["encrypted"] is True


def test_a_wish_for_a_login_is_told() -> None:
    found = sip.read(answer("Server: x", "401 Unauthorized"), Context())
    assert found is not None
    assert found.facts["authentication"] == "required"


def test_the_conversation_waits_for_the_final_answer() -> None:
    trying = b"SIP/2.0 100 Trying\r\nVia: x\r\n\r\n"
    assert sip.next_words(trying, Context()) is Step.WAIT
    assert sip.next_words(trying + KAMAILIO, Context()) is Step.DONE
    assert sip.next_words(KAMAILIO[:-2], Context()) is Step.WAIT
    assert sip.next_words(b"HTTP/1.1", Context()) is Step.DONE


def test_the_words_hold_nothing_hostile_and_are_small() -> None:
    assert b"Evil" not in sip.first_words("a\r\nEvil: 1")
    assert b"sip:[::1]" in sip.first_words("::1")
    assert len(sip.first_datagram("h")) <= 160


@pytest.mark.parametrize(
    "other",
    [b"", b"SIP/2.0 200 OK", b"SIP/2.0 200 OK\r\n\r\n", b"OPTIONS sip:h SIP/2.0\r\nVia: x\r\n\r\n", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert sip.read(other, Context()) is None


@given(st.sampled_from(ANSWERS), st.integers(0, 400), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(answer: bytes, place: int, value: int, tail: bytes) -> None:
    context = Context(spoke="sip", turns=(Turn(b"", answer[:5]), Turn(b"x", answer[5:])))
    for damaged in (answer[:place] + tail, answer[:place] + bytes([value]) + answer[place + 1 :] + tail):
        try:
            found = sip.read(damaged, context)
        except PeerError:
            continue
        assert found is None or found.service == "sip"
