from __future__ import annotations

import numpy as np

from doorward.wire.columns import new_columns
from doorward.wire.rows import Rows
from doorward.wire.sctp import SctpPacket, encode_sctp
from doorward.wire.sctp_chunks import INIT_ACK, InitChunk, OtherChunk
from doorward.wire.tcp import Segment, TcpFlags, encode_tcp
from doorward.wire.tcp_options import linux_syn_options
from doorward.wire.transport_columns import Upper, read_sctp, read_tcp, read_udp
from wire_batches import batch

SYN_ACK = encode_tcp(
    Segment(
        source_port=443,
        destination_port=40000,
        sequence=0xFFFFFFFF,
        acknowledgment=0x80000001,
        flags=TcpFlags.SYN | TcpFlags.ACK | TcpFlags.AE,
        window=65160,
        options=linux_syn_options(1452, 9, 77),
        checksum=0,
    )
)


def made(frames: list[bytes], *, whole: bool = True) -> tuple[Rows, Upper]:
    laid = batch(frames)
    rows = Rows(laid.data, laid.lengths)
    zero = np.zeros(len(frames), np.intp)
    return rows, Upper(np.arange(len(frames)), zero, rows.lengths, np.full(len(frames), whole))


def test_a_syn_ack_and_its_options() -> None:
    columns = new_columns(2)
    rows, upper = made([SYN_ACK, SYN_ACK[:12] + b"\x50" + SYN_ACK[13:20] + b"data"])
    assert len(read_tcp(rows, columns, upper)) == 2
    assert columns["tcp_flags"].tolist() == [0x112, 0x012]
    assert columns["sequence"].tolist() == [0xFFFFFFFF] * 2
    assert columns["acknowledgment"].tolist() == [0x80000001] * 2
    assert columns["mss"].tolist() == [1452, 0]
    assert columns["window_scale"].tolist() == [9, -1]
    assert columns["timestamp"].tolist() == [77, 0]
    assert columns["payload_offset"].tolist() == [40, 20]
    assert columns["payload_length"].tolist() == [0, 4]


def test_a_header_cut_on_the_way_is_truncated_and_one_that_is_too_short_malformed() -> None:
    frames = [SYN_ACK[:39], SYN_ACK[:19], b""]
    for whole in (False, True):
        columns = new_columns(3)
        rows, upper = made(frames, whole=whole)
        assert len(read_tcp(rows, columns, upper)) == 0
        assert columns["truncated"].tolist() == [not whole] * 3
        assert columns["malformed"].tolist() == [whole] * 3
        assert not columns["source_port"].any()


def test_a_header_of_less_than_five_words_is_malformed() -> None:
    columns = new_columns(1)
    rows, upper = made([SYN_ACK[:12] + b"\x40" + SYN_ACK[13:]])
    read_tcp(rows, columns, upper)
    assert columns["malformed"].tolist() == [True]
    assert columns["tcp_flags"].tolist() == [0]


def test_udp_ends_where_it_says() -> None:
    columns = new_columns(4)
    frames = [bytes.fromhex(head) + b"abcdef" for head in ("0035000700090001", "0035000700000001", "0035000700ff0001", "0035000700070001")]
    rows, upper = made(frames)
    upper = read_udp(rows, columns, upper)
    assert columns["payload_length"].tolist() == [1, 6, 6, 0]
    assert columns["malformed"].tolist() == [False, False, False, True]
    assert upper.end.tolist() == [9, 14, 14]
    assert upper.whole.tolist() == [True, True, False]


def test_an_init_ack_names_its_tag() -> None:
    chunk = InitChunk(kind=INIT_ACK, initiate_tag=0xCAFEBABE, window=1, outbound_streams=1, inbound_streams=1, initial_tsn=1)
    packets = [
        SctpPacket(source_port=1, destination_port=2, verification_tag=3, chunks=(chunk,)),
        SctpPacket(source_port=1, destination_port=2, verification_tag=3, chunks=(OtherChunk(kind=6), chunk)),
        SctpPacket(source_port=1, destination_port=2, verification_tag=3),
    ]
    frames = [encode_sctp(packet) for packet in packets]
    frames += [frames[0][:19], frames[0][:14]]
    columns = new_columns(5)
    rows, upper = made(frames, whole=False)
    assert len(read_sctp(rows, columns, upper)) == 5
    assert columns["sctp_chunk"].tolist() == [2, 6, -1, 2, -1]
    assert columns["sctp_initiate_tag"].tolist() == [0xCAFEBABE, 0, 0, 0, 0]
    assert columns["truncated"].tolist() == [False, False, False, True, True]
    assert columns["sequence"].tolist() == [3] * 5
