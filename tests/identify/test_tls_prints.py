"""JARM and JA3S of recorded answers; the prints were computed by another implementation on the same server."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.tls_hello import decode_server_hello
from doorward.identify.tls_prints import NO_JARM, ja3s, jarm, jarm_hellos

_WITH_POINTS = "ff01000100000000000001000101000b0004030001020023000000170000"
_FIXED = "646f6f7277617264" * 4


def _hello(random: str, rest: str) -> str:
    body = f"0303{random}{rest}"
    message = f"02{len(body) // 2:06x}{body}"
    return f"160303{len(message) // 2:04x}{message}"


# stunnel 5.68 with OpenSSL 3.0 (Debian 12), asked the ten hellos.
OLD = _hello("71a73f973f4f60a0a1c7e462e79354001a3579a275760008444f574e47524401", f"00c01300001e{_WITH_POINTS}")
REVERSED = _hello(
    "2cd287598db889336f787aafabc992948ed367abb0606e4f444f574e47524401", "0000c0000016ff010001000000000000010001010023000000170000"
)
SHARE = "c8ae0f769dc6a8de85d01a1145d6e16f57fd4fa460ff3b0fbbe339b99aa9f534"
NEW = [_hello("78" * 32, f"20{_FIXED}{cipher}00002e002b0002030400330024001d0020{SHARE}") for cipher in ("1302", "1303")]
ANSWERS = [
    bytes.fromhex(text) for text in (OLD, REVERSED, "15030300020228", OLD, OLD, "15030200020250", *NEW, "15030300020228", "1503030002022f")
]
STUNNEL = "21d19d00021d21d00042d43d000000ee523fe586628a8d526db2ce24e29fb4"

# SHA-256 over the ten hellos to 127.0.0.1 as the other implementation says them, its random bytes and GREASE replaced by ours.
HELLOS = "b48e7982d4ce6e3e0192f92f84d8610f1e29776739e6567761a04850319ea7be"


def test_the_print_is_the_other_implementations() -> None:
    assert jarm(ANSWERS) == STUNNEL


def test_the_ten_hellos_are_the_other_implementations() -> None:
    assert hashlib.sha256(b"".join(jarm_hellos("127.0.0.1"))).hexdigest() == HELLOS


def test_who_refuses_all_has_no_print() -> None:
    assert jarm([b""] * 10) == jarm([b"\x15\x03\x03\x00\x02\x02\x28"] * 10) == NO_JARM
    assert len(STUNNEL) == len(NO_JARM)


def test_ja3s_is_of_version_cipher_and_extensions() -> None:
    hello = decode_server_hello(ANSWERS[0])
    assert hello is not None
    assert ja3s(hello) == hashlib.md5(b"771,49171,65281-0-1-11-35-23", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("host", ["", "lab.example", "x" * 300, "ü"])
def test_any_host_makes_whole_hellos(host: str) -> None:
    for hello in jarm_hellos(host):
        assert int.from_bytes(hello[3:5]) == len(hello) - 5


@given(st.lists(st.one_of(st.sampled_from(ANSWERS), st.binary(max_size=120)), min_size=10, max_size=10), st.integers(0, 90))
def test_any_answers_have_a_print(answers: list[bytes], cut: int) -> None:
    answers[0] = answers[0][:cut]
    assert len(jarm(answers)) == 62
    assert set(jarm(answers)) <= set("0123456789abcdef")
