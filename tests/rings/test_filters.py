from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.errors import CallError
from doorward.rings.captures import encode_capture_header, encode_capture_records
from doorward.rings.filter_machine import run_filter
from doorward.rings.filters import (
    MAX_INSTRUCTIONS,
    Instruction,
    Word,
    answers,
    compile_filter,
    encode_program,
    extension_headers,
    host,
    interface,
    ports,
    protocol,
)
from doorward.values.addresses import Address
from doorward.wire.frames import Frames, LinkType
from ring_frames import FRAMES, OURS, PACKETS, V4, V4_OTHER, V6, V6_OTHER, WANTED


def kept(words: Word, frame: bytes, link: LinkType = LinkType.ETHERNET) -> bool:
    return run_filter(compile_filter(words, link=link), frame) > 0


@pytest.mark.parametrize("name", FRAMES)
def test_answers_are_let_through_and_nothing_else(name: str) -> None:
    assert kept(OURS, FRAMES[name]) is (name in WANTED)


@pytest.mark.parametrize("name", PACKETS)
def test_without_a_link_header_the_version_decides(name: str) -> None:
    assert kept(OURS, PACKETS[name], LinkType.RAW) is (name in WANTED)


def test_neighbours_can_be_left_out() -> None:
    assert not kept(answers((V4,), 40000, 40999, neighbours=False), FRAMES["arp"])


def test_no_address_of_our_own_is_a_wrong_call() -> None:
    with pytest.raises(CallError, match="no address of our own"):
        answers((), 1, 2)


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (7, 6), (1, 65536)])
def test_ports_that_are_no_range(first: int, last: int) -> None:
    with pytest.raises(CallError, match="no range"):
        ports("tcp", "dst", first, last)


@pytest.mark.parametrize("name", ["icmp", "arp", "http"])
def test_what_has_no_ports(name: str) -> None:
    with pytest.raises(CallError):
        ports(name, "dst", 1, 2)


def test_an_unknown_protocol() -> None:
    with pytest.raises(CallError, match="no such protocol"):
        protocol("spx")


def test_the_snap_length_is_what_the_program_returns() -> None:
    program = compile_filter(protocol("ip"), snap_bytes=96)
    assert run_filter(program, FRAMES["tcp"] + bytes(200)) == 96
    assert run_filter(program, FRAMES["tcp"]) == len(FRAMES["tcp"])


def test_the_interface_is_asked_for() -> None:
    program = compile_filter(interface(7) & protocol("arp"))
    assert run_filter(program, FRAMES["arp"], interface=7)
    assert not run_filter(program, FRAMES["arp"], interface=8)


def test_too_many_addresses_are_refused_in_words() -> None:
    words = host("dst", Address(bytes((10, 0, 0, 0))))
    for number in range(1, 400):
        words = words | host("dst", Address(bytes((10, 0, number >> 8, number & 255))))
    with pytest.raises(CallError, match="Name fewer addresses"):
        compile_filter(words & protocol("arp"))


def test_a_program_is_encoded_as_the_kernel_reads_it() -> None:
    assert encode_program((Instruction(0x15, 0x800, 1, 2),)) == struct.pack("=HBBI", 0x15, 1, 2, 0x800)
    assert len(compile_filter(OURS)) < 120 < MAX_INSTRUCTIONS


WORDS = st.recursive(
    st.one_of(
        st.sampled_from(["ip", "ip6", "arp", "icmp", "icmp6", "tcp", "udp", "sctp"]).map(protocol),
        st.builds(host, st.sampled_from(["src", "dst"]), st.sampled_from([V4, V4_OTHER, V6, V6_OTHER])),
        st.builds(
            lambda transport, side, first, more: ports(transport, side, first, first + more),
            st.sampled_from(["tcp", "udp", "sctp"]),
            st.sampled_from(["src", "dst"]),
            st.sampled_from([0, 53, 80, 40000]),
            st.sampled_from([0, 1, 500, 20000]),
        ),
        st.just(extension_headers()),
    ),
    lambda inner: st.one_of(st.builds(Word.__and__, inner, inner), st.builds(Word.__or__, inner, inner), inner.map(Word.__invert__)),
    max_leaves=4,  # twice as long, a program still fits
)


@settings(deadline=None)
@given(words=WORDS, frame=st.one_of(st.sampled_from(sorted(FRAMES.values())), st.binary(max_size=80)))
def test_the_laws_of_logic_hold(words: Word, frame: bytes) -> None:
    plain = kept(words, frame)
    assert kept(words & words, frame) == kept(words | words, frame) == plain
    assert kept(~~words, frame) == plain


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("tcpdump") is None:
        pytest.skip("tcpdump is not installed")
    target = tmp_path_factory.mktemp("filters") / "frames.pcap"
    whole = [frame for name, frame in FRAMES.items() if not name.startswith(("cut", "short"))]
    data = np.zeros((len(whole), 128), np.uint8)
    for row, frame in zip(data, whole, strict=True):
        row[: len(frame)] = np.frombuffer(frame, np.uint8)
    frames = Frames(data, np.array([len(frame) for frame in whole], np.uint16), np.arange(len(whole)) * 1_000_000_000)
    target.write_bytes(encode_capture_header(LinkType.ETHERNET) + encode_capture_records(frames))
    return target


@settings(max_examples=40, deadline=None)
@given(words=WORDS)
def test_tcpdump_reads_the_same_words_alike(capture: Path, words: Word) -> None:
    done = subprocess.run(["tcpdump", "-n", "-tt", "-r", str(capture), str(words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "rejects all packets" in done.stderr, (str(words), done.stderr)
    theirs = {int(line.split(".")[0]) for line in done.stdout.splitlines() if line[:1].isdigit()}
    whole = [frame for name, frame in FRAMES.items() if not name.startswith(("cut", "short"))]
    assert {place for place, frame in enumerate(whole) if kept(words, frame)} == theirs, str(words)
