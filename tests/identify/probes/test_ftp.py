"""FTP servers as they answered, and what must be read from them."""

import pytest

from doorward.identify.probes import ftp
from doorward.identify.probing import Context
from doorward.values.evidence import Certainty
from playbooks import play

VSFTPD_3_0_3 = [
    (b"", b"220 (vsFTPd 3.0.3)\r\n"),
    (b"FEAT\r\n", b"211-Features:\r\n EPRT\r\n EPSV\r\n MDTM\r\n PASV\r\n REST STREAM\r\n SIZE\r\n TVFS\r\n211 End\r\n"),
    (b"SYST\r\n", b"530 Please login with USER and PASS.\r\n"),
    (b"QUIT\r\n", b"221 Goodbye.\r\n"),
]
WITH_TLS = [
    (b"", b"220-Welcome\r\n 220 is not the end\r\n220 ProFTPD Server (Debian) [::ffff:192.0.2.1]\r\n"),
    (b"FEAT\r\n", b"211-Features:\r\n AUTH TLS\r\n PBSZ\r\n211 End\r\n"),
    (b"SYST\r\n", b"215 UNIX Type: L8\r\n"),
    (b"AUTH TLS\r\n", b"234 AUTH TLS successful\r\n"),
    (b"", b"START TLS"),
    (b"QUIT\r\n", b"221 Goodbye.\r\n"),
]


@pytest.mark.parametrize("cut", [0, 1])
def test_vsftpd(cut: int) -> None:
    found = play(VSFTPD_3_0_3, cut=cut)
    assert found is not None
    assert (found.service, found.product, found.version) == ("ftp", "vsftpd", "3.0.3")
    assert found.cpe == "cpe:2.3:a:vsftpd_project:vsftpd:3.0.3:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["authentication"] == "required"


def test_tls_is_tried_where_it_is_offered() -> None:
    found = play(WITH_TLS)
    assert found is not None
    assert (found.product, found.system, found.facts["starttls"]) == ("ProFTPD", "Debian", True)
    assert found.facts["system_answer"] == "UNIX Type: L8"


GREETINGS = [
    (b"220 ProFTPD 1.3.8 Server (x) [192.0.2.1]\r\n", "ProFTPD", "1.3.8"),
    (b"220-FileZilla Server 1.7.3\r\n220 Please visit\r\n", "FileZilla Server", "1.7.3"),
    (b"220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------\r\n220 x\r\n", "Pure-FTPd", ""),
    (b"220 pyftpdlib 1.5.7 ready.\r\n", "pyftpdlib", "1.5.7"),
    (b"220 host FTP server (GNU inetutils 2.4) ready.\r\n", "GNU inetutils ftpd", "2.4"),
    (b"220 MikroTik FTP server (MikroTik 6.49.7) ready\r\n", "MikroTik FTP", ""),
    (b"421 Too many FTP users\r\n", "", ""),
]


@pytest.mark.parametrize(("greeting", "product", "version"), GREETINGS)
def test_reads_the_greeting(greeting: bytes, product: str, version: str) -> None:
    found = ftp.read(greeting, Context())
    assert found is not None
    assert (found.product, found.version) == (product, version)


def test_a_bare_220_is_a_guess_on_its_own_ports_only() -> None:
    assert ftp.read(b"220 ready\r\n", Context(port=2000)) is None
    guess = ftp.read(b"220 ready\r\n", Context(port=21))
    assert guess is not None
    assert guess.certainty is Certainty.INFERRED


@pytest.mark.parametrize("other", [b"", b"220 mail.example ESMTP Exim 4.96\r\n", b"220", b"200 FTP\r\n", b"HTTP/1.1 220 FTP\r\n"])
def test_leaves_others_alone(other: bytes) -> None:
    assert ftp.read(other, Context(port=21)) is None
