"""TLS's first messages, made and read."""

from hypothesis import given
from hypothesis import strategies as st

from doorward.identify.tls_hello import ServerHello, decode_server_hello, encode_client_hello, extension, list_extension

# OpenSSL 3.0.19 (Debian 12) behind stunnel: TLS 1.3 chosen; and TLS 1.2 with no protocol.
NEW = bytes.fromhex(
    "160303007a02000076030378725292530822cabe427e5643698c7d686048c4d63aac139f4524db97b859b320646f6f7277617264646f6f7277617264646f6f7277617264"
    "646f6f7277617264130200002e002b0002030400330024001d0020c8ae0f769dc6a8de85d01a1145d6e16f57fd4fa460ff3b0fbbe339b99aa9f534"
)
OLD = bytes.fromhex(
    "160303004a02000046030371a73f973f4f60a0a1c7e462e79354001a3579a275760008444f574e4752440100c01300001eff01000100000000000001000101000b00040300"
    "01020023000000170000"
)


def test_reads_what_the_server_chose() -> None:
    new, old = decode_server_hello(NEW), decode_server_hello(OLD)
    assert new is not None
    assert old is not None
    assert (new.version, new.legacy_version, new.cipher, new.alpn, new.is_retry) == (0x0304, 0x0303, 0x1302, "", False)
    assert (old.version, old.cipher) == (0x0303, 0xC013)
    assert [kind for kind, _ in old.extensions] == [0xFF01, 0, 1, 11, 35, 23]
    assert ServerHello(legacy_version=0x0303, cipher=1, extensions=((16, b"\x00\x03\x02h2"),)).alpn == "h2"


def test_lengths_of_a_client_hello_are_right() -> None:
    hello = encode_client_hello(0x0303, (0x1301, 0xC013), list_extension(10, b"\x00\x1d") + extension(23, b""), record_version=0x0301)
    assert hello[:3] == b"\x16\x03\x01"
    assert int.from_bytes(hello[3:5]) == len(hello) - 5
    assert int.from_bytes(hello[6:9]) == len(hello) - 9
    assert hello.endswith(b"\x00\x0c\x00\x0a\x00\x04\x00\x02\x00\x1d\x00\x17\x00\x00")
    assert decode_server_hello(hello) is None
    assert encode_client_hello(0x0300, (5,), b"").endswith(b"\x00\x05\x01\x00")


@given(st.sampled_from([NEW, OLD]), st.integers(0, 130), st.integers(0, 255), st.binary(max_size=20))
def test_any_changed_byte_is_survived(hello: bytes, place: int, value: int, tail: bytes) -> None:
    for damaged in (hello[:place] + tail, hello[:place] + bytes([value]) + hello[place + 1 :] + tail):
        read = decode_server_hello(damaged)
        assert read is None or len(read.extensions) <= len(damaged) // 4
        if read is not None:
            assert 0 <= read.version <= 0xFFFF
            assert isinstance(read.alpn, str)
