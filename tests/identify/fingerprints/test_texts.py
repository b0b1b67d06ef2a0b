"""What of a conversation is looked up, protocol by protocol."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.catalog import all_probes
from doorward.identify.fingerprints.texts import texts_of
from doorward.identify.identity import Identity
from doorward.values.evidence import Fact

TABLE: list[tuple[str, dict[str, Fact], bytes, list[tuple[str, str]]]] = [
    ("ssh", {}, b"hello\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\0\0", [("ssh_banners", "OpenSSH_9.2p1 Debian-2")]),
    ("ftp", {}, b"220 (vsFTPd 3.0.3)\r\n211-Features:\r\n", [("ftp_banners", "(vsFTPd 3.0.3)")]),
    ("ftp", {}, b"220-a\r\n220 b\r\n", [("ftp_banners", "a\r\nb"), ("ftp_banners", "a"), ("ftp_banners", "b")]),
    ("smtp", {}, b"220 x ESMTP Exim 4.96\r\n250 ok\r\n", [("smtp_banners", "x ESMTP Exim 4.96")]),
    ("pop3", {}, b"+OK Dovecot ready.\r\n+OK\r\n", [("pop_banners", "Dovecot ready.")]),
    ("imap", {}, b"* OK [CAPABILITY X] Dovecot ready.\r\n", [("imap_banners", "[CAPABILITY X] Dovecot ready.")]),
    (
        "http",
        {"title": "Welcome"},
        b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\nServer: body",
        [("http_servers", "nginx/1.22.1"), ("http_cookies", "a=1"), ("http_cookies", "b=2"), ("html_title", "Welcome")],
    ),
    ("sip", {}, b"SIP/2.0 200 OK\r\nUser-Agent: Asterisk\r\n\r\n", [("sip_user_agents", "Asterisk")]),
    ("mysql", {"banner": "10.11.19-MariaDB"}, b"", [("mysql_banners", "10.11.19-MariaDB")]),
    ("mysql", {"banner": "Host blocked", "error": 1129}, b"", [("mysql_error", "Host blocked")]),
    ("dns", {"banner": "dnsmasq-2.90"}, b"", [("dns_versionbind", "dnsmasq-2.90")]),
    ("telnet", {}, b"\xff\xfd\x18\r\nvm login: ", [("telnet_banners", "vm login:")]),
    ("redis", {"certificate_subject": "CN=a"}, b"+PONG", [("x509_subjects", "CN=a")]),
    ("redis", {}, b"+PONG", []),
    ("http", {}, b"HTTP/1.1 200 OK\r\nServer: \xfcmlaut\r\n\r\n", [("http_servers", "ümlaut")]),
]


@pytest.mark.parametrize(("service", "facts", "received", "texts"), TABLE)
def test_texts(service: str, facts: dict[str, Fact], received: bytes, texts: list[tuple[str, str]]) -> None:
    assert texts_of(Identity(service=service, facts=facts), received) == texts


@given(st.sampled_from(sorted(all_probes())), st.binary(max_size=2000))
def test_any_bytes_of_any_service_are_survived(service: str, received: bytes) -> None:
    texts = texts_of(Identity(service=service, facts={"banner": "x"}), received)
    assert len(texts) <= 24
    assert all(text for _, text in texts)
