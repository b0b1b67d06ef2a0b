"""How many frames a second are stamped and decoded on one core, beside the single-value code and a bare copy of the same bytes.

Pure: no packet leaves. Rows are slots of 256 bytes in a ring of 4,096, as on a TX ring; each figure is the median of some rounds:

    python bench/wire.py [rounds]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorward.values.addresses import Address
from doorward.wire.frames import Frames, decode_frames
from doorward.wire.icmp import Icmp, encode_icmp
from doorward.wire.ipv4 import IPv4, encode_ipv4
from doorward.wire.packet import decode_packet
from doorward.wire.tcp import Segment, TcpFlags, encode_tcp
from doorward.wire.tcp_options import linux_syn_options
from doorward.wire.templates import (
    Envelope,
    Template,
    arp_request_template,
    icmp_echo_template,
    neighbour_solicitation_template,
    sctp_init_template,
    tcp_template,
    udp_template,
)

__all__ = ["main"]

FRAMES = 1 << 20
SLOTS = 4096
SLOT = 256
SINGLES = 20_000
LEAST_STAMPED = 5.0  # million TCP SYNs a second, port, sequence and checksum of each its own
LEAST_DECODED = 1.0

US, THEM = Address.parse("192.0.2.1"), Address.parse("198.51.100.9")
US6, THEM6 = Address.parse("2001:db8::1"), Address.parse("2001:db8::9")
V4 = Envelope(source=US, destination=THEM, source_mac=b"\2\0\0\0\0\1", destination_mac=b"\2\0\0\0\0\2")
V6 = Envelope(source=US6, destination=THEM6, source_mac=b"\2\0\0\0\0\1", destination_mac=b"\2\0\0\0\0\2")


def rate(work: Callable[[], object], frames: int, rounds: int) -> float:
    """Return the median of million frames a second."""
    rates = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        rates.append(frames / (time.perf_counter() - start) / 1e6)
    return statistics.median(rates)


def stamping(template: Template, **values: NDArray[Any]) -> Callable[[], None]:
    """Return the work of stamping `FRAMES` frames, a ring full at a time."""
    ring = np.zeros((SLOTS, SLOT), np.uint8)[:, 32:]  # a TX ring's slot has the kernel's header before the frame

    def work() -> None:
        for begin in range(0, FRAMES, SLOTS):
            template.stamp(ring, **{name: column[begin : begin + SLOTS] for name, column in values.items()})

    return work


def stamped(rounds: int) -> float:
    """Print the rates of stamping; return that of the plain TCP SYN."""
    random = np.random.default_rng(1)
    ports = random.integers(0, 65536, FRAMES).astype(np.uint16)
    sequences = random.integers(0, 2**32, FRAMES).astype(np.uint32)
    to4, to6 = (random.integers(0, 256, (FRAMES, width)).astype(np.uint8) for width in (4, 16))
    syn = rate(stamping(tcp_template(V4), destination_ports=ports, sequences=sequences), FRAMES, rounds)
    print(f"stamp  TCP SYN, IPv4: port, sequence                  {syn:8.2f} Mframes/s   (at least {LEAST_STAMPED})")
    cases: dict[str, tuple[Template, dict[str, NDArray[Any]]]] = {
        "TCP SYN, IPv4: port, sequence, destination": (
            tcp_template(V4),
            {"destination_ports": ports, "sequences": sequences, "destinations": to4},
        ),
        "TCP SYN, IPv6: port, sequence, destination": (
            tcp_template(V6),
            {"destination_ports": ports, "sequences": sequences, "destinations": to6},
        ),
        "UDP, 40 bytes, IPv4: both ports": (udp_template(V4, bytes(40)), {"destination_ports": ports, "source_ports": ports}),
        "SCTP INIT, IPv4: port, tag": (sctp_init_template(V4), {"destination_ports": ports, "sequences": sequences}),
        "ICMP echo, IPv4: destination, sequence": (icmp_echo_template(V4), {"destinations": to4, "sequences": sequences}),
        "ARP request: target": (arp_request_template(V4), {"destinations": to4}),
        "neighbour solicitation: target": (neighbour_solicitation_template(V6), {"destinations": to6}),
    }
    for name, (template, values) in cases.items():
        print(f"stamp  {name:<46} {rate(stamping(template, **values), FRAMES, rounds):8.2f} Mframes/s")
    frame = np.zeros(tcp_template(V4).length, np.uint8)
    ring = np.zeros((SLOTS, SLOT), np.uint8)[:, 32 : 32 + len(frame)]

    def copy() -> None:
        for _ in range(0, FRAMES, SLOTS):
            ring[:] = frame

    def singly() -> None:
        options = linux_syn_options()
        for port in range(SINGLES):
            segment = Segment(source_port=1, destination_port=port, flags=TcpFlags.SYN, options=options)
            encode_ipv4(IPv4(source=US, destination=THEM, protocol=6, payload=encode_tcp(segment, US, THEM)))

    print(f"beside it: only copying the template's bytes          {rate(copy, FRAMES, rounds):8.2f} Mframes/s")
    print(f"beside it: TCP SYN by the single encoders             {rate(singly, SINGLES, rounds):8.2f} Mframes/s")
    return syn


def batch(kinds: Sequence[bytes]) -> Frames:
    """Return `FRAMES` frames, of these kinds in random order."""
    rows = np.zeros((len(kinds), SLOT), np.uint8)
    for row, frame in zip(rows, kinds, strict=True):
        row[: len(frame)] = np.frombuffer(frame, np.uint8)
    which = np.random.default_rng(2).integers(0, len(kinds), FRAMES)
    lengths = np.array([len(frame) for frame in kinds], np.uint16)
    return Frames(rows[which], lengths[which], np.zeros(FRAMES, np.int64))


def answers() -> dict[str, list[bytes]]:
    """Return what comes back in a scan: SYN-ACKs, RSTs, and errors that quote us."""
    syn_ack = Segment(source_port=443, destination_port=40000, flags=TcpFlags(0x12), window=65160, options=linux_syn_options())
    reset = Segment(source_port=81, destination_port=40000, flags=TcpFlags(0x14))
    quoted = encode_ipv4(IPv4(source=US, destination=THEM, protocol=6, payload=encode_tcp(reset, US, THEM)))[:28]
    open_, closed = (IPv4(source=THEM, destination=US, protocol=6, payload=encode_tcp(segment, THEM, US)) for segment in (syn_ack, reset))
    error = IPv4(source=THEM, destination=US, protocol=1, payload=encode_icmp(Icmp(type=3, code=13, body=quoted)))
    kinds = [V4.wrap(0x0800, encode_ipv4(packet)) for packet in (open_, closed, error)]
    return {"SYN-ACK": kinds[:1], "RST": kinds[1:2], "ICMP error": kinds[2:], "all three, mixed": kinds}


def decoded(rounds: int) -> float:
    """Print the rates of decoding; return the lowest without checksums."""
    found = []
    for name, kinds in answers().items():
        frames = batch(kinds)
        found.append(rate(lambda frames=frames: decode_frames(frames), FRAMES, rounds))  # type: ignore[misc]
        print(f"decode {name:<46} {found[-1]:8.2f} Mframes/s")
    print(f"decode {'the same, checksums verified':<46} {rate(lambda: decode_frames(frames, verify=True), FRAMES, rounds):8.2f} Mframes/s")
    few = Frames(frames.data[:64], frames.lengths[:64], frames.times_ns[:64])
    print(f"decode {'the same, 64 frames at a time':<46} {rate(lambda: decode_frames(few), 64, 50):8.2f} Mframes/s")
    singles = [frames.data[row, : frames.lengths[row]].tobytes() for row in range(SINGLES)]
    one_by_one = rate(lambda: [decode_packet(single) for single in singles], SINGLES, rounds)
    print(f"beside it: the same by the single decoders            {one_by_one:8.2f} Mframes/s")
    return min(found)


def main(arguments: list[str]) -> int:
    """Print all; status 1 where a rate is below its bound."""
    rounds = int(arguments[0]) if arguments else 5
    return 1 if stamped(rounds) < LEAST_STAMPED or decoded(rounds) < LEAST_DECODED else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
