"""The text of /etc/services."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.ports.services import LocalName, parse_services
from doorward.values.printable import printable
from doorward.values.records import encode_json
from doorward.values.transports import Transport


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"ssh 22/tcp # Login", [LocalName("ssh", 22, Transport.TCP, (), "Login")]),
        (b"http\t80/TCP\twww web", [LocalName("http", 80, Transport.TCP, ("www", "web"), "")]),
        (b"a 0/udp", [LocalName("a", 0, Transport.UDP)]),
        (b"# nothing 1/tcp", []),
        (b"", []),
        (b"lonely", []),
        (b"x 70000/tcp", []),
        (b"x 22/ddp", []),
        (b"x 22", []),
        (b"x -1/tcp", []),
        (b"x \xd9\xa1/tcp", []),
        (b"x" * 100 + b" 1/tcp", []),
        (b"caf\xe9 1/tcp", [LocalName("caf\\xe9", 1, Transport.TCP)]),
        (b"crlf 5/tcp\r", [LocalName("crlf", 5, Transport.TCP)]),
    ],
)
def test_one_line(line: bytes, expected: list[LocalName]) -> None:
    assert parse_services(line) == expected


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    encode_json(parse_services(data))
    encode_json(parse_services(b"name 80/tcp " + data))


def test_hostile_names_stay_text() -> None:
    (line,) = parse_services("\x1b[31mred 1/tcp # \u202e".encode())
    assert printable(line.name) == "\\x1b[31mred"


def test_a_huge_file_is_bounded() -> None:
    assert len(parse_services(b"#" * (17 << 20) + b"\na 1/tcp\n")) == 0
