"""Addresses in columns: distinct ones and their texts, against the plain way."""

import ipaddress

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorward.sockets.address_columns import V4_MAPPED, address_of, address_texts, distinct_addresses
from doorward.values.addresses import Address


def column(*packed: bytes) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    return np.frombuffer(b"".join(packed), np.uint8).reshape(-1, 16)


def test_mapped_addresses_are_ipv4() -> None:
    assert address_of(V4_MAPPED + b"\x0a\0\0\1") == Address.parse("10.0.0.1")
    assert address_of(bytes(16)) == Address.parse("::")


def test_texts() -> None:
    texts = address_texts(column(V4_MAPPED + bytes(4), bytes(15) + b"\1", V4_MAPPED + b"\x7f\0\0\1", bytes(16)))
    assert texts.tolist() == ["0.0.0.0", "::1", "127.0.0.1", "::"]


def test_nothing() -> None:
    assert address_texts(np.zeros((0, 16), np.uint8)).tolist() == []


@given(
    st.lists(st.one_of(st.binary(min_size=16, max_size=16), st.binary(min_size=4, max_size=4).map(lambda a: V4_MAPPED + a)), max_size=40)
)
def test_against_the_plain_way(packed: list[bytes]) -> None:
    packed = packed + packed[::2]
    addresses = column(*packed)
    distinct, place = distinct_addresses(addresses)
    assert [row.tobytes() for row in distinct] == sorted(set(packed))
    assert [distinct[p].tobytes() for p in place] == packed
    plain = [str(ipaddress.ip_address(a[12:] if a.startswith(V4_MAPPED) else a)) for a in packed]
    assert address_texts(addresses).tolist() == plain
