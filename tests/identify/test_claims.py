"""Who claims what, when all readers see the same bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.claims import best_claim, is_tls_alert, wants_tls
from doorward.identify.probing import Context

CLAIMED = [
    (b"SSH-2.0-OpenSSH_9.2p1\r\n", 22222, "ssh"),
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", 22, "http"),
    (b"220 mail.example ESMTP Exim 4.96\r\n", 21, "smtp"),
    (b"220 (vsFTPd 3.0.3)\r\n", 25, "ftp"),
    (b"220 ready\r\n", 25, "smtp"),
    (b"220 ready\r\n", 21, "ftp"),
    (b"220 ready\r\n", 4000, ""),
    (b"+OK Dovecot ready.\r\n", 9, "pop3"),
    (b"* OK Dovecot ready.\r\n", 9, "imap"),
    (b"\xff\xfd\x18\xff\xfd\x20", 9, "telnet"),
    (b"OK\r\n", 22, ""),
    (b"HTTP/1.1 404 Not Found\r\nServer: CUPS/2.4 IPP/2.1\r\n\r\n", 80, "ipp"),  # carried by HTTP, and known better
    (b"\x15\x03\x01\x00\x02\x02\x46", 22, ""),
    (b"", 22, ""),
]


@pytest.mark.parametrize(("received", "port", "service"), CLAIMED)
def test_one_reader_wins(received: bytes, port: int, service: str) -> None:
    claim = best_claim(received, Context(port=port))
    assert (claim.service if claim else "") == service


@given(st.binary(max_size=64))
def test_random_bytes_are_nobodys_with_certainty(noise: bytes) -> None:
    """What begins with a byte above ASCII and is no telnet command belongs to nobody by grammar alone."""
    received = b"\x80" + noise
    claim = best_claim(received, Context(port=50000))
    assert claim is None or claim.certainty == "inferred" or claim.service in ("dns", "mysql")


def test_tls_shows_itself() -> None:
    assert is_tls_alert(b"\x15\x03\x01\x00\x02\x02\x46")
    assert is_tls_alert(b"\x15\x03\x03\x00\x02\x01\x00")
    assert not is_tls_alert(b"\x15\x03\x09\x00\x02\x02\x46")
    assert not is_tls_alert(b"HTTP/1.1")
    assert not wants_tls(None)
    assert wants_tls(best_claim(b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", Context()))
