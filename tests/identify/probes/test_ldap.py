"""What directories say of themselves, and what must be read from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.claims import best_claim
from doorward.identify.identity import Identity
from doorward.identify.probes import ldap
from doorward.identify.probes._ber import encode, encode_integer
from doorward.identify.probing import Context, Step, Turn
from doorward.values.evidence import Certainty


def entry(**attributes: str) -> bytes:
    """A root entry as other makers' directories send it, and the search's end."""
    rows = [encode(0x30, encode(0x04, name.encode()), encode(0x31, encode(0x04, value.encode()))) for name, value in attributes.items()]
    shown = encode(0x30, encode_integer(1), encode(0x64, encode(0x04), encode(0x30, *rows)))
    return shown + encode(0x30, encode_integer(1), encode(0x65, b"\x0a\x01\x00\x04\x00\x04\x00"))


# OpenLDAP 2.5.13 of Debian 12.
SESSION = (
    Turn(
        (
            b"0\x81\x9a\x02\x01\x01c\x81\x94\x04\x00\n\x01\x00\n\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00\x87\x0bobject"
            b"Class0t\x04\x01*\x04\x01+\x04\nvendorName\x04\rvendorVersion\x04\x0enamingContexts\x04\x14supportedLDAPVersi"
            b"on\x04\x17supportedSASLMechanisms\x04\x12supportedExtension"
        ),
        (
            b"0\x82\x03`\x02\x01\x01d\x82\x03Y\x04\x000\x82\x03S0%\x04\x0bobjectClass1\x16\x04\x03top\x04\x0fOpenLDAProotD"
            b"SE0*\x04\x15structuralObjectClass1\x11\x04\x0fOpenLDAProotDSE0\x1c\x04\rconfigContext1\x0b\x04\tcn=config0%\x04"
            b"\x0enamingContexts1\x13\x04\x11dc=lab,dc=example0\x81\xce\x04\x10supportedControl1\x81\xb9\x04\x182.16.840.1"
            b".113730.3.4.18\x04\x172.16.840.1.113730.3.4.2\x04\x171.3.6.1.4.1.4203.1.10.1\x04\x0c1.3.6.1.1.22\x04\x161.2."
            b"840.113556.1.4.319\x04\x171.2.826.0.1.3344810.2.3\x04\x0e1.3.6.1.1.13.2\x04\x0e1.3.6.1.1.13.1\x04\x0c1.3.6.1"
            b".1.120u\x04\x12supportedExtension1_\x04\x171.3.6.1.4.1.4203.1.11.1\x04\x171.3.6.1.4.1.4203.1.11.3\x04\x0b1.3"
            b".6.1.1.8\x04\x0e1.3.6.1.1.21.3\x04\x0e1.3.6.1.1.21.10\x81\x9c\x04\x11supportedFeatures1\x81\x86\x04\x0c1.3.6"
            b".1.1.14\x04\x161.3.6.1.4.1.4203.1.5.1\x04\x161.3.6.1.4.1.4203.1.5.2\x04\x161.3.6.1.4.1.4203.1.5.3\x04\x161.3"
            b".6.1.4.1.4203.1.5.4\x04\x161.3.6.1.4.1.4203.1.5.50\x1b\x04\x14supportedLDAPVersion1\x03\x04\x0130\x81\x80\x04"
            b"\x17supportedSASLMechanisms1e\x04\rSCRAM-SHA-512\x04\rSCRAM-SHA-384\x04\rSCRAM-SHA-256\x04\rSCRAM-SHA-224\x04"
            b"\x0bSCRAM-SHA-1\x04\nDIGEST-MD5\x04\x08CRAM-MD5\x04\x04NTLM0\r\x04\x07entryDN1\x02\x04\x000#\x04\x11subschem"
            b"aSubentry1\x0e\x04\x0ccn=Subschema0\x0c\x02\x01\x01e\x07\n\x01\x00\x04\x00\x04\x00"
        ),
    ),
)
# The same with a certificate.
SECURED = (
    Turn(
        (
            b"0\x81\x9a\x02\x01\x01c\x81\x94\x04\x00\n\x01\x00\n\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00\x87\x0bobject"
            b"Class0t\x04\x01*\x04\x01+\x04\nvendorName\x04\rvendorVersion\x04\x0enamingContexts\x04\x14supportedLDAPVersi"
            b"on\x04\x17supportedSASLMechanisms\x04\x12supportedExtension"
        ),
        (
            b"0\x82\x03y\x02\x01\x01d\x82\x03r\x04\x000\x82\x03l0%\x04\x0bobjectClass1\x16\x04\x03top\x04\x0fOpenLDAProotD"
            b"SE0*\x04\x15structuralObjectClass1\x11\x04\x0fOpenLDAProotDSE0\x1c\x04\rconfigContext1\x0b\x04\tcn=config0%\x04"
            b"\x0enamingContexts1\x13\x04\x11dc=lab,dc=example0\x81\xce\x04\x10supportedControl1\x81\xb9\x04\x182.16.840.1"
            b".113730.3.4.18\x04\x172.16.840.1.113730.3.4.2\x04\x171.3.6.1.4.1.4203.1.10.1\x04\x0c1.3.6.1.1.22\x04\x161.2."
            b"840.113556.1.4.319\x04\x171.2.826.0.1.3344810.2.3\x04\x0e1.3.6.1.1.13.2\x04\x0e1.3.6.1.1.13.1\x04\x0c1.3.6.1"
            b".1.120\x81\x8d\x04\x12supportedExtension1w\x04\x161.3.6.1.4.1.1466.20037\x04\x171.3.6.1.4.1.4203.1.11.1\x04\x17"
            b"1.3.6.1.4.1.4203.1.11.3\x04\x0b1.3.6.1.1.8\x04\x0e1.3.6.1.1.21.3\x04\x0e1.3.6.1.1.21.10\x81\x9c\x04\x11suppo"
            b"rtedFeatures1\x81\x86\x04\x0c1.3.6.1.1.14\x04\x161.3.6.1.4.1.4203.1.5.1\x04\x161.3.6.1.4.1.4203.1.5.2\x04\x16"
            b"1.3.6.1.4.1.4203.1.5.3\x04\x161.3.6.1.4.1.4203.1.5.4\x04\x161.3.6.1.4.1.4203.1.5.50\x1b\x04\x14supportedLDAP"
            b"Version1\x03\x04\x0130\x81\x80\x04\x17supportedSASLMechanisms1e\x04\rSCRAM-SHA-512\x04\rSCRAM-SHA-384\x04\rS"
            b"CRAM-SHA-256\x04\rSCRAM-SHA-224\x04\x0bSCRAM-SHA-1\x04\nDIGEST-MD5\x04\x08CRAM-MD5\x04\x04NTLM0\r\x04\x07ent"
            b"ryDN1\x02\x04\x000#\x04\x11subschemaSubentry1\x0e\x04\x0ccn=Subschema0\x0c\x02\x01\x01e\x07\n\x01\x00\x04\x00"
            b"\x04\x00"
        ),
    ),
    Turn(b"0\x1d\x02\x01\x02w\x18\x80\x161.3.6.1.4.1.1466.20037", b"0\x0c\x02\x01\x02x\x07\n\x01\x00\x04\x00\x04\x00"),
)


def heard(turns: tuple[Turn, ...]) -> bytes:
    return b"".join(turn.received for turn in turns)


def about(turns: tuple[Turn, ...] = SESSION, spoke: str = "ldap", port: int = 389) -> Context:
    return Context(host="127.0.0.1", port=port, spoke=spoke, turns=turns)


def answered(received: bytes, sent: bytes = b"", spoke: str = "ldap", port: int = 389) -> Identity | None:
    return ldap.read(received, about((Turn(sent, received),), spoke, port))


def test_the_server_is_recognised() -> None:
    found = ldap.read(heard(SESSION), about())
    assert found is not None

    assert found.service == "ldap"
    assert found.product == "OpenLDAP"
    assert found.version == ""
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "none"
    assert found.facts["starttls"] is False
    assert found.facts["naming_contexts"] == ["dc=lab,dc=example"]
    assert "no encryption" in found.sentence


def test_among_all_readers_its_own_claims_it() -> None:
    claim = best_claim(heard(SESSION), about())
    assert claim is not None
    assert (claim.service, claim.product) == ("ldap", "OpenLDAP")


def test_the_conversation_goes_as_it_went() -> None:
    assert ldap.first_words("127.0.0.1") == SESSION[0].sent
    for number in range(1, len(SESSION)):
        so_far = SESSION[:number]
        assert ldap.next_words(heard(so_far), about(so_far)) == SESSION[number].sent
    assert ldap.next_words(heard(SESSION), about()) is Step.DONE


@pytest.mark.parametrize(
    ("received", "product", "version", "authentication", "certainty"),
    [
        (
            entry(vendorName="389 Project", vendorVersion="389-Directory/2.3.1 B2022.361.0000"),
            "389 Directory Server",
            "2.3.1",
            "none",
            Certainty.MEASURED,
        ),
        (entry(domainControllerFunctionality="7", dnsHostName="dc1.lab.example"), "Active Directory", "", "none", Certainty.MEASURED),
        (
            entry(vendorName="Apache Software Foundation", vendorVersion="ApacheDS 2.0.0-M24"),
            "ApacheDS",
            "2.0.0-M24",
            "none",
            Certainty.MEASURED,
        ),
        (b"0\x0c\x02\x01\x01e\x07\n\x01\x32\x04\x00\x04\x00", "", "", "unknown", Certainty.MEASURED),
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
        b"0\x0c\x02\x01\x05e\x07\n\x01\x00\x04\x00\x04\x00",
        b"0\x84\xff\xff\xff\xff",
    ],
)
def test_it_leaves_others_alone(other: bytes) -> None:
    assert claimed(other) is None


def claimed(received: bytes) -> Identity | None:
    try:
        return answered(received)
    except PeerError:
        return None


def test_starttls_is_asked_for_where_it_is_offered() -> None:
    assert ldap.next_words(heard(SECURED[:1]), about(SECURED[:1])) == SECURED[1].sent
    assert ldap.next_words(heard(SECURED), about(SECURED)) is Step.START_TLS
    found = ldap.read(heard(SECURED), about(SECURED))
    assert found is not None
    assert found.facts["starttls"] is True


def test_a_domain_controller_names_itself() -> None:
    found = answered(entry(domainControllerFunctionality="7", dnsHostName="dc1.lab.example", defaultNamingContext="DC=lab,DC=example"))
    assert found is not None
    assert (found.system, found.host_name, found.facts["windows_server"]) == ("Windows", "dc1.lab.example", "2016 or later")


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(heard(SESSION))), st.binary(max_size=60))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = claimed(heard(SESSION)[:cut] + tail)
    assert found is None or (
        found.service == "ldap" and found.sentence and all(text.isprintable() for text in (found.product, found.version))
    )
