"""Which versions, ciphers and application protocols a TLS door takes: the questions and what the answers amount to. Touches nothing.

A server picks one cipher of those offered. So it is asked again without the one it picked, until it refuses: its list comes out, in its
own order where it has one, at the price of one connection per cipher. That is why this is done on request only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from doorward.identify.tls_hello import VERSIONS, encode_client_hello, extension, list_extension
from doorward.identify.tls_prints import NO_JARM
from doorward.identify.tls_suites import NEWEST_FAMILIES, OLDER_FAMILIES, suite_name, weakness_of
from doorward.values.evidence import Fact

__all__ = ["PROTOCOLS", "TlsSurvey", "families_of", "survey_facts", "survey_hello"]

#: Application protocols that are asked for, by IANA's registry (RFC 7301 §6).
PROTOCOLS: Final = ("h2", "http/1.1", "imap", "pop3", "xmpp-client", "mqtt", "dot", "postgresql")
_NEWEST: Final = 0x0304
_NAME = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?[A-Za-z][A-Za-z0-9-]*")  # RFC 6066 §3: an address is no name
_GROUPS: Final = bytes.fromhex("001d 0017 0018 0019 001e 0100 0101")  # RFC 8446 §4.2.7
_SIGNATURES: Final = bytes.fromhex("0403 0503 0603 0807 0808 0804 0805 0806 0809 080a 080b 0401 0501 0601 0402 0203 0201 0202")  # §4.2.3
_OUTDATED: Final = {0x0300: "SSL 3.0 (RFC 7568)", 0x0301: "TLS 1.0 (RFC 8996)", 0x0302: "TLS 1.1 (RFC 8996)"}


class TlsSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """What a door took."""

    suites: Mapping[int, tuple[int, ...]]  #: version → suites in the order in which they were chosen; a version that was refused is missing
    protocols: tuple[str, ...] = ()
    jarm: str = NO_JARM
    ja3s: str = ""
    connections: int = 0


def families_of(version: int) -> tuple[tuple[int, ...], ...]:
    """All suites that belong to a version, by way of key exchange, in the order of asking."""
    return NEWEST_FAMILIES if version == _NEWEST else OLDER_FAMILIES


def survey_hello(version: int, suites: Sequence[int], host: str) -> bytes:
    """A hello that takes this version alone; SSL 3.0 knows no extensions."""
    if version == 0x0300:
        return encode_client_hello(version, suites, b"")
    name = host.encode("ascii") if _NAME.fullmatch(host) and host.isascii() else b""
    parts = [
        list_extension(0, b"\x00" + len(name).to_bytes(2) + name) if name else b"",
        list_extension(10, _GROUPS),
        extension(11, b"\x01\x00"),
        list_extension(13, _SIGNATURES),
        extension(23, b""),
        extension(0xFF01, b"\x00"),
    ]
    if version == _NEWEST:
        parts += [list_extension(51, b"\x00\x1d\x00\x20" + b"doorward" * 4), extension(45, b"\x01\x01"), extension(43, b"\x02\x03\x04")]
    return encode_client_hello(min(version, 0x0303), suites, b"".join(parts), record_version=min(version, 0x0301))


def survey_facts(survey: TlsSurvey) -> dict[str, Fact]:
    """The survey as facts; weaknesses in words."""
    facts: dict[str, Fact] = {"tls_versions": [VERSIONS[version] for version in sorted(survey.suites)]}
    names = [(version, suite_name(code)) for version in sorted(survey.suites, reverse=True) for code in survey.suites[version]]
    facts["tls_ciphers"] = list(dict.fromkeys(name for _, name in names))
    facts["tls_protocols"] = list(survey.protocols)
    facts["tls_weaknesses"] = _weaknesses(survey)
    if survey.jarm != NO_JARM:
        facts["jarm"] = survey.jarm
    if survey.ja3s:
        facts["ja3s"] = survey.ja3s
    facts["tls_survey_connections"] = survey.connections
    return facts


def _weaknesses(survey: TlsSurvey) -> list[str]:
    found = [f"takes the outdated {words}" for version, words in _OUTDATED.items() if version in survey.suites]
    if survey.suites and max(survey.suites) < _NEWEST:
        found.append("does not take TLS 1.3")
    names = {suite_name(code) for suites in survey.suites.values() for code in suites}
    found += [f"takes {words}" for words in sorted({weakness_of(name) for name in names} - {""})]
    if any(name.startswith("TLS_RSA_WITH") for name in names):
        found.append("takes key exchanges without forward secrecy (TLS_RSA)")
    return found
