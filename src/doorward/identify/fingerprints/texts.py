"""Which texts of a conversation others' fingerprints are about: from what a door said to (field, text); knows no fingerprint.

A field is named as Recog names its file. Several texts for one field are tried in their order. What our own reader has concluded is used
where it holds the text already, so that no protocol is parsed twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from doorward.identify.identity import Identity
from doorward.identify.telnet_stream import TelnetStream

__all__ = ["texts_of"]

_MOST_BYTES: Final = 16_384
_MOST_TEXTS: Final = 24

Texts = list[tuple[str, str]]

_SSH: Final = re.compile(r"(?m)^SSH-\d\.\d{1,2}-([^\r\n]+)")
_REPLY_LINE: Final = re.compile(r"\d{3}[ -]([^\r\n]*)")


def texts_of(identity: Identity, received: bytes) -> Texts:
    """Return the texts to be looked up for a door's identity and all that was received in its conversation."""
    reader = _READERS.get(identity.service)
    data = received[:_MOST_BYTES]
    texts = reader(identity, data) if reader is not None else []
    for field, fact in (("x509_subjects", "certificate_subject"), ("x509_issuers", "certificate_issuer")):
        if isinstance(value := identity.facts.get(fact), str):
            texts.append((field, value))
    return [(field, text) for field, text in texts if text][:_MOST_TEXTS]


def _decoded(data: bytes) -> str:
    """Text in UTF-8, or each byte its own character where it isn't."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _ssh(_: Identity, data: bytes) -> Texts:
    found = _SSH.search(_decoded(data))
    return [("ssh_banners", found[1].rstrip())] if found else []


def _greeting(field: str) -> Callable[[Identity, bytes], Texts]:
    """FTP, SMTP, NNTP: the first reply's lines together, and each alone, without the code (RFC 959 §4.2)."""

    def read(_: Identity, data: bytes) -> Texts:
        lines: list[str] = []
        for line in _decoded(data).splitlines():
            lines.append(found[1] if (found := _REPLY_LINE.match(line)) else line)
            if re.match(r"\d{3} ", line) or len(lines) == 20:
                break
        whole = [(field, "\r\n".join(lines))] if len(lines) > 1 else []
        return [*whole, *((field, line) for line in lines if line)]

    return read


def _after(field: str, mark: str) -> Callable[[Identity, bytes], Texts]:
    """POP3, IMAP: the greeting's line behind its mark."""

    def read(_: Identity, data: bytes) -> Texts:
        line = _decoded(data).partition("\n")[0].rstrip("\r")
        return [(field, line.removeprefix(mark).strip())] if line.startswith(mark) else []

    return read


def _header_values(data: bytes) -> list[tuple[str, str]]:
    """Header fields of HTTP, SIP and RTSP, names in lower case."""
    lines = _decoded(data).replace("\r\n", "\n").partition("\n\n")[0].split("\n")[1:100]
    return [(name.strip().lower(), value.strip()) for name, colon, value in (line.partition(":") for line in lines) if colon]


def _headers(fields: Mapping[str, str]) -> Callable[[Identity, bytes], Texts]:
    """Header fields' values, one by one."""

    def read(identity: Identity, data: bytes) -> Texts:
        start = max(data.find(mark) for mark in (b"HTTP/", b"SIP/", b"RTSP/"))
        texts = [(fields[name], value) for name, value in _header_values(data[max(start, 0) :]) if name in fields]
        title = identity.facts.get("title")
        return [*texts, ("html_title", title)] if isinstance(title, str) and "server" in fields and identity.service == "http" else texts

    return read


def _fact(field: str, *facts: str) -> Callable[[Identity, bytes], Texts]:
    """What our own reader has put into a fact."""

    def read(identity: Identity, _: bytes) -> Texts:
        return [(field, value) for fact in facts if isinstance(value := identity.facts.get(fact), str)]

    return read


def _mysql(identity: Identity, _: bytes) -> Texts:
    return _fact("mysql_error" if "error" in identity.facts else "mysql_banners", "banner")(identity, b"")


def _telnet(_: Identity, data: bytes) -> Texts:
    text = b"".join(piece for piece in TelnetStream().feed(data) if isinstance(piece, bytes))
    return [("telnet_banners", _decoded(text).strip())]


def _ldap(_: Identity, data: bytes) -> Texts:
    return [("ldap_searchresult", data.decode("latin-1"))]


_READERS: Final[Mapping[str, Callable[[Identity, bytes], Texts]]] = MappingProxyType(
    {
        "ssh": _ssh,
        "ftp": _greeting("ftp_banners"),
        "smtp": _greeting("smtp_banners"),
        "nntp": _greeting("nntp_banners"),
        "pop3": _after("pop_banners", "+OK"),
        "imap": _after("imap_banners", "* OK"),
        "http": _headers(
            {
                "server": "http_servers",
                "x-powered-by": "http_xpoweredby",
                "www-authenticate": "http_wwwauth",
                "set-cookie": "http_cookies",
            }
        ),
        "sip": _headers({"server": "sip_banners", "user-agent": "sip_user_agents"}),
        "rtsp": _headers({"server": "rtsp_servers"}),
        "mysql": _mysql,
        "dns": _fact("dns_versionbind", "banner"),
        "snmp": _fact("snmp_sysdescr", "system_description", "description", "banner"),
        "ntp": _fact("ntp_banners", "variables", "banner"),
        "x11": _fact("x11_banners", "vendor", "banner"),
        "h323": _fact("h323_callresp", "banner"),
        "pjl": _fact("hp_pjl_id", "model", "banner"),
        "telnet": _telnet,
        "ldap": _ldap,
    }
)
