"""Greetings and refusals of MySQL and its relatives, and what must be read from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.identify.probes import mysql
from doorward.identify.probing import Context, Step
from doorward.values.evidence import Certainty

# MariaDB 10.11.19 (Debian 12), without TLS; and called from an address that no account allows.
MARIADB = (
    b"d\x00\x00\x00\n5.5.5-10.11.19-MariaDB-0+deb12u1\x00\x03\x00\x00\x00>m*()6qZ\x00\xfe\xf7\x08\x02\x00\xff\x81\x15\x00\x00\x00\x00\x00\x00"
    b"\x1d\x00\x00\x00MQ2FFnu&U[KE\x00mysql_native_password\x00"
)
REFUSED = b"D\x00\x00\x00\xffj\x04Host '127.0.1.5' is not allowed to connect to this MariaDB server"
REFUSED_WITH_STATE = b"\x4a\x00\x00\x00\xff\x69\x04#HY000Host '192.0.2.9' is blocked because of many connection errors in MySQL "


def greeting(version: bytes, *, low: int = 0xFFFF, high: int = 0xDFFF, method: bytes = b"caching_sha2_password") -> bytes:
    """A greeting laid out as Protocol::HandshakeV10 says."""
    challenge = b"abcdefgh", b"ijklmnopqrst\x00"
    payload = b"\x0a" + version + b"\x00" + (8).to_bytes(4, "little") + challenge[0] + b"\x00" + low.to_bytes(2, "little") + b"\xff\x02\x00"
    payload += high.to_bytes(2, "little") + b"\x15" + bytes(10) + challenge[1] + method + b"\x00"
    return len(payload).to_bytes(3, "little") + b"\x00" + payload


def test_reads_mariadb() -> None:
    found = mysql.read(MARIADB, Context())
    assert found is not None
    assert (found.product, found.version, found.revision, found.system) == ("MariaDB", "10.11.19", "0+deb12u1", "Debian 12")
    assert found.cpe == "cpe:2.3:a:mariadb:mariadb:10.11.19:*:*:*:*:*:*:*"
    assert found.certainty is Certainty.MEASURED
    assert found.facts["starttls"] is False
    assert found.facts["encrypted"] is False
    assert found.facts["login_method"] == "mysql_native_password"
    assert "no encryption" in found.sentence


@pytest.mark.parametrize(
    ("version", "product", "number", "system"),
    [
        (b"8.0.36-0ubuntu0.22.04.1", "MySQL", "8.0.36", "Ubuntu 22.04"),
        (b"8.4.3", "MySQL", "8.4.3", ""),
        (b"5.7.44-log", "MySQL", "5.7.44", ""),
        (b"10.6.16-MariaDB-1:10.6.16+maria~ubu2204", "MariaDB", "10.6.16", ""),
        (b"5.5.5-10.3.39-MariaDB-0ubuntu0.20.04.2", "MariaDB", "10.3.39", "Ubuntu 20.04"),
        (b"5.7.25-TiDB-v7.5.0", "TiDB", "7.5.0", ""),
        (b"8.0.30-Vitess", "Vitess", "8.0.30", ""),
        (b"5.5.5", "MySQL", "5.5.5", ""),
    ],
)
def test_reads_relatives(version: bytes, product: str, number: str, system: str) -> None:
    found = mysql.read(greeting(version), Context())
    assert found is not None
    assert (found.product, found.version, found.system) == (product, number, system)
    assert found.facts["starttls"] is True
    assert found.facts["login_method"] == "caching_sha2_password"


def test_the_flag_that_mariadb_leaves_unset_tells_it_from_mysql() -> None:
    found = mysql.read(greeting(b"11.4.2", low=0xFFFE), Context())
    assert found is not None
    assert found.product == "MariaDB"


@pytest.mark.parametrize(
    ("received", "product", "number", "words"),
    [
        (REFUSED, "MariaDB", 1130, "takes no callers from this machine"),
        (REFUSED_WITH_STATE, "", 1129, "shut us out"),
        (b"\x17\x00\x00\x01\xff\x10\x04Too many connections"[:3] + b"\x00\xff\x10\x04Too many connections", "", 1040, "no room"),
    ],
)
def test_reads_refusals(received: bytes, product: str, number: int, words: str) -> None:
    found = mysql.read(received, Context())
    assert found is not None
    assert (found.product, found.facts["error"], found.facts["authentication"]) == (product, number, "unknown")
    assert words in found.sentence


@pytest.mark.parametrize(
    "other",
    [
        b"",
        MARIADB[:-1],
        MARIADB[:3] + b"\x01" + MARIADB[4:],  # not the first packet
        b"\x0b\x00\x00\x00\x0anot a number",
        b"d\x00\x00\x00\n" + b"x" * 99,
        b"\x05\x00\x00\x00\xff\x15\x04ab",  # too short for an error
        b"\x0a\x00\x00\x00\xff\x01\x00nonsense",
        b"220 5.5.5-10.11.19-MariaDB\r\n",
    ],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert mysql.read(other, Context()) is None


def test_a_greeting_that_ends_too_early_is_the_peers_fault() -> None:
    with pytest.raises(PeerError, match="before its capabilities"):
        mysql.read(b"\x0a\x00\x00\x00\x0a8.0.36\x00\x01\x02", Context())


def test_it_only_listens() -> None:
    assert mysql.first_words("h") == b""
    assert all(mysql.next_words(MARIADB[:end], Context()) is Step.WAIT for end in range(len(MARIADB)))
    assert mysql.next_words(MARIADB, Context()) is Step.DONE
    assert mysql.next_words(b"220 hello\r\n", Context()) is Step.DONE


@given(st.sampled_from([MARIADB, REFUSED, REFUSED_WITH_STATE]), st.integers(0, 110), st.integers(0, 255))
def test_any_changed_byte_is_survived(packet: bytes, place: int, value: int) -> None:
    damaged = packet[:place] + bytes([value]) + packet[place + 1 :]
    try:
        found = mysql.read(damaged, Context())
    except PeerError:
        return
    assert found is None or found.service == "mysql"
