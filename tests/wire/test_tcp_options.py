from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doorward.wire.options import GarbledOptions, Option, decode_options, encode_options
from doorward.wire.tcp_options import GARBLED, KnownTcpOptions, hash_option_kinds, linux_syn_options, option_kinds, understand_options
from wire_values import patient


def test_a_linux_syn() -> None:
    data = encode_options(linux_syn_options(1460, 7, 0x01020304))
    assert data.hex() == "020405b4" + "0402" + "080a" + "01020304" + "00000000" + "01" + "030307"
    known = understand_options(decode_options(data))
    assert known == KnownTcpOptions(mss=1460, window_scale=7, sack_permitted=True, timestamp=0x01020304, timestamp_echo=0)


def test_sack_blocks() -> None:
    blocks = bytes.fromhex("00000001 00000010 00000020 00000030".replace(" ", ""))
    assert understand_options((Option(5, blocks),)).sack_blocks == ((1, 16), (32, 48))
    assert understand_options((Option(5, blocks[:7]),)).sack_blocks == ()


def test_the_later_of_two_holds_and_another_length_says_nothing() -> None:
    assert understand_options((Option(2, b"\1\0"), Option(2, b"\2\0"), Option(2, b"\3"))).mss == 512
    assert understand_options((Option(3, b""), Option(8, bytes(4)), Option(4, b"x"), GarbledOptions(b"\2\4"))) == KnownTcpOptions()


def test_the_order_of_kinds_has_its_number() -> None:
    kinds = option_kinds((*linux_syn_options(), GarbledOptions(b"\2")))
    assert kinds == (2, 4, 8, 1, 3, GARBLED)
    assert hash_option_kinds(()) == 0
    # FNV-1a of the single byte "a" (the draft's own test vector).
    assert hash_option_kinds((ord("a"),)) == 0xAF63DC4C8601EC8C


@patient
@given(st.lists(st.integers(0, 256), max_size=6), st.lists(st.integers(0, 256), max_size=6))
def test_other_kinds_have_another_number(one: list[int], other: list[int]) -> None:
    assert (hash_option_kinds(tuple(one)) == hash_option_kinds(tuple(other))) == (one == other)


@patient
@given(st.binary(max_size=40))
def test_any_options_are_understood(data: bytes) -> None:
    understand_options(decode_options(data))
