from __future__ import annotations

import numpy as np

from doorward.values.addresses import Address
from doorward.wire.columns import new_columns
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.ipv6 import IPv6, encode_ipv6
from doorward.wire.layers import read_layers
from doorward.wire.rows import Rows
from wire_batches import batch

A, B = Address.parse("192.0.2.1"), Address.parse("192.0.2.2")
A6, B6 = Address.parse("2001:db8::1"), Address.parse("2001:db8::2")


def test_what_is_not_read_further_still_has_its_place() -> None:
    packets = [
        encode_ipv4(IPv4(source=A, destination=B, protocol=47, payload=b"gre!")),
        encode_ipv4(IPv4(source=A, destination=B, protocol=6, fragment_offset=16, payload=b"middle")),
        encode_ipv6(IPv6(source=A6, destination=B6, next_header=50, payload=b"sealed")),
        encode_ipv6(IPv6(source=A6, destination=B6, next_header=1, payload=b"ICMP of the other family")),
        encode_ipv6(IPv6(source=A6, destination=B6, next_header=59, payload=b"")) + b"padding",
    ]
    frames = batch(packets)
    columns = new_columns(5)
    read_layers(Rows(frames.data, frames.lengths), columns, raw=True, verify=True)
    assert columns["protocol"].tolist() == [47, 6, 50, 1, 59]
    assert columns["fragment"].tolist() == [False, True, False, False, False]
    assert columns["payload_offset"].tolist() == [20, 20, 40, 40, 40]
    assert columns["payload_length"].tolist() == [4, 6, 6, 24, 0]
    assert columns["icmp_type"].tolist() == [-1] * 5
    assert not np.any([columns[name].any() for name in ("truncated", "malformed", "bad_checksum", "source_port")])


def test_no_rows_at_all() -> None:
    read_layers(Rows(np.zeros((0, 64), np.uint8), np.zeros(0, np.uint16)), new_columns(0), raw=False, verify=True)
