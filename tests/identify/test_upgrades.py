"""Each protocol's way to TLS as a playbook: what comes, what is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.identify.probing import Step
from doorward.identify.upgrades import UPGRADES, begin_upgrade

LDAP_YES = bytes.fromhex("300c02010178070a010004000400")
PLAYBOOKS: dict[str, list[tuple[bytes, bytes | Step]]] = {
    "smtp": [
        (b"", Step.WAIT),
        (b"220-a\r\n", Step.WAIT),
        (b"220-a\r\n220 b\r\n", b"EHLO [127.0.0.1]\r\n"),
        (b"250-x\r\n250-STARTTLS\r\n250 HELP\r\n", b"STARTTLS\r\n"),
        (b"220 go\r\n", Step.START_TLS),
    ],
    "imap": [(b"* OK hi\r\n", b"d1 STARTTLS\r\n"), (b"d1 OK go\r\n", Step.START_TLS)],
    "pop3": [(b"+OK hi\r\n", b"STLS\r\n"), (b"+OK go\r\n", Step.START_TLS)],
    "ftp": [(b"220 hi\r\n", b"AUTH TLS\r\n"), (b"234 go\r\n", Step.START_TLS)],
    "nntp": [(b"200 hi\r\n", b"STARTTLS\r\n"), (b"382 go\r\n", Step.START_TLS)],
    "sieve": [(b'"SIEVE" "x"\r\n', Step.WAIT), (b'"STARTTLS"\r\nOK\r\n', b"STARTTLS\r\n"), (b'OK "go"\r\n', Step.START_TLS)],
    "postgres": [(b"", bytes.fromhex("0000000804d2162f")), (b"", Step.WAIT), (b"S", Step.START_TLS)],
    "ldap": [(b"", b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"), (b"", Step.WAIT), (LDAP_YES, Step.START_TLS)],
}
REFUSALS = {
    "smtp": [(b"220 b\r\n", b"EHLO [127.0.0.1]\r\n"), (b"250 HELP\r\n", Step.DONE)],
    "imap": [(b"* BYE\r\n", Step.DONE)],
    "pop3": [(b"+OK hi\r\n", b"STLS\r\n"), (b"-ERR\r\n", Step.DONE)],
    "ftp": [(b"220 hi\r\n", b"AUTH TLS\r\n"), (b"530 no\r\n", Step.DONE)],
    "postgres": [(b"", bytes.fromhex("0000000804d2162f")), (b"N", Step.DONE)],
    "ldap": [
        (b"", b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"),
        (bytes.fromhex("302a020101782501020400041e") + b"unsupported extended operation", Step.DONE),
    ],
}


@pytest.mark.parametrize(("name", "playbook"), [*PLAYBOOKS.items(), *REFUSALS.items()])
def test_playbooks(name: str, playbook: list[tuple[bytes, bytes | Step]]) -> None:
    upgrade = begin_upgrade(name, "example.org")
    for answer, said in playbook:
        assert upgrade.go_on(answer) == said


def test_xmpp_names_the_host_harmlessly() -> None:
    upgrade = begin_upgrade("xmpp", "example.org'/><evil")
    opening = upgrade.go_on(b"")
    assert isinstance(opening, bytes)
    assert b"to='example.orgevil'" in opening
    features = b"<stream:stream><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
    assert upgrade.go_on(features) == b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    assert upgrade.go_on(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>") is Step.START_TLS


def test_other_names_and_unknown_ones() -> None:
    assert begin_upgrade("PostgreSQL", "").go_on(b"") == bytes.fromhex("0000000804d2162f")
    with pytest.raises(CallError, match="There are: ftp"):
        begin_upgrade("magic", "")


@given(st.sampled_from(UPGRADES), st.lists(st.binary(max_size=200), max_size=5))
def test_any_answers_are_survived(name: str, answers: list[bytes]) -> None:
    upgrade = begin_upgrade(name, "x")
    for answer in answers:
        if upgrade.go_on(answer) in (Step.START_TLS, Step.DONE):
            return
