"""The light reader of the kernel's dump: requests byte by byte, records field by field, and any bytes at all."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag_messages import CGROUP, V6ONLY, attribute, message, record
from doorward.errors import PeerError
from doorward.sockets.inet_diag import (
    MESSAGE_SOCKET,
    decode_error,
    decode_record,
    encode_dump_request,
    encode_tcp_request,
    iter_messages,
    state_mask,
)


def test_request_for_one_family() -> None:
    request = encode_dump_request(6, 17, state_mask(1, 7), sequence=9)
    assert len(request) == 72
    assert struct.unpack_from("=IHHII", request) == (72, 20, 0x301, 9, 0)
    assert struct.unpack_from("=BBBBI", request, 16) == (10, 17, 0, 0, 0b10000010)
    assert request[24:] == bytes(48)


def test_request_for_all_of_tcp() -> None:
    request = encode_tcp_request(0xFFF, with_info=True, sequence=3)
    assert len(request) == 76
    assert struct.unpack_from("=IHHII", request) == (76, 18, 0x301, 3, 0)
    assert request[16:20] == b"\0\0\0\2"
    assert struct.unpack_from("=II", request, 68) == (0xFFF, 0)


def test_a_record() -> None:
    found = decode_record(
        record(attribute(8, b"\0"), attribute(CGROUP, struct.pack("=Q", 4242)), state=10, queues=(3, 128), interface=2, uid=33, inode=99)
    )
    assert (found.family, found.state, found.local, found.local_port) == (4, 10, b"\x7f\0\0\1", 80)
    assert (found.remote, found.remote_port, found.interface, found.cookie) == (b"\x7f\0\0\2", 40000, 2, 0x1_0000_0007)
    assert (found.receive_queue, found.send_queue, found.uid, found.inode) == (3, 128, 33, 99)
    assert (found.v6only, found.cgroup_id) == (None, 4242)


@pytest.mark.parametrize(("value", "v6only"), [(b"\0", False), (b"\1", True)])
def test_an_ipv6_listener(value: bytes, v6only: bool) -> None:
    found = decode_record(record(attribute(V6ONLY, value), family=10, local=bytes(15) + b"\1"))
    assert (found.family, found.local, found.v6only) == (6, bytes(15) + b"\1", v6only)


def test_messages_laid_end_to_end() -> None:
    data = record() + record(attribute(8, b"\0")) + message(3, bytes(4))
    assert [(kind, len(whole)) for kind, _, whole in iter_messages(data)] == [(20, 88), (20, 96), (3, 20)]


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 15,
        struct.pack("=IHHII", 15, 20, 0, 0, 0),
        struct.pack("=IHHII", 17, 20, 0, 0, 0),
        struct.pack("=IHHII", 0xFFFFFFFF, 20, 0, 0, 0),
        record() + b"\1",
    ],
)
def test_lengths_that_make_no_sense(data: bytes) -> None:
    with pytest.raises(PeerError):
        list(iter_messages(data))


@pytest.mark.parametrize(
    "data",
    [
        record()[:87],
        record(family=17),
        record(struct.pack("=HH", 3, 8)),
        record(struct.pack("=HH", 9, 8) + bytes(4)),
    ],
)
def test_records_that_make_no_sense(data: bytes) -> None:
    with pytest.raises(PeerError):
        decode_record(data)


def test_errors() -> None:
    assert decode_error(message(2, struct.pack("=i", -2) + bytes(16))) == 2
    assert decode_error(message(2, struct.pack("=i", 0))) == 0
    with pytest.raises(PeerError):
        decode_error(bytes(19))


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    try:
        for kind, _, whole in iter_messages(data):
            if kind == MESSAGE_SOCKET:
                decode_record(whole)
        decode_error(data)
    except PeerError:
        pass


@given(st.binary(min_size=72, max_size=200))
def test_any_bytes_in_a_record(body: bytes) -> None:
    with contextlib.suppress(PeerError):
        assert decode_record(message(20, body)).family in (4, 6)
