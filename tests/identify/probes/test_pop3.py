"""POP3 servers as they answered, and what must be read from them."""

import pytest

from doorward.identify.probes import pop3
from doorward.identify.probing import Context, Turn
from doorward.values.evidence import Certainty
from playbooks import play

DOVECOT_2_3_19 = [
    (b"", b"+OK Dovecot (Debian) ready.\r\n"),
    (b"CAPA\r\n", b"+OK\r\nCAPA\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\nAUTH-RESP-CODE\r\nSTLS\r\nUSER\r\nSASL PLAIN\r\n.\r\n"),
    (b"STLS\r\n", b"+OK Begin TLS negotiation now.\r\n"),
    (b"", b"START TLS"),
    (b"QUIT\r\n", b"+OK Logging out\r\n"),
]


@pytest.mark.parametrize("cut", [0, 1])
def test_dovecot(cut: int) -> None:
    found = play(DOVECOT_2_3_19, cut=cut)
    assert found is not None
    assert (found.service, found.product, found.version, found.system) == ("pop3", "Dovecot", "", "Debian")
    assert found.facts["starttls"] is True
    assert found.certainty is Certainty.MEASURED


def test_without_capabilities() -> None:
    found = play(
        [(b"", b"+OK POP3 ready <1896.697170952@dbc.mtview.ca.us>\r\n"), (b"CAPA\r\n", b"-ERR what?\r\n"), (b"QUIT\r\n", b"+OK\r\n")]
    )
    assert found is not None
    assert found.host_name == "dbc.mtview.ca.us"


GREETINGS = [
    (b"+OK host Cyrus POP3 v2.4.17-Debian server ready\r\n", "Cyrus", "2.4.17"),
    (b"+OK QPOP (version 4.1.0) at x starting.\r\n", "Qpopper", "4.1.0"),
    (b"+OK The Microsoft Exchange POP3 service is ready.\r\n", "Microsoft Exchange", ""),
]


@pytest.mark.parametrize(("greeting", "product", "version"), GREETINGS)
def test_reads_the_greeting(greeting: bytes, product: str, version: str) -> None:
    found = pop3.read(greeting, Context())
    assert found is not None
    assert (found.product, found.version) == (product, version)


def test_a_bare_ok_is_a_guess_when_it_came_unasked_on_its_own_ports() -> None:
    assert pop3.read(b"+OK\r\n", Context(port=6379)) is None
    assert pop3.read(b"+OK\r\n", Context(port=110, turns=(Turn(b"PING\r\n", b"+OK\r\n"),))) is None
    guess = pop3.read(b"+OK hello\r\n", Context(port=110))
    assert guess is not None
    assert guess.certainty is Certainty.INFERRED


@pytest.mark.parametrize("other", [b"", b"+OK", b"+PONG\r\n", b"-ERR POP3\r\n", b"* OK Dovecot ready.\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert pop3.read(other, Context(port=110)) is None
