"""The kernel's tables as text."""

import contextlib
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PeerError
from doorward.sockets.proc_net import decode_proc_net

HEAD = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
LINE = b"   0: 0100007F:1F90 0200000A:0016 01 00000005:0000000A 00:00000000 00000000  1000        0 31337 1 0000000000000000 100 0 0 10 0\n"
LINE6 = (
    b"   1: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000"
    b"     0        0 9 2 0000000000000000 0\n"
)

pytestmark = pytest.mark.skipif(sys.byteorder != "little", reason="the lines are written as a little-endian kernel writes them")


def test_an_ipv4_and_an_ipv6_line() -> None:
    four, six = decode_proc_net(HEAD + LINE + LINE6)
    assert (four.family, four.state, four.local, four.local_port) == (4, 1, b"\x7f\0\0\1", 8080)
    assert (four.remote, four.remote_port, four.uid, four.inode) == (b"\x0a\0\0\2", 22, 1000, 31337)
    assert (four.send_queue, four.receive_queue) == (5, 10)
    assert (six.family, six.state, six.local, six.local_port, six.inode) == (6, 7, bytes(15) + b"\1", 53, 9)


def test_a_last_line_cut_short_is_left_out() -> None:
    assert len(decode_proc_net(HEAD + LINE + LINE[:40])) == 1
    assert decode_proc_net(b"") == []


@pytest.mark.parametrize(
    "line", [b"x\n", LINE.replace(b"7F", b"ZZ"), LINE.replace(b":1F90", b""), LINE.replace(b"0200000A:", LINE6[6:38] + b":")]
)
def test_other_forms_are_refused(line: bytes) -> None:
    with pytest.raises(PeerError):
        decode_proc_net(HEAD + line)


@given(st.binary(max_size=300), st.integers(0, 100))
def test_any_bytes(data: bytes, place: int) -> None:
    for text in (data, HEAD + LINE[:place] + data + LINE[place:]):
        with contextlib.suppress(PeerError):
            decode_proc_net(text)
