"""The turning lines of real character generators, and text that only resembles them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.probes import chargen
from doorward.identify.probing import Context, Step
from doorward.values.evidence import Certainty


def turning(lines: int, ring: range = range(0x20, 0x7F), start: int = 0) -> bytes:
    characters = bytes(ring)
    endless = characters * 40
    return b"".join(endless[(start + line) % len(ring) :][:72] + b"\r\n" for line in range(lines))


# xinetd 2.3.15 (Debian 12): its first line begins with "!", in TCP without end, in UDP cut at 1,021 bytes in mid-line but with CRLF.
XINETD = (
    b"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefgh\r\n"
    b"\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghi\r\n"
    b"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghij\r\n"
)
XINETD_TURN = b"".join(
    line + b"\r\n"
    for line in (
        b"|}!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdef",
        b"}!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefg",
        b"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefgh",
        b"\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghi",
        b"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefgh",
        b"\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghi",
    )
)
XINETD_UDP = XINETD + b"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghi\r\n"


@pytest.mark.parametrize(
    "received",
    [
        XINETD,
        XINETD[:200],
        XINETD_UDP,
        XINETD_TURN,
        turning(14),
        turning(200)[:1024],
        turning(100, start=90),  # past the end of the ring
        turning(100, ring=range(0x21, 0x7F), start=80),  # a ring without the blank
    ],
)
def test_reads_the_turning_lines(received: bytes) -> None:
    found = chargen.read(received, Context())
    assert found is not None
    assert found.certainty is Certainty.MEASURED
    assert "close it" in found.sentence


def test_less_than_two_lines_are_a_guess() -> None:
    found = chargen.read(XINETD[:60], Context())
    assert found is not None
    assert found.certainty is Certainty.INFERRED


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"ABCDEFG",
        b"abcdefghijklmnopqrstuvwxyz\r\nabcdefghijklmnopqrstuvwxyz\r\n",
        XINETD.replace(b"MNO", b"MMO"),
        XINETD[:74] * 4,
        XINETD[:74] + b"220 ready\r\n" + XINETD[74:],
        b"A" * 500,
        b"\r\n" * 100,
    ],
)
def test_leaves_others_alone(other: bytes) -> None:
    assert chargen.read(other, Context()) is None


def test_it_leaves_after_two_lines() -> None:
    assert chargen.next_words(XINETD[:100], Context()) is Step.WAIT
    assert chargen.next_words(XINETD, Context()) is Step.DONE
    assert chargen.next_words(b"220 mail.example.com ESMTP Postfix\r\n", Context()) is Step.DONE


@given(st.integers(0, 228), st.binary(max_size=100))
def test_any_bytes_after_any_part_are_survived(cut: int, tail: bytes) -> None:
    found = chargen.read(XINETD[:cut] + tail, Context())
    assert found is None or found.service == "chargen"
