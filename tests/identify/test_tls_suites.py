"""Names of cipher suites, and what is weak in them."""

import pytest

from doorward.identify.tls_suites import NEWEST_FAMILIES, OLDER_FAMILIES, suite_name, weakness_of


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (0x0005, "TLS_RSA_WITH_RC4_128_SHA"),
        (0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"),
        (0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        (0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
        (0x001B, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"),
        (0x1301, "TLS_AES_128_GCM_SHA256"),
        (0xABCD, "0xabcd"),
    ],
)
def test_names_are_the_registrys(code: int, name: str) -> None:
    assert suite_name(code) == name


def test_every_suite_stands_once() -> None:
    codes = [code for family in (*NEWEST_FAMILIES, *OLDER_FAMILIES) for code in family]
    assert len(codes) == len(set(codes)) > 100
    assert all(suite_name(code).startswith("TLS_") for code in codes)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TLS_RSA_WITH_RC4_128_SHA", "RC4"),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "3DES"),
        ("TLS_DHE_RSA_WITH_DES_CBC_SHA", "DES"),
        ("TLS_DH_anon_WITH_AES_128_CBC_SHA", "no proof of who answers"),
        ("TLS_RSA_WITH_NULL_SHA", "no encryption"),
        ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ""),
    ],
)
def test_weak_ones_are_told(name: str, words: str) -> None:
    assert weakness_of(name) == words
