"""What a certificate says: DER in, facts out. Judges neither trust nor date; loads `cryptography` only when a certificate is met."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

from doorward.identify.probing import Tunnel
from doorward.values.evidence import Fact
from doorward.values.printable import printable

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["certificate_facts", "tunnel_facts"]

_MOST_BYTES: Final = 65_536  # certificates with hundreds of names are below 20 kB
_MOST_NAMES: Final = 100


def tunnel_facts(tunnel: Tunnel) -> dict[str, Fact]:
    """Facts about a TLS session and the certificate shown in it."""
    facts: dict[str, Fact] = {"encrypted": True, "tls_version": tunnel.version, "tls_cipher": tunnel.cipher}
    if tunnel.alpn:
        facts["tls_application"] = tunnel.alpn
    if tunnel.certificate:
        facts |= certificate_facts(tunnel.certificate)
    if tunnel.verified is not None:
        facts["certificate_verified"] = tunnel.verified
        if tunnel.not_verified_why:
            facts["certificate_problem"] = printable(tunnel.not_verified_why[:200])
    return facts


def certificate_facts(der: bytes) -> dict[str, Fact]:
    """Read a DER certificate (RFC 5280); what can't be read is named in ``certificate_problem`` and the rest left out."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    if len(der) > _MOST_BYTES:
        return {"certificate_problem": f"the certificate has {len(der)} bytes, too many to be sensible"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a certificate's faults are the far end's, and nothing for this program's stderr
            return _facts(x509.load_der_x509_certificate(der))
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        return {"certificate_problem": printable(f"the certificate can't be read: {error}"[:200])}


def _facts(certificate: x509.Certificate) -> dict[str, Fact]:
    from cryptography.hazmat.primitives import hashes

    issuer = certificate.issuer.rfc4514_string()
    subject = certificate.subject.rfc4514_string()
    return {
        "certificate_subject": printable(subject[:300]),
        "certificate_names": _names(certificate),
        "certificate_issuer": printable(issuer[:300]),
        "certificate_not_before": certificate.not_valid_before_utc.isoformat(),
        "certificate_not_after": certificate.not_valid_after_utc.isoformat(),
        "certificate_self_signed": certificate.issuer == certificate.subject and bool(subject),
        "certificate_key": _key(certificate),
        "certificate_sha256": certificate.fingerprint(hashes.SHA256()).hex(),
    }


def _names(certificate: x509.Certificate) -> list[str]:
    """Names and addresses it is valid for (RFC 5280 §4.2.1.6); without that extension none."""
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return []
    texts = names.get_values_for_type(x509.DNSName) + [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    return [printable(text[:255]) for text in texts[:_MOST_NAMES]]


def _key(certificate: x509.Certificate) -> str:
    """The key in words: ``RSA 2048 bits``, ``ECDSA secp256r1``, ``Ed25519``."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return "unknown"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size} bits"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA {key.key_size} bits"
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519"
    return "Ed448" if isinstance(key, ed448.Ed448PublicKey) else "unknown"
