import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import der
from doorward.identify.certificates import certificate_facts, tunnel_facts
from doorward.identify.probing import Tunnel

CERTIFICATE = der()


def test_reads_a_certificate() -> None:
    facts = certificate_facts(CERTIFICATE)
    assert facts["certificate_subject"] == "CN=lab.example"
    assert facts["certificate_names"] == ["lab.example", "*.lab.example"]
    assert facts["certificate_not_after"] == "2035-12-30T00:00:00+00:00"
    assert facts["certificate_self_signed"] is True
    assert facts["certificate_key"] == "Ed25519"
    assert len(str(facts["certificate_sha256"])) == 64


def test_hostile_names_are_harmless() -> None:
    facts = certificate_facts(der("evil\x1b[2J\u202etxt"))
    assert "\x1b" not in str(facts["certificate_subject"])
    assert "\u202e" not in str(facts["certificate_subject"])


BROKEN = {
    "nothing": b"",
    "a tag": b"\x30",
    "cut at the end": CERTIFICATE[:-1],
    "cut in the middle": CERTIFICATE[:100],
    "a length of 4 GiB": b"\x30\x84\xff\xff\xff\xff",
    "too long": b"\x00" * 70_000,
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_certificate_is_named_as_such(broken: str) -> None:
    assert "certificate_problem" in certificate_facts(BROKEN[broken])


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(data: bytes) -> None:
    assert certificate_facts(data)


@given(st.integers(0, len(CERTIFICATE) - 1), st.integers(0, 255))
def test_any_flipped_byte_is_survived(place: int, value: int) -> None:
    assert certificate_facts(CERTIFICATE[:place] + bytes([value]) + CERTIFICATE[place + 1 :])


def test_a_tunnel_tells_its_version_and_certificate() -> None:
    facts = tunnel_facts(
        Tunnel(version="TLSv1.3", cipher="X", alpn="h2", certificate=CERTIFICATE, verified=False, not_verified_why="expired")
    )
    assert (facts["tls_version"], facts["tls_application"], facts["certificate_verified"]) == ("TLSv1.3", "h2", False)
    assert facts["certificate_problem"] == "expired"
    assert "certificate_subject" not in tunnel_facts(Tunnel(version="TLSv1.2"))
