"""Names of TLS cipher suites by number (IANA, TLS Parameters), and what is weak in a name; knows no server."""

from __future__ import annotations

from typing import Final

__all__ = ["NEWEST_FAMILIES", "OLDER_FAMILIES", "suite_name", "weakness_of"]

# Numbers and names of each family, the names without the TLS_…_WITH_ that they share.
_RSA: Final = (
    "0001 NULL_MD5 0002 NULL_SHA 0003 EXPORT_WITH_RC4_40_MD5 0004 RC4_128_MD5 0005 RC4_128_SHA 0006 EXPORT_WITH_RC2_CBC_40_MD5 "
    "0007 IDEA_CBC_SHA 0008 EXPORT_WITH_DES40_CBC_SHA 0009 DES_CBC_SHA 000a 3DES_EDE_CBC_SHA 002f AES_128_CBC_SHA 0035 AES_256_CBC_SHA "
    "003b NULL_SHA256 003c AES_128_CBC_SHA256 003d AES_256_CBC_SHA256 0041 CAMELLIA_128_CBC_SHA 0084 CAMELLIA_256_CBC_SHA "
    "0096 SEED_CBC_SHA 009c AES_128_GCM_SHA256 009d AES_256_GCM_SHA384 00ba CAMELLIA_128_CBC_SHA256 "
    "00c0 CAMELLIA_256_CBC_SHA256 c050 ARIA_128_GCM_SHA256 "
    "c051 ARIA_256_GCM_SHA384 c09c AES_128_CCM c09d AES_256_CCM c0a0 AES_128_CCM_8 c0a1 AES_256_CCM_8"
)
_DHE_RSA: Final = (
    "0014 EXPORT_WITH_DES40_CBC_SHA 0015 DES_CBC_SHA 0016 3DES_EDE_CBC_SHA 0033 AES_128_CBC_SHA 0039 AES_256_CBC_SHA "
    "0045 CAMELLIA_128_CBC_SHA 0067 AES_128_CBC_SHA256 006b AES_256_CBC_SHA256 0088 CAMELLIA_256_CBC_SHA 009a SEED_CBC_SHA "
    "009e AES_128_GCM_SHA256 009f AES_256_GCM_SHA384 00be CAMELLIA_128_CBC_SHA256 00c4 CAMELLIA_256_CBC_SHA256 c052 ARIA_128_GCM_SHA256 "
    "c053 ARIA_256_GCM_SHA384 c09e AES_128_CCM c09f AES_256_CCM c0a2 AES_128_CCM_8 c0a3 AES_256_CCM_8 ccaa CHACHA20_POLY1305_SHA256"
)
_DHE_DSS: Final = (
    "0013 3DES_EDE_CBC_SHA 0032 AES_128_CBC_SHA 0038 AES_256_CBC_SHA 0040 AES_128_CBC_SHA256 006a AES_256_CBC_SHA256 "
    "00a2 AES_128_GCM_SHA256 00a3 AES_256_GCM_SHA384"
)
_DH_ANON: Final = (
    "0017 EXPORT_WITH_RC4_40_MD5 0018 RC4_128_MD5 001a DES_CBC_SHA 001b 3DES_EDE_CBC_SHA 0034 AES_128_CBC_SHA 003a AES_256_CBC_SHA "
    "0046 CAMELLIA_128_CBC_SHA 006c AES_128_CBC_SHA256 006d AES_256_CBC_SHA256 0089 CAMELLIA_256_CBC_SHA 00a6 AES_128_GCM_SHA256 "
    "00a7 AES_256_GCM_SHA384 00bf CAMELLIA_128_CBC_SHA256 00c5 CAMELLIA_256_CBC_SHA256"
)
_ECDHE_ECDSA: Final = (
    "c006 NULL_SHA c007 RC4_128_SHA c008 3DES_EDE_CBC_SHA c009 AES_128_CBC_SHA c00a AES_256_CBC_SHA c023 AES_128_CBC_SHA256 "
    "c024 AES_256_CBC_SHA384 c02b AES_128_GCM_SHA256 c02c AES_256_GCM_SHA384 c05c ARIA_128_GCM_SHA256 c05d ARIA_256_GCM_SHA384 "
    "c072 CAMELLIA_128_CBC_SHA256 c073 CAMELLIA_256_CBC_SHA384 c0ac AES_128_CCM c0ad AES_256_CCM c0ae AES_128_CCM_8 c0af AES_256_CCM_8 "
    "cca9 CHACHA20_POLY1305_SHA256"
)
_ECDHE_RSA: Final = (
    "c010 NULL_SHA c011 RC4_128_SHA c012 3DES_EDE_CBC_SHA c013 AES_128_CBC_SHA c014 AES_256_CBC_SHA c027 AES_128_CBC_SHA256 "
    "c028 AES_256_CBC_SHA384 c02f AES_128_GCM_SHA256 c030 AES_256_GCM_SHA384 c060 ARIA_128_GCM_SHA256 c061 ARIA_256_GCM_SHA384 "
    "c076 CAMELLIA_128_CBC_SHA256 c077 CAMELLIA_256_CBC_SHA384 cca8 CHACHA20_POLY1305_SHA256"
)
_ECDH_ANON: Final = "c015 NULL_SHA c016 RC4_128_SHA c017 3DES_EDE_CBC_SHA c018 AES_128_CBC_SHA c019 AES_256_CBC_SHA"
# In the order of asking: who has no parameters for a family breaks off when it would have to choose one of it (measured: Dovecot 2.3
# without ssl_dh), so those that need none stand first.
_FAMILIES: Final = (
    ("TLS_ECDHE_ECDSA", _ECDHE_ECDSA),
    ("TLS_ECDHE_RSA", _ECDHE_RSA),
    ("TLS_RSA", _RSA),
    ("TLS_DHE_RSA", _DHE_RSA),
    ("TLS_DHE_DSS", _DHE_DSS),
    ("TLS_ECDH_anon", _ECDH_ANON),
    ("TLS_DH_anon", _DH_ANON),
)
_NEWEST: Final = {
    0x1301: "TLS_AES_128_GCM_SHA256",
    0x1302: "TLS_AES_256_GCM_SHA384",
    0x1303: "TLS_CHACHA20_POLY1305_SHA256",
    0x1304: "TLS_AES_128_CCM_SHA256",
    0x1305: "TLS_AES_128_CCM_8_SHA256",
}


def _spelt(family: str, table: str) -> dict[int, str]:
    words = table.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return {int(code, 16): f"{family}_{name}" if name.startswith("EXPORT") else f"{family}_WITH_{name}" for code, name in pairs}


_BY_FAMILY: Final = tuple(_spelt(family, table) for family, table in _FAMILIES)
_NAMES: Final = {code: name for names in _BY_FAMILY for code, name in names.items()}
#: Suites of TLS 1.3, as their only family.
NEWEST_FAMILIES: Final = (tuple(_NEWEST),)
#: Suites of SSL 3.0 to TLS 1.2 by way of key exchange; keys that two sides share beforehand, Kerberos and Fortezza are left out.
OLDER_FAMILIES: Final = tuple(tuple(names) for names in _BY_FAMILY)

# A word in the name → what is wrong with it.
_WEAKNESSES: Final = (
    ("NULL", "no encryption"),  # RFC 5246 appendix F.1
    ("anon", "no proof of who answers"),  # RFC 5246 appendix F.1.1.1
    ("EXPORT", "keys of 40 bits"),  # FREAK, CVE-2015-0204
    ("RC4", "RC4"),  # RFC 7465
    ("RC2", "RC2"),
    ("3DES", "3DES"),  # Sweet32, CVE-2016-2183
    ("DES_CBC", "DES"),
    ("DES40", "DES"),
    ("IDEA", "IDEA"),  # RFC 5469
    ("MD5", "MD5"),
)


def suite_name(code: int) -> str:
    """The registry's name, or the number in hexadecimal."""
    return _NEWEST.get(code) or _NAMES.get(code) or f"0x{code:04x}"


def weakness_of(name: str) -> str:
    """What is wrong with a suite of that name, in a few words, or empty."""
    return next((words for mark, words in _WEAKNESSES if mark in name), "")
