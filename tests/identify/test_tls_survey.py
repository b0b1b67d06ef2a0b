"""What a survey asks, and what it amounts to."""

import pytest

from doorward.identify.tls_survey import TlsSurvey, families_of, survey_facts, survey_hello


@pytest.mark.parametrize("version", [0x0300, 0x0301, 0x0302, 0x0303, 0x0304])
def test_each_version_is_asked_alone(version: int) -> None:
    suites = [code for family in families_of(version) for code in family]
    hello = survey_hello(version, suites, "lab.example")
    assert int.from_bytes(hello[3:5]) == len(hello) - 5
    assert int.from_bytes(hello[9:11]) == min(version, 0x0303)
    assert (b"\x00\x2b\x00\x03\x02\x03\x04" in hello) == (version == 0x0304)
    assert (b"lab.example" in hello) == (version > 0x0300)


@pytest.mark.parametrize("host", ["192.0.2.1", "::1", "a\r\nb", ""])
def test_what_is_no_name_is_not_said(host: str) -> None:
    assert b"\x00\x00\x00" not in survey_hello(0x0303, (0xC02F,), host)[82:86]
    assert survey_hello(0x0303, (0xC02F,), host) == survey_hello(0x0303, (0xC02F,), "")


def test_the_facts_name_what_is_weak() -> None:
    facts = survey_facts(
        TlsSurvey(suites={0x0301: (0x0005, 0x000A), 0x0303: (0xC02F,)}, protocols=("h2",), jarm="ab", ja3s="cd", connections=7)
    )
    assert facts["tls_versions"] == ["TLS 1.0", "TLS 1.2"]
    assert facts["tls_ciphers"] == ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"]
    assert facts["tls_weaknesses"] == [
        "takes the outdated TLS 1.0 (RFC 8996)",
        "does not take TLS 1.3",
        "takes 3DES",
        "takes RC4",
        "takes key exchanges without forward secrecy (TLS_RSA)",
    ]
    assert (facts["tls_protocols"], facts["jarm"], facts["ja3s"], facts["tls_survey_connections"]) == (["h2"], "ab", "cd", 7)


def test_a_good_door_has_no_weakness_and_a_silent_one_no_versions() -> None:
    assert survey_facts(TlsSurvey(suites={0x0304: (0x1301,)}))["tls_weaknesses"] == []
    nothing = survey_facts(TlsSurvey(suites={}))
    assert nothing["tls_versions"] == []
    assert "jarm" not in nothing
