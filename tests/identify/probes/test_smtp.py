"""Mail servers as they answered, and what must be read from them."""

import pytest

from doorward.identify.probes import smtp
from doorward.identify.probing import Context
from doorward.values.evidence import Certainty
from playbooks import play

EHLO = b"EHLO doorward.invalid\r\n"
EXIM_4_96 = [
    (b"", b"220 lab.example ESMTP Exim 4.96 Mon, 23 Nov 2026 18:01:14 +0000\r\n"),
    (
        EHLO,
        b"250-lab.example Hello doorward.invalid [127.0.0.1]\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250-PIPELINING\r\n"
        b"250-PIPECONNECT\r\n250-CHUNKING\r\n250-SMTPUTF8\r\n250 HELP\r\n",
    ),
    (b"QUIT\r\n", b"221 lab.example closing connection\r\n"),
]
POSTFIX_3_7_11 = [
    (b"", b"220 lab.example ESMTP Postfix\r\n"),
    (
        EHLO,
        b"250-lab.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n"
        b"250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n",
    ),
    (b"QUIT\r\n", b"221 2.0.0 Bye\r\n"),
]
WITH_STARTTLS = [
    (b"", b"220-mx.example.org ESMTP Postfix (Debian/GNU)\r\n220 be nice\r\n"),
    (EHLO, b"250-mx.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"),
    (b"STARTTLS\r\n", b"220 2.0.0 Ready to start TLS\r\n"),
    (b"", b"START TLS"),
    (b"QUIT\r\n", b"221 Bye\r\n"),
]


@pytest.mark.parametrize("cut", [0, 1, 7])
def test_exim(cut: int) -> None:
    found = play(EXIM_4_96, cut=cut)
    assert found is not None
    assert (found.service, found.product, found.version, found.host_name) == ("smtp", "Exim", "4.96", "lab.example")
    assert found.cpe == "cpe:2.3:a:exim:exim:4.96:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["starttls"] is False
    assert "no encryption" in found.sentence


def test_postfix() -> None:
    found = play(POSTFIX_3_7_11)
    assert found is not None
    assert (found.product, found.version, found.system) == ("Postfix", "", "")


def test_starttls_is_tried_and_left_politely() -> None:
    found = play(WITH_STARTTLS, port=25)
    assert found is not None
    assert (found.product, found.system, found.facts["starttls"]) == ("Postfix", "Debian", True)
    assert found.facts["login_methods"] == ["PLAIN", "LOGIN"]


def test_refused_starttls_goes_on_in_the_clear() -> None:
    script = [*WITH_STARTTLS[:2], (b"STARTTLS\r\n", b"454 4.7.0 TLS not available\r\n"), (b"QUIT\r\n", b"221 Bye\r\n")]
    assert play(script) is not None


GREETINGS = [
    (b"220 mail.example ESMTP Sendmail 8.17.1.9/8.17.1.9/Debian-2; Mon, 1 Jan 2024\r\n", "Sendmail", "8.17.1.9", "Debian"),
    (b"220 mail ESMTP OpenSMTPD\r\n", "OpenSMTPD", "", ""),
    (b"220 EX01.example Microsoft ESMTP MAIL Service ready at Mon\r\n", "Microsoft SMTP Service", "", ""),
    (b"220 host Python SMTP 1.4.3\r\n", "aiosmtpd", "1.4.3", ""),
    (b"421 too many connections, this is ESMTP\r\n", "", "", ""),
]


@pytest.mark.parametrize(("greeting", "product", "version", "system"), GREETINGS)
def test_reads_the_greeting(greeting: bytes, product: str, version: str, system: str) -> None:
    found = smtp.read(greeting, Context())
    assert found is not None
    assert (found.product, found.version, found.system) == (product, version, system)


def test_a_bare_220_is_a_guess_on_mail_ports_only() -> None:
    assert smtp.read(b"220 ready\r\n", Context(port=2000)) is None
    guess = smtp.read(b"220 ready\r\n", Context(port=25))
    assert guess is not None
    assert guess.certainty is Certainty.INFERRED


@pytest.mark.parametrize(
    "other", [b"", b"220", b"220 (vsFTPd 3.0.3)\r\n", b"220 host FTP server ready.\r\n", b"+OK smtp\r\n", b"2200 ESMTP\r\n"]
)
def test_leaves_others_alone(other: bytes) -> None:
    assert smtp.read(other, Context(port=25)) is None
