from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import CallError, PeerError
from doorward.wire.ipv6_extensions import (
    EXTENSION_HEADERS,
    MOST_EXTENSIONS,
    Authentication,
    Extension,
    Fragment,
    OptionsHeader,
    OtherExtension,
    Routing,
    decode_extensions,
    encode_extensions,
)
from doorward.wire.options import GarbledOptions, Option
from wire_values import byte, extensions, patient, payloads

TABLE: list[tuple[int, str, Extension]] = [
    (0, "0600050200000100", OptionsHeader(kind=0, options=(Option(5, b"\0\0"), Option(1)))),
    (60, "0600c20412345678", OptionsHeader(kind=60, options=(Option(0xC2, b"\x12\x34\x56\x78"),))),
    (60, "0600c2ff12345678", OptionsHeader(kind=60, options=(GarbledOptions(bytes.fromhex("c2ff12345678")),))),
    (
        43,
        "060202010000000020010db8000000000000000000000001",
        Routing(type=2, segments_left=1, data=bytes(4) + bytes.fromhex("20010db8000000000000000000000001")),
    ),
    (44, "060005a9deadbeef", Fragment(offset=0x5A8, more=True, identification=0xDEADBEEF)),
    (44, "06ff0006deadbeef", Fragment(offset=0, more=False, identification=0xDEADBEEF, reserved=0x3FF)),
    (51, "060200000000010000000007aabbccdd", Authentication(parameters_index=0x100, sequence=7, check=bytes.fromhex("aabbccdd"))),
    (135, "3b000102030405ff", OtherExtension(kind=135, content=bytes.fromhex("000102030405ff")[1:])),
]


@pytest.mark.parametrize(("kind", "data", "extension"), TABLE, ids=[f"{row[0]}-{row[1][:8]}" for row in TABLE])
def test_table(kind: int, data: str, extension: Extension) -> None:
    raw = bytes.fromhex(data)
    chain = decode_extensions(kind, raw)
    assert chain.extensions == (extension,)
    assert (chain.protocol, chain.payload) == (raw[0], b"")
    assert encode_extensions((extension,), raw[0]) == (kind, raw)


def test_a_chain_ends_at_the_upper_protocol() -> None:
    headers = (OptionsHeader(kind=0, options=(Option(5, b"\0\0"),)), Fragment(offset=0, more=True, identification=1))
    first, data = encode_extensions(headers, 6)
    chain = decode_extensions(first, data + b"segment")
    assert (chain.protocol, chain.payload) == (6, b"segment")
    assert chain.fragment == headers[1]
    assert not chain.is_later_fragment


def test_a_later_fragment_is_not_read_on() -> None:
    first, data = encode_extensions((Fragment(offset=8, more=False, identification=1),), 60)
    chain = decode_extensions(first, data + b"\xff\xff any bytes")
    assert chain.is_later_fragment
    assert (chain.protocol, len(chain.extensions)) == (60, 1)


def test_a_chain_without_end_is_refused() -> None:
    with pytest.raises(PeerError, match="more than 8"):
        decode_extensions(60, bytes((60, 0, 1, 4, 0, 0, 0, 0)) * (MOST_EXTENSIONS + 1))


@pytest.mark.parametrize(("kind", "size"), [(0, 7), (0, 15), (51, 11), (44, 4)])
def test_a_header_cut_short_is_refused(kind: int, size: int) -> None:
    with pytest.raises(PeerError):
        decode_extensions(kind, (b"\x06\x01" + bytes(22))[:size])


@pytest.mark.parametrize(
    "extension",
    [
        Routing(type=0, segments_left=0, data=bytes(5)),
        Fragment(offset=4, more=False, identification=0),
        Authentication(parameters_index=0, sequence=0, check=b"abc"),
        OtherExtension(kind=139, content=bytes(8 * 257)),
        Authentication(parameters_index=0, sequence=0, check=b""),
    ],
    ids=repr,
)
def test_what_does_not_fit_is_not_written(extension: Extension) -> None:
    with pytest.raises(CallError):
        encode_extensions((extension,), 6)


def test_options_are_filled_up() -> None:
    for size in range(9):
        _, data = encode_extensions((OptionsHeader(kind=60, options=(Option(200, bytes(size)),)),), 6)
        assert len(data) % 8 == 0
        found = decode_extensions(60, data).extensions[0]
        assert isinstance(found, OptionsHeader)
        assert found.options[0] == Option(200, bytes(size))


@patient
@given(st.lists(extensions, max_size=4), byte.filter(lambda protocol: protocol not in EXTENSION_HEADERS), payloads)
def test_round_trip(headers: list[Extension], protocol: int, payload: bytes) -> None:
    fragments = [place for place, header in enumerate(headers) if isinstance(header, Fragment) and header.offset]
    headers = headers[: fragments[0] + 1] if fragments else headers
    first, data = encode_extensions(tuple(headers), protocol)
    chain = decode_extensions(first, data + payload)
    assert chain.extensions == tuple(headers)
    assert (chain.protocol, chain.payload) == (protocol, payload)


@patient
@given(st.sampled_from(EXTENSION_HEADERS), st.binary(max_size=80))
def test_any_bytes_give_a_value_or_the_peers_error(kind: int, data: bytes) -> None:
    try:
        chain = decode_extensions(kind, data)
    except PeerError:
        return
    assert encode_extensions(chain.extensions, chain.protocol) == (kind, data[: len(data) - len(chain.payload)])
