"""TLS contexts for looking, not for trusting, and what a session shows; the only file of the room that knows `ssl`.

We look at what is there, so nothing is verified during the handshake and old versions are accepted: a server that can only do TLS 1.0
must not be reported as silent. No secret is ever sent through such a session. What this machine's authorities think of the
certificate is asked in a handshake of its own, and only for a door called by name.
"""

from __future__ import annotations

import functools
import ssl
import warnings

from doorward.identify.probing import Tunnel

__all__ = ["looking_context", "speaks_tls", "tunnel_of", "verifying_context"]


@functools.cache
def looking_context(protocol: str = "") -> ssl.SSLContext:
    """A client's context that accepts any certificate, TLS 1.0 to 1.3, and weak keys (OpenSSL's security level 0).

    ``protocol`` is the one application protocol offered (RFC 7301); empty: none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that old versions are old is why we look
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)  # servers before RFC 5746
    if protocol:
        context.set_alpn_protocols([protocol])
    return context


@functools.cache
def verifying_context() -> ssl.SSLContext:
    """A context with this machine's own authorities and all checks."""
    return ssl.create_default_context()


def tunnel_of(session: ssl.SSLObject) -> Tunnel:
    """Describe an established session; the certificate is there even where the server later wants ours."""
    cipher = session.cipher()
    return Tunnel(
        version=session.version() or "",
        cipher=cipher[0] if cipher else "",
        alpn=session.selected_alpn_protocol() or "",
        certificate=session.getpeercert(binary_form=True) or b"",
    )


def speaks_tls(error: BaseException) -> bool:
    """Whether a failed handshake failed in TLS: the far end sent an alert, or agreed on nothing, rather than bytes that are not TLS."""
    reason = (getattr(error, "reason", None) or "") if isinstance(error, ssl.SSLError) else ""
    return "ALERT" in reason or reason in (
        "NO_PROTOCOLS_AVAILABLE",
        "UNSUPPORTED_PROTOCOL",
        "DH_KEY_TOO_SMALL",
        "EE_KEY_TOO_SMALL",
        "BAD_SIGNATURE",
    )
