"""What chat servers say to a guest, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import irc
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# ngIRCd 26.1 of Debian 12.
SESSION = (
    Turn(
        b"NICK doorward7\r\nUSER doorward 0 * :Doorward\r\n",
        (
            b":irc.lab.example 001 doorward7 :Welcome to the Internet Relay Network doorward7!~doorward@127.0.0.1\r\n:irc."
            b"lab.example 002 doorward7 :Your host is irc.lab.example, running version ngircd-26.1 (x86_64/pc/linux-gnu)\r"
            b"\n:irc.lab.example 003 doorward7 :This server has been started Mon Nov 23 2026 at 18:38:35 (UTC)\r\n:irc.lab"
            b".example 004 doorward7 irc.lab.example ngircd-26.1 abBcCFiIoqrRswx abehiIklmMnoOPqQrRstvVz\r\n:irc.lab.examp"
            b"le 005 doorward7 RFC2812 IRCD=ngIRCd CHARSET=UTF-8 CASEMAPPING=ascii PREFIX=(qaohv)~&@%+ CHANTYPES=#&+ CHANM"
            b"ODES=beI,k,l,imMnOPQRstVz CHANLIMIT=#&+:10 :are supported on this server\r\n:irc.lab.example 005 doorward7 C"
            b"HANNELLEN=50 NICKLEN=9 TOPICLEN=490 AWAYLEN=127 KICKLEN=400 MODES=5 MAXLIST=beI:50 EXCEPTS=e INVEX=I PENALTY"
            b" FNC :are supported on this server\r\n:irc.lab.example 251 doorward7 :There are 1 users and 0 services on 1 "
            b"servers\r\n:irc.lab.example 254 doorward7 1 :channels formed\r\n:irc.lab.example 255 doorward7 :I have 1 use"
            b"rs, 0 services and 0 servers\r\n:irc.lab.example 265 doorward7 1 1 :Current local users: 1, Max: 1\r\n:irc.l"
            b"ab.example 266 doorward7 1 1 :Current global users: 1, Max: 1\r\n:irc.lab.example 250 doorward7 :Highest con"
            b"nection count: 4 (8 connections received)\r\n:irc.lab.example 422 doorward7 :MOTD file is missing\r\n"
        ),
    ),
)
# ZNC 1.8.2 of Debian 12.
ZNC = (Turn(b"NICK doorward7\r\nUSER doorward 0 * :Doorward\r\n", b":irc.znc.in 464 doorward7 :Password required\r\n"),)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "irc", port: int = 6667) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "irc", port: int = 6667) -> Identity | None:
    return irc.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = irc.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "irc"
    assert found.product == "ngIRCd"
    assert found.version == "26.1"
    assert found.host_name == "irc.lab.example"
    assert found.cpe == "cpe:2.3:a:ngircd:ngircd:26.1:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("irc", "ngIRCd")


def test_the_conversation_goes_as_it_went() -> None:
    assert irc.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert irc.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert irc.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (heard(ZNC), "ZNC", "", "required", Certainty.MEASURED),
        (b"HTTP/1.0 403 Access Denied\r\n\r\nWeb Access is not enabled.\r\n", "ZNC", "", "unknown", Certainty.INFERRED),
        (b":irc.lab.example 451 * :Connection not registered\r\n", "", "", "unknown", Certainty.MEASURED),
        (b'ERROR :"Oops, HTTP request received? This is IRC!"\r\n', "ngIRCd", "", "unknown", Certainty.MEASURED),
        (
            (
                b":irc.a.example NOTICE * :*** Looking up your hostname...\r\n:irc.a.example 001 doorward7 :Hi\r\n:irc.a.examp"
                b"le 002 doorward7 :Your host is irc.a.example, running version InspIRCd-3\r\n:irc.a.example 004 doorward7 irc"
                b".a.example InspIRCd-3 iosw biklm :bklov\r\n"
            ),
            "InspIRCd",
            "3",
            "none",
            Certainty.MEASURED,
        ),
    ],
)
def test_what_other_answers_mean(received: bytes, product: str, version: str, authentication: str, certainty: Certainty) -> None:
    found = answered(received)
    assert found is not None
    assert (found.product, found.version, found.facts["authentication"], found.certainty) == (product, version, authentication, certainty)


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 mail ESMTP\r\n",
        b"-ERR unknown command\r\n",
        b"\x15\x03\x01\x00\x02\x02\n",
        bytes(64),
        b"ERROR\r\n",
        b"NOTICE: all\r\n",
        b":a 99 b\r\n",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_a_ping_before_the_welcome_is_answered() -> None:
    turns = (Turn(SESSION[0].sent, b"PING :1234\r\n"),)
    assert irc.next_words(heard(turns), about(turns)) == b"PONG :1234\r\n"


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "irc" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
