"""Answers of PostgreSQL to the beginning of a session, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import postgresql
from doorward.identify.probing import Context, Step, Tunnel, Turn
from doorward.values.evidence import Certainty

# PostgreSQL 15.20 (Debian 12) without TLS, pg_hba.conf "trust": a user that doesn't exist, and one that does.
TRUST = (
    b'NR\x00\x00\x00\x08\x00\x00\x00\x00E\x00\x00\x00dSFATAL\x00VFATAL\x00C28000\x00Mrole "doorward" does not exist\x00'
    b"Fmiscinit.c\x00L768\x00"
    b"RInitializeSessionUserId\x00\x00"
)
WELCOME = (
    b"NR\x00\x00\x00\x08\x00\x00\x00\x00S\x00\x00\x00\x16application_name\x00\x00S\x00\x00\x00\x19client_encoding\x00UTF8\x00"
    b"S\x00\x00\x00\x17DateStyle\x00ISO, MDY\x00S\x00\x00\x002server_version\x0015.20 (Debian 15.20-0+deb12u1)\x00"
    b"K\x00\x00\x00\x0c\x00\x00\t\xf0\xc4\xa6'\xb5Z\x00\x00\x00\x05I"
)
# PostgreSQL 15.20, asked for protocol 1.0: the old form of an error.
OLD = b"EFATAL:  unsupported frontend protocol 1.0: server supports 3.0 to 3.0\n\x00"
# PostgreSQL 15.20 (Debian 12) with TLS and "scram-sha-256": the second message came inside the tunnel.
PASSWORD = b"SR\x00\x00\x00*\x00\x00\x00\nSCRAM-SHA-256-PLUS\x00SCRAM-SHA-256\x00\x00"
MD5 = b"NR\x00\x00\x00\x0c\x00\x00\x00\x05salt"
SSL_REQUEST = postgresql.first_words("h")


def error(**fields: str) -> bytes:
    body = b"".join(letter.encode() + text.encode() + b"\x00" for letter, text in fields.items()) + b"\x00"
    return b"E" + (len(body) + 4).to_bytes(4) + body


NOT_LISTED = b"S" + error(S="FATAL", V="FATAL", C="28000", M="no pg_hba.conf entry for host", F="auth.c", L="543", R="ClientAuthentication")
WINDOWS = b"N" + error(S="FATAL", C="28000", M="no entry", F=r"src\backend\libpq\auth.c", L="481", R="ClientAuthentication")
# PgBouncer 1.18.0 (Debian 12): the words it has for a broken beginning; another error with no more fields than that.
BOUNCED = b"E\x00\x00\x00=SFATAL\x00C08P01\x00Mclient sent partial pkt in startup phase\x00\x00"
RELATIVE = b"N" + error(S="FATAL", C="08P01", M="something is wrong")
PGBOUNCER = b"N" + error(S="FATAL", C="08P01", M="no such user: doorward")


def asked(*turns: tuple[bytes, bytes], tunnel: Tunnel | None = None, closed: bool = False) -> Context:
    return Context(spoke="postgresql", turns=tuple(Turn(*turn) for turn in turns), tunnel=tunnel, closed=closed)


@pytest.mark.parametrize(
    ("received", "product", "version", "system", "authentication"),
    [
        (TRUST, "PostgreSQL", "", "", "none"),
        (WELCOME, "PostgreSQL", "15.20", "Debian 12", "none"),
        (PASSWORD, "", "", "", "required"),
        (MD5, "", "", "", "required"),
        (NOT_LISTED, "PostgreSQL", "", "", "unknown"),
        (WINDOWS, "PostgreSQL", "", "Windows", "unknown"),
        (PGBOUNCER, "PgBouncer", "", "", "unknown"),
        (BOUNCED, "PgBouncer", "", "", "unknown"),
        (RELATIVE, "", "", "", "unknown"),
    ],
)
def test_reads_the_answer(received: bytes, product: str, version: str, system: str, authentication: str) -> None:
    found = postgresql.read(received, asked())
    assert found is not None
    assert (found.product, found.version, found.system) == (product, version, system)
    assert found.facts["authentication"] == authentication
    assert found.certainty is Certainty.MEASURED


def test_the_facts_of_each_refusal() -> None:
    trusting, demanding, refusing = (postgresql.read(answer, asked()) for answer in (TRUST, PASSWORD, NOT_LISTED))
    assert trusting is not None
    assert trusting.facts["version_at_least"] == "9.6"
    assert trusting.facts["error_raised_at"] == "miscinit.c:768"
    assert trusting.facts["starttls"] is False
    assert "without a password" in trusting.sentence
    assert demanding is not None
    assert demanding.facts["login_method"] == "SCRAM-SHA-256-PLUS, SCRAM-SHA-256"
    assert refusing is not None
    assert refusing.facts["caller_refused"] is True
    assert refusing.facts["starttls"] is True


@pytest.mark.parametrize(("received", "spoke"), [(b"N", "postgresql"), (b"S", "postgresql"), (OLD, "")])
def test_what_proves_little_is_a_guess(received: bytes, spoke: str) -> None:
    found = postgresql.read(received, Context(spoke=spoke))
    assert found is not None
    assert found.certainty is Certainty.INFERRED


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"No\r\n",
        b"ERROR\r\n",  # memcached
        b"E\x00\x00\x00\x08abcd",
        b"R\x00\x00\x00\x08\x00\x00\x00\x63",
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"NSCA",
        SSL_REQUEST,  # an echo
        b"E\x00\x00\x00\x0aSx\x00C",
    ],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert postgresql.read(other, Context(spoke="http")) is None


def test_one_letter_of_another_conversation_is_nothing() -> None:
    assert postgresql.read(b"N", Context(spoke="http")) is None


def test_the_conversation_without_tls() -> None:
    assert bytes.fromhex("0000000804d2162f") == SSL_REQUEST
    assert postgresql.next_words(b"", asked((SSL_REQUEST, b""))) is Step.WAIT
    startup = postgresql.next_words(b"N", asked((SSL_REQUEST, b"N")))
    assert isinstance(startup, bytes)
    assert int.from_bytes(startup[:4]) == len(startup)
    turns = ((SSL_REQUEST, b"N"), (startup, b""))
    assert all(postgresql.next_words(TRUST[:end], asked(*turns)) is Step.WAIT for end in range(1, len(TRUST)))
    for answer in (TRUST, PASSWORD, MD5, PGBOUNCER, b"N" + OLD):
        assert postgresql.next_words(answer, asked(*turns)) is Step.DONE
    goodbye = postgresql.next_words(WELCOME, asked(*turns))
    assert goodbye == b"X\x00\x00\x00\x04"
    assert postgresql.next_words(WELCOME, asked(*turns, (goodbye, b""))) is Step.DONE


def test_the_conversation_with_tls() -> None:
    assert postgresql.next_words(b"S", asked((SSL_REQUEST, b"S"))) is Step.START_TLS
    startup = postgresql.next_words(b"S", asked((SSL_REQUEST, b"S"), tunnel=Tunnel(version="TLSv1.3")))
    assert isinstance(startup, bytes)
    assert postgresql.next_words(b"HTTP/1.1 400\r\n", asked((SSL_REQUEST, b"HTTP/1.1 400\r\n"))) is Step.DONE


def test_messages_are_cut_where_the_grammar_ends() -> None:
    assert [kind for kind, _ in postgresql.decode_messages(WELCOME[1:])] == ["R", "S", "S", "S", "S", "K", "Z"]
    assert postgresql.decode_messages(b"R\x00\x00\x00\x03") == []
    assert postgresql.decode_messages(b"R\xff\xff\xff\xff" + bytes(50)) == []


@given(st.sampled_from([TRUST, WELCOME, PASSWORD, OLD]), st.integers(0, 240), st.binary(max_size=40))
def test_any_bytes_after_any_part_are_survived(answer: bytes, cut: int, tail: bytes) -> None:
    found = postgresql.read(answer[:cut] + tail, asked())
    assert found is None or found.service == "postgresql"
    assert isinstance(postgresql.next_words(answer[:cut] + tail, asked((SSL_REQUEST, b"N"))), bytes | Step)
