"""Conversations with news servers, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import nntp
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty

# Leafnode 1.12.0 (Debian 12): greeting, CAPABILITIES, MODE READER, HELP (its middle left out).
GREETING = b"200 Leafnode NNTP Daemon, version 1.12.0 running at news.portlab-test.org (my fqdn: news.portlab-test.org)\r\n"
HELP = (
    b"100 Legal commands on THIS server:\r\n ARTICLE [<Message-ID>|<Number>]\r\n BODY [<Message-ID>|<Number>]\r\n DATE\r\n"
    b" GROUP <Newsgroup>\r\n HDR <Header> <Message-ID>|<Range>\r\n MODE READER\r\n"
    b" NEWGROUPS <yymmdd> <hhmmss> [GMT]\r\n XOVER <Range>\r\n.\r\n"
)
LEAFNODE = (
    (b"", GREETING),
    (b"CAPABILITIES\r\n", b"500 Unknown command\r\n"),
    (b"MODE READER\r\n", b"200 Leafnode 1.12.0, pleased to meet you!\r\n"),
    (b"HELP\r\n", HELP),
)
ILL = b"503 Unable to read configuration file, exiting; the server's syslog should have more information.\r\n"
# INN's nnrpd, in the form of its manual (nnrpd(8), INN 2.7).
INN = b"200 news.example.com InterNetNews NNRP server INN 2.7.1 ready (posting ok)\r\n"
INN_CAPABILITIES = (
    b"101 Capability list:\r\nVERSION 2\r\nIMPLEMENTATION INN 2.7.1\r\nAUTHINFO SASL\r\nHDR\r\nLIST ACTIVE NEWSGROUPS\r\nPOST\r\nREADER\r\n"
    b"STARTTLS\r\n.\r\n"
)
# RFC 3977 §5.1.3 and §5.2.3: a server that names nothing.
PLAIN = b"201 NNTP Service Ready, posting prohibited\r\n"


def after(*turns: tuple[bytes, bytes], port: int = 119, closed: bool = False) -> Context:
    return Context(port=port, turns=tuple(Turn(*turn) for turn in turns), closed=closed)


def joined(turns: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"".join(heard for _, heard in turns)


@pytest.mark.parametrize(
    ("received", "product", "version"),
    [
        (joined(LEAFNODE), "Leafnode", "1.12.0"),
        (GREETING, "Leafnode", "1.12.0"),
        (ILL, "Leafnode", ""),
        (b"503 Leafnode must have a unique fully-qualified domain name. Have its administrator fix the configuration.\r\n", "Leafnode", ""),
        (INN, "INN", "2.7.1"),
        (b"200 Welcome\r\n" + INN_CAPABILITIES, "INN", "2.7.1"),
        (PLAIN, "", ""),
        (b"200 NNTP Service 6.0.3790.3959 Version: 6.0.3790.3959 Posting Allowed \r\n", "Microsoft NNTP Service", "6.0.3790.3959"),
        (b"200 mail.example.com Cyrus NNTP v3.6.1 server ready, posting allowed\r\n", "Cyrus", "3.6.1"),
        (b"502 You are not permitted: NNTP service for members only\r\n", "", ""),
    ],
)
def test_reads_product_and_version(received: bytes, product: str, version: str) -> None:
    found = nntp.read(received, Context(port=24119))
    assert found is not None
    assert (found.product, found.version, found.certainty) == (product, version, Certainty.MEASURED)


def test_capabilities_are_facts() -> None:
    found = nntp.read(INN + INN_CAPABILITIES, after())
    assert found is not None
    assert found.facts["starttls"] is True
    assert found.facts["authentication"] == "none"  # READER stands there: reading needs no login
    assert found.facts["posting"] is True
    assert "IMPLEMENTATION INN 2.7.1" in str(found.facts["capabilities"])
    closed_house = INN_CAPABILITIES.replace(b"READER\r\n", b"")
    found = nntp.read(INN + closed_house, after())
    assert found is not None
    assert found.facts["authentication"] == "required"


def test_a_bare_greeting_is_a_guess_on_its_own_ports_alone() -> None:
    found = nntp.read(b"200 welcome\r\n", after())
    assert found is not None
    assert found.certainty is Certainty.INFERRED
    assert nntp.read(b"200 welcome\r\n", after(port=2000)) is None


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"200",
        b"220 mail.example.com ESMTP Exim 4.96\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n200 NNTP\r\n",
        b"220 (vsFTPd 3.0.3)\r\n",
        b"503 Bad sequence of commands\r\n",
        b"2000 INN 2\r\n",
    ],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert nntp.read(other, after()) is None


def test_the_conversation_falls_back() -> None:
    assert nntp.first_words("h") == b""
    for number, (sent, _) in enumerate(LEAFNODE[1:], 1):
        turns = LEAFNODE[:number]
        assert nntp.next_words(joined(turns), after(*turns)) == sent
    assert nntp.next_words(joined(LEAFNODE), after(*LEAFNODE)) is Step.DONE
    assert nntp.next_words(joined(LEAFNODE)[:-2], after(*LEAFNODE)) is Step.WAIT


def test_the_conversation_ends_early_where_it_may() -> None:
    capable = ((b"", INN), (b"CAPABILITIES\r\n", INN_CAPABILITIES))
    assert nntp.next_words(joined(capable), after(*capable)) is Step.DONE
    assert nntp.next_words(joined(capable)[:-4], after(*capable)) is Step.WAIT
    assert nntp.next_words(b"502 go away\r\n", after((b"", b"502 go away\r\n"))) is Step.DONE
    assert nntp.next_words(b"20", after((b"", b"20"))) is Step.WAIT
    locked = ((b"", PLAIN), (b"CAPABILITIES\r\n", b"480 log in first\r\n"))
    assert nntp.next_words(joined(locked), after(*locked)) is Step.DONE
    found = nntp.read(joined(locked), after(*locked))
    assert found is not None
    assert found.facts["authentication"] == "required"


@given(st.integers(0, 600), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    received = joined(LEAFNODE)[:cut] + tail
    found = nntp.read(received, after(*LEAFNODE))
    assert found is None or found.service == "nntp"
    assert isinstance(nntp.next_words(received, after(*LEAFNODE)), bytes | Step)
