"""A self-signed certificate made on the spot, for servers of the tests."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def make_certificate(name: str = "lab.example", days: int = 3650) -> tuple[x509.Certificate, Ed25519PrivateKey]:
    """Make a certificate for ``name``, valid from 2026 on."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))  # its signatures are the same each time (RFC 8032)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(START)
        .not_valid_after(START + datetime.timedelta(days=days))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name if name.isascii() else "odd.example"), x509.DNSName("*.lab.example")]),
            critical=False,
        )
        .sign(key, None)
    )
    return certificate, key


def der(name: str = "lab.example") -> bytes:
    """A certificate alone, as it stands on the wire."""
    return make_certificate(name)[0].public_bytes(serialization.Encoding.DER)


def server_context(folder: Path, name: str = "lab.example") -> ssl.SSLContext:
    """A TLS server's context with a certificate of its own, kept in ``folder``."""
    certificate, key = make_certificate(name)
    plain = serialization.NoEncryption()
    text = certificate.public_bytes(serialization.Encoding.PEM)
    text += key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "server.pem"
    path.write_bytes(text)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
