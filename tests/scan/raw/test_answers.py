from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.scan.doorstates import Reason
from doorward.scan.raw.answers import Answers, KnockPorts, read_answers
from doorward.scan.raw.cookies import Cookies
from doorward.scan.raw.kinds import CODES, Kind
from doorward.values.addresses import Address
from doorward.wire.ethernet import Ethernet, encode_ethernet
from doorward.wire.frames import Frames, decode_frames
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.sctp import SctpPacket, encode_sctp
from doorward.wire.sctp_chunks import CausesChunk, InitChunk
from doorward.wire.templates import Envelope, tcp_template, udp_template
from raw_hosts import KEY, PORTS, SOURCE, SOURCE16

THERE = Address.parse("10.0.0.2")
THERE16 = np.frombuffer(bytes(10) + b"\xff\xff" + THERE.packed, dtype=np.uint8).reshape(1, 16)
HERE16 = np.frombuffer(SOURCE16, dtype=np.uint8).reshape(1, 16)


def decoded_answers(kind: Kind, *frames: bytes) -> Answers:
    width = max(map(len, frames))
    data = np.array([list(frame.ljust(width, b"\0")) for frame in frames], dtype=np.uint8)
    lengths = np.array([len(frame) for frame in frames], dtype=np.uint16)
    decoded = decode_frames(Frames(data, lengths, np.zeros(len(frames), dtype=np.int64)))
    return read_answers(kind, decoded, Cookies(KEY, SOURCE16, kind.protocol), PORTS)


def cookie(kind: Kind, port: int, own: int = PORTS.first) -> int:
    found = Cookies(KEY, SOURCE16, kind.protocol).of(THERE16, np.array([port], dtype=np.uint16), np.array([own], dtype=np.uint16))
    return int(found[0])


def segment(flags: int, *, acknowledgment: int = 0, sequence: int = 0, window: int = 0, port: int = 443, own: int = PORTS.first) -> bytes:
    template = tcp_template(Envelope(source=THERE), flags=flags, options=(), window=window)
    out = np.zeros((1, template.length), dtype=np.uint8)
    template.stamp(
        out,
        destinations=HERE16,
        destination_ports=own,
        source_ports=port,
        sequences=sequence % 2**32,
        acknowledgments=acknowledgment % 2**32,
    )
    return bytes(out[0])


def unreachable(code: int, quoted: bytes, sender: Address = THERE) -> bytes:
    body = bytes([3, code, 0, 0, 0, 0, 0, 0]) + quoted[14:42]
    packet = encode_ipv4(IPv4(source=sender, destination=SOURCE, protocol=1, payload=body))
    return encode_ethernet(Ethernet(destination=bytes(6), source=bytes(6), ethertype=0x0800, payload=packet))


def knock(kind: Kind, port: int = 443) -> bytes:
    if kind is Kind.UDP:
        template = udp_template(Envelope(source=SOURCE), b"x")
        spread = Cookies(KEY, SOURCE16, 17).of(THERE16, np.array([port], dtype=np.uint16), np.zeros(1, dtype=np.uint16))
        own = int(PORTS.of(spread, np.zeros(1, dtype=np.uint8))[0])
        out = np.zeros((1, template.length), dtype=np.uint8)
        template.stamp(out, destinations=THERE16, destination_ports=port, source_ports=own)
        return bytes(out[0])
    template = tcp_template(Envelope(source=SOURCE), flags=kind.flags)
    out = np.zeros((1, template.length), dtype=np.uint8)
    template.stamp(out, destinations=THERE16, destination_ports=port, source_ports=PORTS.first, sequences=cookie(kind, port))
    return bytes(out[0])


@pytest.mark.parametrize(
    ("kind", "frame", "reason"),
    [
        (Kind.SYN, segment(0x12, acknowledgment=cookie(Kind.SYN, 443) + 1), Reason.SYN_ACK),
        (Kind.SYN, segment(0x14, acknowledgment=cookie(Kind.SYN, 443) + 1), Reason.REFUSED),
        (Kind.SYN, segment(0x12, acknowledgment=cookie(Kind.SYN, 443)), None),
        (Kind.SYN, segment(0x12, acknowledgment=cookie(Kind.SYN, 443) + 2), None),
        (Kind.SYN, segment(0x02, acknowledgment=cookie(Kind.SYN, 443) + 1), None),
        (Kind.SYN, segment(0x12, acknowledgment=cookie(Kind.SYN, 443) + 1, port=444), None),
        (Kind.SYN, segment(0x12, acknowledgment=cookie(Kind.SYN, 443) + 1, own=PORTS.first - 1), None),
        (Kind.FIN, segment(0x14, acknowledgment=cookie(Kind.FIN, 443) + 1), Reason.REFUSED),
        (Kind.NULL, segment(0x14, acknowledgment=cookie(Kind.NULL, 443)), Reason.REFUSED),
        (Kind.ACK, segment(0x04, sequence=cookie(Kind.ACK, 443)), Reason.RESET),
        (Kind.ACK, segment(0x04, sequence=cookie(Kind.ACK, 443) + 1), None),
        (Kind.WINDOW, segment(0x04, sequence=cookie(Kind.WINDOW, 443), window=512), Reason.RESET_WITH_WINDOW),
        (Kind.WINDOW, segment(0x04, sequence=cookie(Kind.WINDOW, 443)), Reason.RESET_WITHOUT_WINDOW),
        (Kind.SYN, unreachable(13, knock(Kind.SYN)), Reason.PROHIBITED),
        (Kind.SYN, unreachable(3, knock(Kind.SYN)), Reason.PORT_UNREACHABLE),
        (Kind.UDP, unreachable(3, knock(Kind.UDP)), Reason.PORT_CLOSED),
        (Kind.UDP, unreachable(3, knock(Kind.UDP), Address.parse("10.0.0.9")), Reason.PORT_UNREACHABLE),
    ],
)
def test_an_answer_proves_what_its_cookie_allows(kind: Kind, frame: bytes, reason: Reason | None) -> None:
    answers = decoded_answers(kind, frame)
    assert [CODES[code] for code in answers.codes.tolist()] == ([reason] if reason else [])
    if reason:
        assert answers.ports.tolist() == [443]
        assert answers.addresses.tolist() == THERE16.tolist()


def test_an_error_about_a_forged_knock_is_nobodys() -> None:
    forged = bytearray(knock(Kind.SYN))
    forged[41] ^= 1
    assert not len(decoded_answers(Kind.SYN, unreachable(13, bytes(forged))))


def test_the_source_port_tells_the_try() -> None:
    ports = KnockPorts(61008, groups=4)
    assert ports.last == 61008 + 63
    spread, tries = np.arange(100, dtype=np.uint32), (np.arange(100) % 16).astype(np.uint8)
    made = ports.of(spread, tries)
    assert ports.has(made).all()
    assert ports.tries(made).tolist() == tries.tolist()


@given(st.lists(st.binary(min_size=1, max_size=120), min_size=1, max_size=8), st.sampled_from(list(Kind)))
def test_any_frames_are_answers_or_nothing(frames: list[bytes], kind: Kind) -> None:
    assert len(decoded_answers(kind, *frames)) <= 2 * len(frames)


def association(chunk: InitChunk | CausesChunk, tag: int) -> bytes:
    packet = SctpPacket(source_port=443, destination_port=PORTS.first, verification_tag=tag % 2**32, chunks=(chunk,))
    carried = encode_ipv4(IPv4(source=THERE, destination=SOURCE, protocol=132, payload=encode_sctp(packet)))
    return encode_ethernet(Ethernet(destination=bytes(6), source=bytes(6), ethertype=0x0800, payload=carried))


INIT_ACK = InitChunk(kind=2, initiate_tag=9, window=1500, outbound_streams=1, inbound_streams=1, initial_tsn=1)
ABORT = CausesChunk(kind=6)


@pytest.mark.parametrize(
    ("chunk", "off", "reasons"), [(INIT_ACK, 0, [Reason.INIT_ACK]), (ABORT, 0, [Reason.ABORTED]), (INIT_ACK, 1, []), (ABORT, 1, [])]
)
def test_an_association_is_offered_or_refused_under_our_tag(chunk: InitChunk | CausesChunk, off: int, reasons: list[Reason]) -> None:
    answers = decoded_answers(Kind.SCTP, association(chunk, cookie(Kind.SCTP, 443) + off))
    assert [CODES[code] for code in answers.codes.tolist()] == reasons


def test_a_datagram_to_the_port_that_its_door_was_asked_from_is_an_answer_and_to_its_neighbours_none() -> None:
    spread = Cookies(KEY, SOURCE16, 17).of(THERE16, np.array([53], dtype=np.uint16), np.zeros(1, dtype=np.uint16))
    wide = KnockPorts(50_000, groups=128)
    own = int(wide.of(spread, np.zeros(1, dtype=np.uint8))[0])
    template = udp_template(Envelope(source=THERE), b"hello")
    out = np.zeros((3, template.length), dtype=np.uint8)
    lengths = template.stamp(
        out, destinations=np.repeat(HERE16, 3, axis=0), destination_ports=np.array([own, own + 16, own - 16]), source_ports=53
    )
    decoded = decode_frames(Frames(out, lengths, np.zeros(3, dtype=np.int64)))
    answers = read_answers(Kind.UDP, decoded, Cookies(KEY, SOURCE16, 17), wide)
    assert answers.rows.tolist() == [0]
    assert [CODES[code] for code in answers.codes.tolist()] == [Reason.ANSWERED]


def test_copies_of_an_answer_are_each_an_answer_and_cut_ones_none() -> None:
    good = segment(0x12, acknowledgment=cookie(Kind.SYN, 443) + 1)
    answers = decoded_answers(Kind.SYN, good, good[:44], good, good[:20], b"\0")
    assert answers.rows.tolist() == [0, 2]
    assert answers.direct.all()
    assert answers.tellers.tolist() == THERE16.tolist() * 2


def test_of_forged_answers_by_the_hundred_thousand_none_is_believed() -> None:
    """Acknowledgments drawn by lot: one in 2^32 would fit."""
    template = tcp_template(Envelope(source=THERE), flags=0x12, options=())
    count = 200_000
    out = np.zeros((count, template.length), dtype=np.uint8)
    lengths = template.stamp(
        out,
        destinations=np.repeat(HERE16, count, axis=0),
        destination_ports=PORTS.first,
        source_ports=443,
        acknowledgments=np.random.default_rng(9).integers(0, 2**32, count, dtype=np.uint32),
    )
    decoded = decode_frames(Frames(out, lengths, np.zeros(count, dtype=np.int64)))
    assert not len(read_answers(Kind.SYN, decoded, Cookies(KEY, SOURCE16, 6), PORTS))
