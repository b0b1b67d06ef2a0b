"""NTLM's challenge: what it tells of a machine before any login."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.identify.probes._ntlm import NEGOTIATE, decode_challenge, filetime, windows_of_build

# Samba 4.17.12 of Debian 12, the end of its answer to a session's beginning.
SAMBA = (
    b"NTLMSSP\x00\x02\x00\x00\x00\x0e\x00\x0e\x008\x00\x00\x00\x05\x82\x8ab\x85B\xba\xcb\x165\x01\x8f\x00\x00\x00\x00\x00\x00\x00\x00@\x00@\x00F"
    b"\x00\x00\x00\x06\x01\x00\x00\x00\x00\x00\x0fL\x00A\x00B\x00H\x00O\x00S\x00T\x00\x02\x00\x0e\x00L\x00A\x00B\x00H\x00O\x00S\x00T\x00\x01\x00"
    b"\x0e\x00L\x00A\x00B\x00H\x00O\x00S\x00T\x00\x04\x00\x00\x00\x03\x00\x04\x00v\x00m\x00\x07\x00\x08\x00^\xfb\xdal|{\xdd\x01\x00\x00\x00\x00"
)


def test_samba_is_told_by_the_version_it_makes_up() -> None:
    found = decode_challenge(b"around" + SAMBA)
    assert found is not None
    assert found.is_samba
    assert found.version == ""
    assert found.names == {"netbios_domain": "LABHOST", "netbios_name": "LABHOST", "dns_domain": "", "dns_name": "vm"}
    assert found.time is not None
    assert found.time.year == 2026


def test_windows_is_told_by_its_build() -> None:
    found = decode_challenge(SAMBA.replace(b"\x06\x01\x00\x00\x00\x00\x00\x0f", b"\x0a\x00\x7c\x4f\x00\x00\x00\x0f"))
    assert found is not None
    assert (found.is_samba, found.version, found.system) == (False, "10.0.20348", "Windows Server 2022")


@pytest.mark.parametrize(
    ("build", "system"),
    [
        (0, ""),
        (1381, "Windows"),
        (2600, "Windows XP"),
        (7601, "Windows 7 or Server 2008 R2"),
        (19045, "Windows 10"),
        (99999, "Windows 11 24H2 or Server 2025"),
    ],
)
def test_builds(build: int, system: str) -> None:
    assert windows_of_build(build) == system


def test_times_beyond_reason_are_none() -> None:
    assert filetime(0) is None
    assert filetime(2**64 - 1) is None
    assert filetime(116444736000000000) == datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def test_our_first_message_has_no_name() -> None:
    assert NEGOTIATE.startswith(b"NTLMSSP\0\x01\0\0\0")
    assert NEGOTIATE[16:] == bytes(16)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(SAMBA)), st.binary(max_size=80))
def test_any_bytes_are_survived(cut: int, tail: bytes) -> None:
    found = decode_challenge(SAMBA[:cut] + tail)
    assert found is None or all(name.isprintable() for name in found.names.values())
