"""The reader of a hundred thousand records: the same bytes as the light reader, the same answers, and any bytes at all."""

import contextlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diag_messages import CGROUP, INFO, PROTOCOL, TCP_SOCKET, V6ONLY, attribute, message, record, tcp_info
from doorward.errors import PeerError
from doorward.sockets.address_columns import V4_MAPPED
from doorward.sockets.inet_diag import decode_record, iter_messages
from doorward.sockets.inet_diag_columns import decode_columns
from doorward.sockets.table import COLUMNS, SocketTable

FULL = attribute(
    INFO, tcp_info(rtt=1, rttvar=2, cwnd=3, total_retrans=4, lost=5, last_sent=6, last_received=7, acked=2**40, received=2**41, rate=9)
)


def test_every_field_of_a_record() -> None:
    columns, count = decode_columns(
        record(FULL, attribute(CGROUP, struct.pack("=Q", 2**33)), queues=(1, 2), interface=4, expires=55, inode=2**32 - 1), 6
    )
    row = {name: column.tolist()[0] for name, column in columns.items()}
    assert count == 1
    assert row.pop("local_address") == list(V4_MAPPED + b"\x7f\0\0\1")
    assert row.pop("remote_address") == list(V4_MAPPED + b"\x7f\0\0\2")
    assert row == {
        "state": 1, "retransmits": 3, "local_port": 80, "remote_port": 40000, "interface": 4, "expires_ms": 55, "receive_queue": 1,
        "send_queue": 2, "uid": 1000, "inode": 2**32 - 1, "protocol": 6, "family": 4, "cookie": 0x1_0000_0007, "v6only": -1,
        "cgroup_id": 2**33, "lost": 5, "last_sent_ms": 6, "last_received_ms": 7, "rtt_us": 1, "rttvar_us": 2, "congestion_window": 3,
        "total_retransmits": 4, "bytes_acked": 2**40, "bytes_received": 2**41, "delivery_rate": 9,
    }  # fmt: skip
    assert all(column.dtype == COLUMNS[name] for name, column in columns.items())


def test_a_shorter_tcp_info_leaves_what_it_lacks_at_zero() -> None:
    old = attribute(INFO, tcp_info(rtt=7, acked=9, rate=1)[:128])
    columns, _ = decode_columns(record(old) + record(FULL), 6)
    assert columns["rtt_us"].tolist() == [7, 1]
    assert columns["bytes_acked"].tolist() == [9, 2**40]
    assert columns["delivery_rate"].tolist() == [0, 9]


def test_mixed_families_lengths_kinds_and_orders_of_attributes() -> None:
    cgroup, v6 = attribute(CGROUP, struct.pack("=Q", 8)), attribute(V6ONLY, b"\1")
    local = bytes(15) + b"\1"
    data = (
        record(state=6, inode=0)
        + record(cgroup, v6, family=10, local=local)
        + message(1, b"")
        + record(v6, cgroup, FULL, family=10, local=local, kind=TCP_SOCKET)
        + record(attribute(PROTOCOL, b"\x11"), attribute(8, b"\0\1"))
    )
    columns, count = decode_columns(data, 6)
    assert count == 4
    assert columns["family"].tolist() == [4, 6, 6, 4]
    assert columns["v6only"].tolist() == [-1, 1, 1, -1]
    assert columns["cgroup_id"].tolist() == [0, 8, 8, 0]
    assert columns["protocol"].tolist() == [6, 6, 6, 17]
    assert columns["local_address"][1].tobytes() == local


def test_nothing() -> None:
    assert decode_columns(b"", 6) == ({}, 0)
    assert decode_columns(message(3, bytes(4)), 6) == ({}, 0)


@pytest.mark.parametrize(
    "data",
    [
        b"abc",
        struct.pack("=IHHII", 15, 20, 0, 0, 0),
        struct.pack("=IHHII", 64, 20, 0, 0, 0),
        struct.pack("=IHHII", 2**32 - 1, 20, 0, 0, 0),
        message(20, bytes(68)),
        record(family=1),
        record() + record()[:40],
        record(struct.pack("=HH", 2, 2)),
        record(struct.pack("=HH", 400, 2)),
        record() * 300 + bytes(88),
    ],
)
def test_bytes_that_make_no_sense(data: bytes) -> None:
    with pytest.raises(PeerError):
        decode_columns(data, 6)


def test_ten_thousand_records_of_two_lengths_in_any_order_agree_with_the_light_reader() -> None:
    random = np.random.default_rng(7)
    data = b"".join(
        record(FULL, inode=int(i), cookie=int(i) + 2**40, local_port=int(i) % 65536) if long else record(state=6, inode=int(i))
        for i, long in enumerate(random.random(10_000) < np.repeat([0.0, 1.0, 0.5, 0.9], 2500))
    )
    columns, count = decode_columns(data, 6)
    table = SocketTable.of(columns, count)
    light = [decode_record(whole) for _, _, whole in iter_messages(data)]
    assert count == len(light) == 10_000
    for name in ("state", "inode", "cookie", "local_port"):
        assert columns[name].tolist() == [getattr(one, name) for one in light]
    assert set(table.rtt_us[table.state == 1].tolist()) == {1}
    assert set(table.rtt_us[table.state == 6].tolist()) == {0}


@given(st.binary(max_size=600))
def test_any_bytes(data: bytes) -> None:
    with contextlib.suppress(PeerError):
        decode_columns(data, 6)


Kind = st.integers(0, 30)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.lists(st.tuples(Kind, st.binary(max_size=20)), max_size=4), st.sampled_from([2, 10])), max_size=30))
def test_any_attributes_agree_with_the_light_reader(shapes: list[tuple[list[tuple[int, bytes]], int]]) -> None:
    data = b"".join(record(*(attribute(kind, payload) for kind, payload in attributes), family=family) for attributes, family in shapes)
    columns, count = decode_columns(data, 6)
    light = [decode_record(whole) for _, _, whole in iter_messages(data)]
    assert count == len(light)
    if light:
        assert columns["cgroup_id"].tolist() == [one.cgroup_id for one in light]
        assert columns["v6only"].tolist() == [-1 if one.v6only is None else int(one.v6only) for one in light]


def test_a_message_of_nothing_but_attributes_takes_bounded_time() -> None:
    columns, count = decode_columns(record(attribute(200, b"") * 16_000), 6)
    assert count == 1
    assert columns["cgroup_id"].tolist() == [0]
